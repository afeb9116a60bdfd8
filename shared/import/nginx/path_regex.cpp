// An expression is expanded into texts in which some bytes stand for what a pattern has: an
// alternative each. What a pattern cannot say becomes "**", which is more, never less.
#include "shared/import/nginx/path_regex.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "shared/http/headers.hpp"

namespace bundle::imported {

namespace {

constexpr char kOne = '\1', kSome = '\2', kAny = '\3', kBegin = '\4', kEnd = '\5';
constexpr std::size_t kMostTexts = 64, kDeepestGroup = 16, kLongestRegex = 512;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

using PathTexts = std::vector<std::string>;
const PathTexts kNothing = {""};

class RegexReader {
  public:
    explicit RegexReader(std::string_view rest) : rest_(rest) {}

    std::optional<PathTexts> read() {
        auto texts = alternatives(0);
        if (!rest_.empty() || !is_good_) return std::nullopt;
        return texts;
    }
    [[nodiscard]] bool is_wider() const { return is_wider_; }

  private:
    PathTexts alternatives(std::size_t depth) {
        PathTexts all = sequence(depth);
        while (is_good_ && take("|"))
            for (std::string& text : sequence(depth)) all.push_back(std::move(text));
        if (all.size() > kMostTexts || depth > kDeepestGroup) is_good_ = false;
        return is_good_ ? all : PathTexts{};
    }

    PathTexts sequence(std::size_t depth) {
        PathTexts all = kNothing;
        while (is_good_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
            const PathTexts next = repeated(atom(depth));
            if (all.size() * next.size() > kMostTexts) is_good_ = false;
            if (!is_good_) return {};
            PathTexts longer;
            for (const std::string& text : all)
                for (const std::string& more : next) longer.push_back(text + more);
            all = std::move(longer);
        }
        return all;
    }

    PathTexts atom(std::size_t depth) {
        const char c = next();
        switch (c) {
            case '^':
                return {std::string(1, kBegin)};
            case '$':
                return {std::string(1, kEnd)};
            case '.':
                return {std::string(1, kAny)};
            case '[':
                return bracket();
            case '(':
                return group(depth);
            case '\\':
                return escape();
            case '*':
            case '+':
            case '?':
            case '{':
                is_good_ = false;
                return {};
            default:
                return {std::string(1, c)};
        }
    }

    PathTexts group(std::size_t depth) {
        bool is_looking = false;
        if (take("?")) {
            is_looking = rest_.starts_with('!') || rest_.starts_with('=') ||
                         rest_.starts_with("<!") || rest_.starts_with("<=");
            if (!is_looking && !take(":")) {
                take("P");
                const auto end = rest_.find('>');
                if (!take("<") || end == std::string_view::npos) is_good_ = false;
                if (is_good_) rest_.remove_prefix(end);
            }
        }
        const PathTexts inside = alternatives(depth + 1);
        if (!take(")")) is_good_ = false;
        if (!is_looking) return inside;
        is_wider_ = true;  // what it looks for may be there or not
        return kNothing;
    }

    // A set that "/" is not in is one byte of a segment.
    PathTexts bracket() {
        const bool is_negated = take("^");
        bool has_slash = false;
        std::size_t size = 0;
        for (; !rest_.empty() && (rest_.front() != ']' || size == 0); ++size) {
            char c = next();
            if (c == '[' && rest_.starts_with(':')) is_good_ = false;
            if (c == '\\') c = next();
            // A range, or \D, may hold it, too.
            if (c == '/' || c == 'D' || c == 'W' || c == 'S') has_slash = true;
            if (c == '-' && size > 0 && !rest_.starts_with(']')) {
                const char before = last_, behind = rest_.empty() ? '\0' : rest_.front();
                has_slash = has_slash || (before <= '/' && behind >= '/');
            }
            last_ = c;
        }
        if (!take("]")) is_good_ = false;
        const bool is_all_but_slash = is_negated && has_slash && size == 1;
        if (!is_all_but_slash) is_wider_ = true;
        return {std::string(1, has_slash == is_negated ? kOne : kAny)};
    }

