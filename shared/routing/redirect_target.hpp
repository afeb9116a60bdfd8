// Where a route's `redirect` leads: "https://$host$request_uri", "/new/$rest".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace bundle {

// Of the request. None of them is put into the target as it is: what could end a field, or the
// address in it, is percent-encoded.
struct RedirectFacts {
    std::string_view scheme = {};
    std::string_view host = {};  // without port
    std::string_view path = {};  // decoded and normalised
    std::string_view rest =
        {};  // what of it follows the route's prefix, without the slash before it
    std::string_view query = {};  // as received, without "?"
};

class RedirectTarget {
  public:
    // $scheme, $host, $path, $rest, $query (with its "?" when there is one) and $request_uri, which
    // is $path$query; "$$" is a "$". An error's message ends a sentence that begins with the text.
    static Result<RedirectTarget> parse(std::string_view text);

    [[nodiscard]] std::string filled_in(const RedirectFacts& facts) const;
    [[nodiscard]] bool needs_host() const;

  private:
    enum class Variable : std::uint8_t { None, Scheme, Host, Path, Rest, Query, RequestUri };
    struct Piece {
        std::string text;  // comes first
        Variable variable = Variable::None;
    };

    static Result<Variable> take_variable(std::string_view& text);
    static void append(std::string& out, Variable variable, const RedirectFacts& facts);

    std::vector<Piece> pieces_;
};

}  // namespace bundle
