#include "frontend/files/static_file.hpp"

#include <array>
#include <string>
#include <utility>

#include "frontend/answer/redirect.hpp"
#include "frontend/files/directory_listing.hpp"
#include "frontend/files/file_root.hpp"
#include "frontend/files/listing_page.hpp"
#include "frontend/files/open_file_cache.hpp"
#include "frontend/files/partial_file.hpp"
#include "frontend/files/preconditions.hpp"
#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

using Kind = FoundFile::Kind;
using OpenFilePtr = std::shared_ptr<const OpenFile>;

constexpr std::array<HeaderField, 1> kAllow = {{{"Allow", "GET, HEAD, OPTIONS"}}};

Answer refusal(std::uint16_t status, std::span<const HeaderField> fields = {}) {
    return {.status = status, .fields = fields, .bytes = {}, .file = {}, .owner = {}};
}

// Where there is a file, of a method that is neither GET nor HEAD.
Answer answer_to_other(std::string_view method) {
    return refusal(method == "OPTIONS" ? 204 : 405, kAllow);
}

Answer redirect_to_slash(const RequestHead& head) {
    std::string location = encoded_path(head.path) + '/';
    if (!head.query.empty()) location.append("?").append(head.query);
    return redirect_to(301, std::move(location));
}

Answer whole_file(OpenFilePtr file) {
    Answer answer;
    answer.fields = file->fields();
    file->put_into(answer, 0, file->size());
    answer.owner = std::move(file);
    return answer;
}

Answer not_modified(OpenFilePtr file) {
    const auto fields = file->validators();
    return {.status = 304, .fields = fields, .bytes = {}, .file = {}, .owner = std::move(file)};
}

// What `kind` is answered with when it is no file that can be read; nothing when it may not be told
// from no file at all.
std::optional<Answer> answer_without_file(Kind kind) {
    switch (kind) {
        case Kind::Forbidden:
            return refusal(403);
        case Kind::Exhausted:
            return refusal(503);
        case Kind::Failed:
            return refusal(500);
        case Kind::Nothing:
        case Kind::Directory:
        case Kind::Listing:
        case Kind::File:
            break;
    }
    return std::nullopt;
}

// The form of the file that the client likes best. One that we compress as we go has no parts, and
// no tag that says which bytes it has: whoever speaks of those means another.
OpenFilePtr form_for(OpenFileCache& cache, const FileRequest& request, OpenFilePtr file,
                     const Conditions& conditions) {
    using Own = OpenFileCache::Own;
    if (!file->has_codings()) return file;
    const bool is_exact = !conditions.range.empty() || !conditions.if_match.empty();
    const Own own = is_exact ? Own::Excluded : Own::Allowed;
    auto form =
        cache.in_coding(request.root, request.path, AcceptedCodings::of(request.head.fields), own);
    return form ? form : file;
}

Answer answer_as_asked(OpenFilePtr file, const RequestHead& head, const Conditions& conditions,
                       std::uint32_t max_ranges) {
    const Validators now{
        .etag = file->etag(), .last_modified = file->last_modified(), .modified = file->modified()};
    switch (check_preconditions(conditions, head.fields, now)) {
        case Verdict::NotModified:
            return not_modified(std::move(file));
        case Verdict::Failed:
            return refusal(412);
        case Verdict::Proceed:
            break;
    }
    // Range means something to GET only (RFC 9110 section 14.2).
    const bool is_head = head.method == "HEAD";
    if (!is_head && !conditions.range.empty() && range_applies(conditions, now)) {
        const ByteRanges ranges = byte_ranges(conditions.range, file->size(), max_ranges);
        if (ranges.kind == ByteRanges::Kind::Parts)
            return parts_of_file(std::move(file), ranges.parts);
        if (ranges.kind == ByteRanges::Kind::Unsatisfiable) return no_such_part(*file);
    }
    Answer answer = whole_file(std::move(file));
    if (is_head) {
        answer.bytes = {};
        answer.file = {};
    }
    return answer;
}

Answer answer_with(OpenFileCache& cache, const FileRequest& request, OpenFilePtr file) {
    const Conditions conditions = Conditions::in(request.head.fields);
    return answer_as_asked(form_for(cache, request, std::move(file), conditions), request.head,
                           conditions, request.root.rules().files.max_ranges);
}

std::optional<Answer> listing_of(const FileRequest& request, FoundFile directory) {
    struct Own {
        std::string body;
        std::string length;
        std::array<HeaderField, 2> fields;
    };
    const auto listing = list_directory(request.root, std::move(directory));
    if (!listing) return refusal(500);
    const bool is_json = request.root.rules().files.listing == Listing::Json;
    const Parent parent = request.path == "/" ? Parent::None : Parent::Linked;
    const auto own = std::make_shared<Own>();
    own->body =
        is_json ? listing_json(*listing) : listing_page(request.head.path, parent, *listing);
    own->length = std::to_string(own->body.size());
    own->fields = {
        {
         {"Content-Type", is_json ? "application/json" : "text/html; charset=utf-8"},
         {"Content-Length", own->length},
         }
    };
    Answer answer{.status = 200, .fields = own->fields, .bytes = {}, .file = {}, .owner = own};
    if (request.head.method != "HEAD") answer.bytes = own->body;
    return answer;
}

}  // namespace

std::optional<Answer> answer_from_file(OpenFileCache& cache, const FileRequest& request,
                                       std::chrono::steady_clock::time_point now) {
    const bool is_read = request.head.method == "GET" || request.head.method == "HEAD";
    if (!is_read && request.other_methods == OtherMethods::PassOn) return std::nullopt;

    auto [kind, file, directory] = cache.find(request.root, request.path, now);
    const bool is_there = kind == Kind::File || kind == Kind::Directory || kind == Kind::Listing;
    if (!is_there) return answer_without_file(kind);
    if (!is_read) return answer_to_other(request.head.method);
    if (kind == Kind::Directory) return redirect_to_slash(request.head);
    if (kind == Kind::Listing) return listing_of(request, std::move(*directory));
    return answer_with(cache, request, std::move(file));
}

std::optional<Answer> answer_from_named_file(OpenFileCache& cache, const FileRequest& request,
                                             std::chrono::steady_clock::time_point now) {
    auto finding = cache.find_as_it_is(request.root, request.path, now);
    if (finding.kind != Kind::File) return answer_without_file(finding.kind);
    const bool is_read = request.head.method == "GET" || request.head.method == "HEAD";
    return is_read ? answer_with(cache, request, std::move(finding.file))
                   : whole_file(std::move(finding.file));
}

Answer answer_from_given_file(OpenFilePtr file, const RequestHead& head, std::uint32_t max_ranges) {
    return answer_as_asked(std::move(file), head, Conditions::in(head.fields), max_ranges);
}

}  // namespace bundle