    PathTexts escape() {
        constexpr std::string_view kOfSegment = "dw", kOfAll = "DWSshvR", kOfNothing = "bBG";
        const char c = next();
        if (c == 'A') return {std::string(1, kBegin)};
        if (c == 'z' || c == 'Z') return {std::string(1, kEnd)};
        if (!is_letter_or_digit(c)) return literal(c);
        is_wider_ = true;
        if (kOfSegment.find(c) != std::string_view::npos) return {std::string(1, kOne)};
        if (kOfAll.find(c) != std::string_view::npos) return {std::string(1, kAny)};
        if (kOfNothing.find(c) == std::string_view::npos) is_good_ = false;
        return kNothing;
    }

    PathTexts literal(char c) {
        if (c != '*' && c != '?') return {std::string(1, c)};
        is_wider_ = true;  // a pattern cannot mean these
        return {std::string(1, kOne)};
    }

    PathTexts repeated(PathTexts atom) {
        if (take("?")) {
            skip_greed();
            atom.insert(atom.begin(), "");
            return atom;
        }
        const bool is_some = rest_.starts_with('*') || rest_.starts_with('+');
        const bool is_counted =
            rest_.size() > 1 && rest_.front() == '{' && is_letter_or_digit(rest_[1]);
        if (!is_some && !is_counted) {
            // A byte, "/" among them, is no "?".
            if (atom == PathTexts{std::string(1, kAny)}) is_wider_ = true;
            return atom;
        }
        const bool is_at_least_one = rest_.starts_with('+');
        if (is_some) next();
        if (is_counted) {
            const auto end = rest_.find('}');
            if (end == std::string_view::npos) is_good_ = false;
            rest_.remove_prefix(std::min(end, rest_.size() - 1) + 1);
        }
        skip_greed();
        const bool is_any = atom == PathTexts{std::string(1, kAny)};
        if (!is_any) is_wider_ = true;
        if (atom == PathTexts{std::string(1, kOne)})
            return {
                is_at_least_one ? std::string{kOne, kSome}
                  : std::string(1, kSome)
            };
        return {std::string(1, kAny)};
    }

    void skip_greed() {
        if (!take("?")) take("+");
    }

