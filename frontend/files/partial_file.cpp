#include "frontend/files/partial_file.hpp"

#include <fmt/format.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace bundle {

namespace {

using OpenFilePtr = std::shared_ptr<const OpenFile>;

constexpr std::string_view kContentType = "Content-Type";

// An answer's fields and the text that they are made of, which must not move.
struct OwnFields {
    OpenFilePtr file;
    std::string range;
    std::string type;
    std::string length;
    Headers fields;
    std::vector<std::string> heads;  // of the parts, and what ends the last
    std::vector<BodyPart> parts;
};

std::string content_range(const ByteRange& part, const OpenFile& file) {
    return fmt::format("bytes {}-{}/{}", part.offset, part.offset + part.length - 1, file.size());
}

BodyPart body_of(const OpenFile& file, const ByteRange& part) {
    Answer body;
    file.put_into(body, part.offset, part.length);
    return {body.bytes, body.file};
}

Answer one_part(const std::shared_ptr<OwnFields>& own, const ByteRange& part) {
    const auto common = own->file->fields_of_part();
    own->range = content_range(part, *own->file);
    own->length = fmt::format_int(part.length).str();
    own->fields.assign(common.begin(), common.end());
    own->fields.push_back({"Content-Range", own->range});
    own->fields.push_back({"Content-Length", own->length});
    Answer answer{.status = 206, .fields = own->fields, .bytes = {}, .file = {}, .owner = own};
    own->file->put_into(answer, part.offset, part.length);
    return answer;
}

// What stands between the parts. Nobody who uploads a file can know it, and so put an end of his
// own into the middle of one.
std::string fresh_boundary() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

// Appends a part to the body.
void add_part(OwnFields& own, const ByteRange& part, std::string_view boundary,
              std::string_view type) {
    std::string head = fmt::format("\r\n--{}\r\n", boundary);
    if (!type.empty()) head += fmt::format("Content-Type: {}\r\n", type);
    head += fmt::format("Content-Range: {}\r\n\r\n", content_range(part, *own.file));
    own.heads.push_back(std::move(head));
    own.parts.push_back({own.heads.back(), {}});
    own.parts.push_back(body_of(*own.file, part));
}

std::uint64_t size_of(std::span<const BodyPart> parts) {
    std::uint64_t size = 0;
    for (const BodyPart& part : parts) size += part.bytes.size() + part.file.length;
    return size;
}

Answer several_parts(const std::shared_ptr<OwnFields>& own, std::span<const ByteRange> parts) {
    const std::string boundary = fresh_boundary();
    own->type = "multipart/byteranges; boundary=" + boundary;
    for (const HeaderField& field : own->file->fields_of_part())
        if (field.name != kContentType) own->fields.push_back(field);
    own->fields.push_back({kContentType, own->type});
    own->heads.reserve(parts.size() + 1);
    for (const ByteRange& part : parts) add_part(*own, part, boundary, own->file->type());
    own->heads.push_back("\r\n--" + boundary + "--\r\n");
    own->parts.push_back({own->heads.back(), {}});
    own->length = fmt::format_int(size_of(own->parts)).str();
    own->fields.push_back({"Content-Length", own->length});
    return {.status = 206,
            .fields = own->fields,
            .bytes = {},
            .file = {},
            .more = own->parts,
            .owner = own};
}

}  // namespace

Answer parts_of_file(OpenFilePtr file, std::span<const ByteRange> parts) {
    const auto own = std::make_shared<OwnFields>();
    own->file = std::move(file);
    return parts.size() == 1 ? one_part(own, parts.front()) : several_parts(own, parts);
}

Answer no_such_part(const OpenFile& file) {
    struct Own {
        std::string text;
        std::array<HeaderField, 1> fields;
    };
    const auto own = std::make_shared<Own>();
    own->text = fmt::format("bytes */{}", file.size());
    own->fields = {{{"Content-Range", own->text}}};
    return {.status = 416, .fields = own->fields, .bytes = {}, .file = {}, .owner = own};
}

}  // namespace bundle
