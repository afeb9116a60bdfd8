// A folder's contents as a page for people or as JSON for programs. Names may be any bytes: links
// lead to exactly those, and what is no UTF-8 in them is shown as U+FFFD.
#pragma once
#include <string>
#include <string_view>

#include "frontend/files/directory_listing.hpp"

namespace bundle {

enum class Parent : std::uint8_t { None, Linked };

// `path` is that of the folder in its URL, decoded.
std::string listing_page(std::string_view path, Parent parent, const DirectoryListing& listing);

// [{"name": "a.txt", "type": "file", "size": 12, "mtime": "Sun, 06 Nov 1994 08:49:37 GMT"}, ...] as
// nginx writes it; a directory has no size.
std::string listing_json(const DirectoryListing& listing);

}  // namespace bundle
