// Files below a directory, as answers (RFC 9110 sections 8.8, 13, 14): GET and HEAD, entity tags and dates,
// conditional requests, one range.
#pragma once
#include <chrono>
#include <optional>

#include "frontend/answer/answer.hpp"
#include "frontend/files/file_root.hpp"
#include "frontend/request/request_head.hpp"

namespace bundle {

class OpenFileCache;  // frontend/files/open_file_cache.hpp

// The answer for `path` (decoded, normalised, begins with "/") below `root`: 200, 206, 301 (a directory
// without its slash), 304, 403, 405, 412, 416. Nothing when there is no such file, so that the caller can go on to the
// application or to 404. `now` is when the answer is made: what the cache holds is trusted for a second.
std::optional<Answer> answer_from_file(OpenFileCache& cache, const FileRoot& root, std::string_view path,
                                       const RequestHead& head, std::chrono::steady_clock::time_point now);

}  // namespace bundle
