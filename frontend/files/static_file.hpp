// Files below a directory, as answers (RFC 9110 sections 8.8, 13, 14): GET and HEAD, entity tags
// and dates, conditional requests, ranges.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "frontend/answer/answer.hpp"
#include "frontend/request/request_head.hpp"

namespace bundle {

class FileRoot;       // frontend/files/file_root.hpp
class OpenFile;       // frontend/files/open_file.hpp
class OpenFileCache;  // frontend/files/open_file_cache.hpp

// What becomes of a method other than GET and HEAD.
enum class OtherMethods {
    Refuse,  // 405 where there is such a file; OPTIONS is told what it may be asked with
    PassOn,  // no answer: an application behind takes it, file or not
};

struct FileRequest {
    const FileRoot& root;
    // Below root, decoded and normalised; begins with "/", or is empty for root without its slash.
    std::string_view path;
    const RequestHead& head;  // its own path is what a redirect adds the slash to
    OtherMethods other_methods = OtherMethods::Refuse;
};

// 200, 204 (OPTIONS), 206, 301 (a directory without its slash), 304, 403, 405, 412, 416, 500 (the
// disk), 503 (no descriptor or memory left). Nothing when there is no such file, so that the caller
// can go on to the application or to 404.
//
// From 400 on the answer has no body yet and only the fields that its status demands (Allow,
// Content-Range): error_page() makes it whole. `now` is when the answer is made: what the cache
// holds is trusted for a second.
std::optional<Answer> answer_from_file(OpenFileCache& cache, const FileRequest& request,
                                       std::chrono::steady_clock::time_point now);

// Likewise for a file that an application names as its answer: a folder is no such file, and what
// the cache holds is not trusted, for the application may just have written it. Of a method other
// than GET and HEAD it is the whole file: its conditions were the application's to look at.
std::optional<Answer> answer_from_named_file(OpenFileCache& cache, const FileRequest& request,
                                             std::chrono::steady_clock::time_point now);

// Of a GET or HEAD, a file that an application gave as its 200. Ranges of at most so many parts.
Answer answer_from_given_file(std::shared_ptr<const OpenFile> file, const RequestHead& head,
                              std::uint32_t max_ranges);

}  // namespace bundle
