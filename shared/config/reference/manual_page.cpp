#include "shared/config/reference/manual_page.hpp"

#include <fmt/format.h>

#include <cctype>

#include "shared/base/version.hpp"
#include "shared/config/reference/markdown.hpp"

namespace bundle::config {

namespace {

constexpr std::string_view kBold = "**";

// What roff would read as its own: escapes, hyphens that are no minus, requests at a line's begin.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", escaped(text)); }

// The text between two marks at the begin of `text`; empty where there is none.
std::string_view marked(std::string_view text, std::string_view mark) {
    if (!text.starts_with(mark)) return {};
    const std::size_t end = text.find(mark, mark.size());
    return end == std::string_view::npos ? "" : text.substr(mark.size(), end - mark.size());
}

// `names` and **bold** words of a line.
std::string inline_text(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (const auto code = marked(text, "`"); !code.empty()) {
            out += bold(code);
            text.remove_prefix(code.size() + 2);
        } else if (const auto words = marked(text, kBold); !words.empty()) {
            const auto name = marked(words, "`");
            out += bold(name.empty() ? words : name);
            text.remove_prefix(words.size() + 2 * kBold.size());
        } else {
            const std::size_t next = std::min(text.find_first_of("`*", 1), text.size());
            out += escaped(text.substr(0, next));
            text.remove_prefix(next);
        }
    }
    return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string_view without_indent(std::string_view line) {
    return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

// "3. " begins an item of a numbered list.
std::size_t number_length(std::string_view line) {
    std::size_t digits = 0;
    while (digits < line.size() && std::isdigit(static_cast<unsigned char>(line[digits])) != 0)
        ++digits;
    return digits > 0 && line.substr(digits).starts_with(". ") ? digits + 2 : 0;
}

class Roff {
  public:
    void add(std::string_view line) {
        if (line.starts_with("```")) {
            in_code_ ? end_code() : begin_code();
        } else if (in_code_) {
            add_code(line);
        } else {
            add_text(line);
        }
    }
    std::string text() && { return std::move(text_); }

  private:
    void add_text(std::string_view line) {
        if (line.empty()) {
            paragraph_ended_ = true;
        } else if (line.starts_with("#")) {
            add_heading(line);
        } else if (line.starts_with("- ")) {
            add_item(line.substr(2));
        } else if (const std::size_t number = number_length(line)) {
            begin_item(fmt::format(".IP {} 4\n", line.substr(0, number - 1)));
            text_ += inline_text(line.substr(number)) + '\n';
        } else if (!line.starts_with("<!--")) {
            add_to_paragraph(line);
        }
    }

    void add_heading(std::string_view line) {
        const std::size_t words = line.find_first_not_of("# ");
        if (words != 2)  // the first one is the title
            text_ += fmt::format(".S{} \"{}\"\n", words == 3 ? 'H' : 'S',
                                 inline_text(line.substr(words)));
        paragraph_ended_ = false;
    }

    // "- **`name`**: what it is" is an entry of its own; any other item has a bullet.
    void add_item(std::string_view item) {
        const auto name = marked(marked(item, kBold), "`");
        const std::size_t after = name.size() + 2 + 2 * kBold.size();
        if (!name.empty() && item.substr(after).starts_with(": ")) {
            begin_item(fmt::format(".TP\n{}\n", bold(name)));
            add_to_paragraph(item.substr(after + 2));
        } else {
            begin_item(".IP \\(bu 2\n");
            add_to_paragraph(item);
        }
    }

    void begin_item(std::string_view request) {
        text_ += request;
        paragraph_ended_ = false;
    }

    // Two spaces at its end break a line.
    void add_to_paragraph(std::string_view line) {
        if (paragraph_ended_ && !line.starts_with(' ')) text_ += ".PP\n";
        paragraph_ended_ = false;
        const bool breaks = line.ends_with("  ");
        line = without_indent(line.substr(0, line.find_last_not_of(' ') + 1));
        text_ += inline_text(line) + (breaks ? "\n.br\n" : "\n");
    }

    void begin_code() {
        text_ += ".PP\n.RS 4\n.nf\n";
        in_code_ = true;
        paragraph_ended_ = false;
    }
    void add_code(std::string_view line) {
        const bool request = line.starts_with('.') || line.starts_with('\'');
        text_ += (request ? "\\&" : "") + escaped(line) + '\n';
    }
    void end_code() {
        text_ += ".fi\n.RE\n";
        in_code_ = false;
        paragraph_ended_ = true;
    }

    std::string text_;
    bool in_code_ = false;
    bool paragraph_ended_ = false;
};

}  // namespace

std::string manual_page(const ManualTitle& title, std::string_view markdown) {
    const std::string name = escaped(title.name);
    std::string page = fmt::format(
        ".\\\" Generated: bundle reference --man {0}\n.TH \"{1}\" {0} \"\" \"bundle {2}\" "
        "\"bundle\"\n.SH NAME\n"
        "{1} \\- {3}\n",
        title.section, name, kBundleVersion, escaped(title.purpose));
    Roff roff;
    while (!markdown.empty()) {
        const std::size_t end = std::min(markdown.find('\n'), markdown.size());
        roff.add(markdown.substr(0, end));
        markdown.remove_prefix(std::min(end + 1, markdown.size()));
    }
    return page + std::move(roff).text();
}

std::string options_manual() {
    std::string text = "## DESCRIPTION\n\n" + markdown_reference();
    text += "\n## SEE ALSO\n\n**bundle**(1)\n";
    return manual_page({"bundle-site.toml", 5, "configuration of the web server bundle(1)"}, text);
}

}  // namespace bundle::config
