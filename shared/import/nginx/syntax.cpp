#include "shared/import/nginx/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/base/log.hpp"
#include "shared/base/utf8.hpp"

namespace bundle::imported {

namespace {

constexpr std::size_t kDeepest = 32;  // blocks in blocks; nginx itself knows four

struct Token {
    enum class Kind : std::uint8_t { Word, Semicolon, Open, Close, End };
    Kind kind = Kind::End;
    std::string text = {};
    std::size_t line = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// What ends a word that has no quotes.
bool ends_word(char c) { return is_space(c) || c == ';' || c == '{'; }

class Lexer {
  public:
    Lexer(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    Result<Token> next() {
        skip_space_and_comments();
        const std::size_t line = line_;
        if (at_ == text_.size()) return Token{Token::Kind::End, {}, line};
        const char c = text_[at_];
        if (c == ';' || c == '{' || c == '}') {
            ++at_;
            const auto kind = c == ';'   ? Token::Kind::Semicolon
                              : c == '{' ? Token::Kind::Open
                                         : Token::Kind::Close;
            return Token{kind, {}, line};
        }
        TRY_ASSIGN(std::string word, c == '"' || c == '\'' ? quoted() : bare());
        return Token{Token::Kind::Word, std::move(word), line};
    }

    [[nodiscard]] tl::unexpected<Error> expected(std::size_t line, std::string_view what) const {
        return failure(fmt::format("{}:{}: {}", file_, line, what));
    }

  private:
    void skip_space_and_comments() {
        bool is_comment = false;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\n') {
                ++line_;
                is_comment = false;
            } else if (c == '#') {
                is_comment = true;
            }
            if (!is_comment && !is_space(c)) return;
        }
    }

    // The byte behind a backslash, which nginx keeps unless it is one of these.
    void take_escaped(std::string& word) {
        const char c = text_[at_++];
        constexpr std::string_view kPlain = "\"'\\ ", kNamed = "trn", kMeaning = "\t\r\n";
        if (const auto named = kNamed.find(c); named != std::string_view::npos) {
            word += kMeaning[named];
        } else {
            if (kPlain.find(c) == std::string_view::npos) word += '\\';
            word += c;
        }
        if (c == '\n') ++line_;
    }

    Result<std::string> quoted() {
        const std::size_t line = line_;
        const char quote = text_[at_++];
        std::string word;
        while (at_ < text_.size() && text_[at_] != quote) {
            const char c = text_[at_++];
            if (c == '\n') ++line_;
            if (c == '\\' && at_ < text_.size())
                take_escaped(word);
            else
                word += c;
        }
        if (at_ == text_.size())
            return expected(line, fmt::format("the quote {} that begins here has no end", quote));
        ++at_;
        if (at_ < text_.size() && !ends_word(text_[at_]) && text_[at_] != ')')
            return expected(line_, fmt::format("expected a space, \";\" or \"{{\" behind {}",
                                               log_quoted(word)));
        return word;
    }

    Result<std::string> bare() {
        std::string word;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const bool is_variable = c == '{' && word.ends_with('$');  // ${name}
            if (ends_word(c) && !is_variable) break;
            ++at_;
            if (c == '\\' && at_ < text_.size())
                take_escaped(word);
            else
                word += c;
        }
        return word;
    }

    std::string_view text_;
    const std::string& file_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

class Parser {
  public:
    Parser(std::string_view text, const std::string& file) : lexer_(text, file), file_(file) {}

    // Up to the end of the file, or of the block that was opened in a line.
    Result<Directives> directives(std::size_t opened_in, std::size_t depth) {
        Directives found;
        for (;;) {
            TRY_ASSIGN(Token token, lexer_.next());
            switch (token.kind) {
                case Token::Kind::End:
                    if (depth == 0) return found;
                    return lexer_.expected(
                        token.line,
                        fmt::format(
                            "expected the \"}}\" of the block that line {} opens, but the file "
                            "ends here",
                            opened_in));
                case Token::Kind::Close:
                    if (depth > 0) return found;
                    return lexer_.expected(token.line, "this \"}\" closes nothing");
                case Token::Kind::Semicolon:
                case Token::Kind::Open:
                    return lexer_.expected(token.line, "expected the name of a directive");
                case Token::Kind::Word: {
                    TRY_ASSIGN(Directive directive, rest_of(std::move(token), depth));
                    found.push_back(std::move(directive));
                }
            }
        }
    }

  private:
    Result<Directive> rest_of(Token name, std::size_t depth) {
        Directive directive{
            std::move(name.text), {},
             false, {},
             {file_, name.line}
        };
        for (;;) {
            TRY_ASSIGN(Token token, lexer_.next());
            if (token.kind == Token::Kind::Semicolon) return directive;
            if (token.kind == Token::Kind::Word) {
                directive.arguments.push_back(std::move(token.text));
                continue;
            }
            if (token.kind != Token::Kind::Open)
                return lexer_.expected(
                    token.line,
                    fmt::format("expected \";\" or \"{{\" behind {}, which begins in line {}",
                                log_quoted(directive.name), name.line));
            if (depth == kDeepest)
                return lexer_.expected(token.line,
                                       fmt::format("more than {} blocks in each other", kDeepest));
            directive.has_block = true;
            // A map's lines, and a types', are no directives, but have the same form.
            TRY_ASSIGN(directive.block, directives(token.line, depth + 1));
            return directive;
        }
    }

    Lexer lexer_;
    const std::string& file_;
};

std::size_t line_of(std::string_view text, std::size_t at) {
    return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n'));
}

}  // namespace

Result<Directives> parse_nginx(std::string_view text, const std::string& file) {
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return failure(fmt::format("{}:{}: expected text, but there is a zero byte", file,
                                   line_of(text, zero)));
    return Parser(text, file).directives(0, 0);
}

}  // namespace bundle::imported
