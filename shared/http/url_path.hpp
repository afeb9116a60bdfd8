// The path of a request: one rule for files, routes and applications alike.
//
// Every hole of this kind is two parts of a server that read one path in two ways: the part that
// decides who may see "/private/" and the part that opens the file, or the application behind. So
// there is one reading, made once, and everything that decides works on its outcome
// (RequestHead::path, and PATH_INFO for the application). The spelling of the client stays
// untouched in RequestHead::target (RAW_URI) for an application that needs it.
//
//  1. Percent-encoding is decoded once. "%252e" is the file name "%2e"; it is never decoded again.
//     A "%" without two hexadecimal digits is refused, and so is "%00", which ends a name for the
//     kernel but not for us.
//  2. "%2f" is a slash like any other. PEP 3333 leaves an application no way to tell them apart, so
//  a router that
//     did would guard another path than the application serves. nginx does the same. (Refusing it,
//     as Apache does, breaks applications that take "%2f" in an identifier and read RAW_URI.)
//  3. Then, not before, "." and ".." segments are resolved: "%2e%2e%2f" climbs exactly as far as
//  "../".
//     Climbing above the root is refused, for no honest client sends it.
//  4. Runs of slashes become one, as for the kernel, which opens "a//b" as "a/b": else
//  "//private/x" would miss the
//     route "/private/" and still find the file. nginx merges for its locations but hands most
//     applications the unmerged spelling; we do not, because "/x//../y" then means two things, and
//     "//evil.example/" in a path that an application echoes into Location sends the browser away.
//  5. A backslash is an ordinary byte, as are all others, valid UTF-8 or not: Linux names files
//  with bytes.
#pragma once
#include <string>
#include <string_view>

namespace bundle {

enum class PathVerdict {
    Good,
    NotAbsolute,         // does not begin with "/"
    BadPercentEncoding,  // "%" without two hexadecimal digits
    NulByte,
    AboveRoot,
};

// Decodes and resolves the path of a request target (without its query) into `path`, which keeps
// its capacity. Unless Good, `path` holds nothing of use.
PathVerdict resolve_path(std::string_view encoded, std::string& path);

// Whether one of its segments is "..", in any spelling.
bool has_dot_dot(std::string_view encoded);

// The other way, for a Location that we write: every byte that cannot stand in a path as itself is
// percent-encoded. A path that was resolved cannot begin with "//", so no other host is ever named.
std::string encoded_path(std::string_view path);

}  // namespace bundle
