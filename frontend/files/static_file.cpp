#include "frontend/files/static_file.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "frontend/answer/redirect.hpp"
#include "frontend/files/byte_range.hpp"
#include "frontend/files/file_root.hpp"
#include "frontend/files/open_file_cache.hpp"
#include "frontend/files/preconditions.hpp"
#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

using Kind = FoundFile::Kind;
using OpenFilePtr = std::shared_ptr<const OpenFile>;

// An answer's fields and the text that they are made of, which must not move.
struct OwnFields {
    OpenFilePtr file;
    std::string text;
    std::string length;
    Headers fields;
};

Answer refusal(std::uint16_t status, std::span<const HeaderField> fields = {}) {
    return {.status = status, .fields = fields, .bytes = {}, .file = {}, .owner = {}};
}

Answer method_not_allowed() {
    static constexpr std::array<HeaderField, 1> kAllow = {{{"Allow", "GET, HEAD"}}};
    return refusal(405, kAllow);
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

Answer no_such_part(const OpenFile& file) {
    const auto own = std::make_shared<OwnFields>();
    own->text = fmt::format("bytes */{}", file.size());
    own->fields = {
        {"Content-Range", own->text}
    };
    return {.status = 416, .fields = own->fields, .bytes = {}, .file = {}, .owner = own};
}

Answer part_of_file(OpenFilePtr file, const ByteRange& part) {
    const auto own = std::make_shared<OwnFields>();
    own->text =
        fmt::format("bytes {}-{}/{}", part.offset, part.offset + part.length - 1, file->size());
    own->length = fmt::format_int(part.length).str();
    const auto common = file->fields_of_part();
    own->fields.assign(common.begin(), common.end());
    own->fields.push_back({"Content-Range", own->text});
    own->fields.push_back({"Content-Length", own->length});

    Answer answer{.status = 206, .fields = own->fields, .bytes = {}, .file = {}, .owner = own};
    file->put_into(answer, part.offset, part.length);
    own->file = std::move(file);
    return answer;
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
        case Kind::File:
            break;
    }
    return std::nullopt;
}

Answer answer_with(OpenFilePtr file, const RequestHead& head) {
    const Validators now{
        .etag = file->etag(), .last_modified = file->last_modified(), .modified = file->modified()};
    const Conditions conditions = Conditions::in(head.fields);
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
        const ByteRange part = byte_range(conditions.range, file->size());
        if (part.kind == ByteRange::Kind::Part) return part_of_file(std::move(file), part);
        if (part.kind == ByteRange::Kind::Unsatisfiable) return no_such_part(*file);
    }
    Answer answer = whole_file(std::move(file));
    if (is_head) {
        answer.bytes = {};
        answer.file = {};
    }
    return answer;
}

}  // namespace

std::optional<Answer> answer_from_file(OpenFileCache& cache, const FileRequest& request,
                                       std::chrono::steady_clock::time_point now) {
    const bool is_read = request.head.method == "GET" || request.head.method == "HEAD";
    if (!is_read && request.other_methods == OtherMethods::PassOn) return std::nullopt;

    auto [kind, file] = cache.find(request.root, request.path, now);
    const bool is_there = kind == Kind::File || kind == Kind::Directory;
    if (!is_there) return answer_without_file(kind);
    if (!is_read) return method_not_allowed();
    if (kind == Kind::Directory) return redirect_to_slash(request.head);
    return answer_with(std::move(file), request.head);
}

std::optional<Answer> answer_from_named_file(OpenFileCache& cache, const FileRequest& request,
                                             std::chrono::steady_clock::time_point now) {
    auto [kind, file] = cache.find_as_it_is(request.root, request.path, now);
    if (kind != Kind::File) return answer_without_file(kind);
    const bool is_read = request.head.method == "GET" || request.head.method == "HEAD";
    return is_read ? answer_with(std::move(file), request.head) : whole_file(std::move(file));
}

}  // namespace bundle
