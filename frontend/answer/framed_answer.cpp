#include "frontend/answer/framed_answer.hpp"

#include <algorithm>
#include <utility>

namespace bundle {

bool FramedAnswer::begin(std::uint16_t status, std::string_view reason,
                         std::span<const HeaderField> fields, const AnswerContext& context,
                         std::string& scratch) {
    scratch.clear();
    const auto framing = write_answer_head(scratch, status, reason, fields, context);
    if (!framing) return false;
    framing_ = *framing;
    status_ = status;
    if (context.version == HttpVersion::Http2) {
        packed_head_ = scratch;
        return true;
    }
    head_size_ = scratch.size();
    append(scratch);
    return true;
}

// How much of the next `length` bytes of the body belongs to the answer.
std::uint64_t FramedAnswer::allowed(std::uint64_t length) {
    if (framing_.framing == Framing::None) return 0;
    if (framing_.framing != Framing::Length) return length;
    const auto left = std::min(length, framing_.length - body_bytes_);
    if (left < length) cut_ = true;
    return left;
}

std::string_view FramedAnswer::open_piece(std::string_view bytes) {
    bytes = bytes.substr(0, static_cast<std::size_t>(allowed(bytes.size())));
    body_bytes_ += bytes.size();
    if (framing_.framing == Framing::Chunked && !bytes.empty()) {
        std::string size;
        write_chunk_size(size, bytes.size());
        append(size);
    }
    return bytes;
}

void FramedAnswer::close_piece() {
    if (framing_.framing == Framing::Chunked) append(kChunkEnd);
}

void FramedAnswer::file(FilePiece piece, std::shared_ptr<const void> owner) {
    piece.length = allowed(piece.length);
    if (piece.length == 0) return;
    body_bytes_ += piece.length;
    if (framing_.framing == Framing::Chunked) {
        std::string size;
        write_chunk_size(size, piece.length);
        append(size);
    }
    buffer_.append_file(piece, std::move(owner));
    close_piece();
}

void FramedAnswer::shared_bytes(std::string_view bytes, std::shared_ptr<const void> owner) {
    bytes = bytes.substr(0, static_cast<std::size_t>(allowed(bytes.size())));
    body_bytes_ += bytes.size();
    buffer_.append_shared(bytes, std::move(owner));
}

AnswerEnd FramedAnswer::end() {
    if (framing_.framing == Framing::Length && body_bytes_ < framing_.length)
        return AnswerEnd::Short;
    if (framing_.framing == Framing::Chunked) append(kLastChunk);
    ended_ = true;
    return AnswerEnd::Complete;
}

std::uint64_t FramedAnswer::body_bytes_in(std::uint64_t sent) const {
    return std::min(body_bytes_, sent - std::min(sent, head_size_));
}

void FramedAnswer::clear() {
    framing_ = {};
    status_ = 0;
    head_size_ = 0;
    packed_head_.clear();
    body_bytes_ = 0;
    cut_ = false;
    ended_ = false;
    buffer_.clear();
}

}  // namespace bundle
