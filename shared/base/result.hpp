// How a function that can fail says so. Result<T> is used only in ways that std::expected shares.
#pragma once
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace bundle {

// What was tried, on what, and what to do about it; lower case, no full stop.
// Several problems found in one run stand one to a line.
struct Error {
    std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string message) {
    return tl::unexpected<Error>(Error{std::move(message)});
}

// "bind 127.0.0.1:80: permission denied" from errno, which the caller has not touched since.
inline tl::unexpected<Error> system_failure(std::string_view tried, int error = errno) {
    return failure(std::string(tried) + ": " + std::strerror(error));
}

}  // namespace bundle

#define BUNDLE_JOIN_(a, b) a##b
#define BUNDLE_JOIN(a, b) BUNDLE_JOIN_(a, b)

// Passes the error of a Result<void> up to our caller.
#define TRY(call)                                                            \
    do {                                                                     \
        if (auto tried_ = (call); !tried_)                                   \
            return tl::unexpected<bundle::Error>(std::move(tried_).error()); \
    } while (false)

// TRY_ASSIGN(auto fd, open_file(path)): the value, or its error up.
// NOLINTBEGIN(*-macro-parentheses)
#define TRY_ASSIGN(declaration, call) TRY_ASSIGN_(declaration, call, BUNDLE_JOIN(tried_, __LINE__))
#define TRY_ASSIGN_(declaration, call, name)                                  \
    auto name = (call);                                                       \
    if (!name) return tl::unexpected<bundle::Error>(std::move(name).error()); \
    declaration = std::move(*name)  // NOLINTEND(*-macro-parentheses)