    char next() {
        if (rest_.empty()) {
            is_good_ = false;
            return '\0';
        }
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    bool take(std::string_view what) {
        if (!rest_.starts_with(what)) return false;
        rest_.remove_prefix(what.size());
        return true;
    }

    std::string_view rest_;
    bool is_good_ = true;
    bool is_wider_ = false;
    char last_ = '\0';
};

// "/**/x" is not for "/x".
void add_glob(std::string text, PathTexts& into) {
    const auto wild = [&](std::string_view of) { return text.find_first_of(of); };
    constexpr std::string_view kWild{"\1\2\3", 3};
    if (text.starts_with(kAny)) {
        if (text.size() > 1 && text[1] == '/') add_glob(text.substr(1), into);
        text.insert(0, "/");
    }
    if (!text.starts_with('/')) return;  // no path begins so
    if (text.find_first_of(std::string_view{"\4\5", 2}) != std::string::npos) return;
    std::string glob;
    for (const char c : text) {
        if (c == kAny && glob.ends_with("**")) continue;
        glob += c == kOne ? "?" : c == kSome ? "*" : c == kAny ? "**" : std::string(1, c);
    }
    const auto first = wild(kWild);
    if (first == std::string::npos) return into.push_back("=" + glob);
    if (text[first] == kAny && first + 1 == text.size()) {  // all that begins so
        const std::string head = text.substr(0, first);
        into.push_back(head);
        if (!head.ends_with('/')) into.push_back(head + "**");
        return;
    }
    constexpr std::string_view kAnywhere = "/**";
    const bool is_of_last = glob.starts_with(kAnywhere) && glob.find('/', 1) == std::string::npos &&
                            glob.find("**", kAnywhere.size()) == std::string::npos;
    into.push_back(is_of_last ? glob.substr(2) : glob);
}

}  // namespace

std::vector<std::string> globs_of(const std::string& regex) {
    constexpr std::string_view kBegin = "\\.", kLongBegin = ".*\\.", kUsualBegin = "^.+\\.",
                               kGroup = "(?:";
    std::string_view rest = regex;
    for (const std::string_view begin : {kLongBegin, kUsualBegin, kBegin})
        if (rest.starts_with(begin)) {
            rest.remove_prefix(begin.size());
            break;
        }
    if (rest.size() == regex.size() || !rest.ends_with('$')) return {};
    rest.remove_suffix(1);
    if (rest.starts_with('(') && rest.ends_with(')')) {
        rest.remove_prefix(rest.starts_with(kGroup) ? kGroup.size() : 1);
        rest.remove_suffix(1);
    }
    std::vector<std::string> globs;
    while (!rest.empty()) {
        const auto bar = std::min(rest.find('|'), rest.size());
        std::string ending(rest.substr(0, bar));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
        // "jpe?g" is two.
        const auto mark = ending.find('?');
        if (mark != std::string::npos && mark > 0 &&
            ending.find('?', mark + 1) == std::string::npos) {
            globs.push_back("*." + ending.substr(0, mark - 1) + ending.substr(mark + 1));
            ending.erase(mark, 1);
        }
        globs.push_back("*." + ending);
    }
    const auto is_plain = [](const std::string& glob) {
        return glob.size() > 2 && std::ranges::all_of(glob.substr(2), [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-';
               });
    };
    return std::ranges::all_of(globs, is_plain) ? globs : std::vector<std::string>();
}

bool is_of_dotfiles(std::string_view regex) {
    constexpr std::array<std::string_view, 6> kBegins = {"/\\.",     "(^|/)\\.",   "(?:^|/)\\.",
                                                         "(/|^)\\.", "(^|\\/)\\.", "\\/\\."};
    for (const std::string_view prefix : {"", "^", "^.*", ".*", "^(.*)", "^/.*"}) {
        if (!regex.starts_with(prefix)) continue;
        const std::string_view rest = regex.substr(prefix.size());
        for (const std::string_view begin : kBegins) {
            if (!rest.starts_with(begin)) continue;
            const std::string_view name = rest.substr(begin.size());
            // "." and ".." are no names; of alternatives only the first has this beginning, unless
            // they stand in a group.
            int depth = 0;
            const bool is_whole = std::ranges::none_of(name, [&](char c) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                return c == '|' && depth == 0;
            });
            const bool finds_well_known =
                !name.starts_with("(?!") && name.find("well") != std::string_view::npos;
            const bool is_optional =
                name.starts_with('?') || name.starts_with('*') || name.starts_with('{');
            if (is_whole && !is_optional && !finds_well_known) return true;
        }
    }
    return false;
}

RegexPaths paths_of(std::string_view regex) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    if (regex.size() > kLongestRegex || std::ranges::any_of(regex, is_control)) return {};
    RegexReader reader(regex);
    const auto texts = reader.read();
    if (!texts) return {};
    RegexPaths found{{}, reader.is_wider()};
    for (std::string text : *texts) {
        if (text.starts_with(kBegin))
            text.erase(0, 1);
        else
            text.insert(0, 1, kAny);
        if (text.ends_with(kEnd))
            text.pop_back();
        else
            text += kAny;
        add_glob(text, found.paths);
    }
    std::ranges::sort(found.paths);
    found.paths.erase(std::ranges::unique(found.paths).begin(), found.paths.end());
    // What is little but wild would be for everything.
    const auto is_of_all = [](const std::string& path) {
        return std::ranges::count_if(path, is_letter_or_digit) < 2;
    };
    if (found.is_wider && std::ranges::any_of(found.paths, is_of_all)) return {};
    return found;
}

std::vector<std::string> spellings_of(const std::string& path) {
    const auto dot = path.rfind('.');
    const auto begin = path.find_first_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                          dot == std::string::npos ? 0 : dot);
    std::vector<std::string> all = {path};
    if (begin == std::string::npos) return all;
    std::string lower = path, upper = path;
    const auto from = static_cast<std::ptrdiff_t>(begin);
    std::transform(path.begin() + from, path.end(), lower.begin() + from, ascii_lower);
    std::transform(path.begin() + from, path.end(), upper.begin() + from, [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    std::string first = lower;
    first[begin] = upper[begin];
    for (const std::string& other : {lower, upper, first})
        if (std::ranges::find(all, other) == all.end()) all.push_back(other);
    return all;
}

}  // namespace bundle::imported
