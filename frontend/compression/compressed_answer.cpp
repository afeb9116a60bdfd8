#include "frontend/compression/compressed_answer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "shared/http/media_type.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

constexpr HeaderField kVary = {"Vary", "Accept-Encoding"};

// Whether a field of that name, a list, has the item.
bool lists(const Headers& fields, std::string_view name, std::string_view item) {
    for (const HeaderField& field : fields) {
        if (!equals_ignoring_case(field.name, name)) continue;
        for (std::string_view list = field.value; !list.empty();)
            if (equals_ignoring_case(take_list_item(list), item)) return true;
    }
    return false;
}

bool has_whole_body(std::uint16_t status) {
    return status >= 200 && status != 204 && status != 205 && status != 206 && status != 304;
}

// Each yielded piece is flushed, but who streams events has seldom meant them to be compressed.
bool is_wanted_type(std::string_view type, const CompressionConfig& compression) {
    constexpr std::string_view kEvents = "text/event-stream";
    if (!equals_ignoring_case(type.substr(0, kEvents.size()), kEvents))
        return is_listed_type(compression.types, type);
    return std::ranges::find(compression.types, kEvents) != compression.types.end();
}

}  // namespace

bool is_compressible(std::uint16_t status, const Headers& fields,
                     const CompressionConfig& compression) {
    if (!compression.on || !has_whole_body(status)) return false;
    const HeaderField* type = find_field(fields, "content-type");
    if (type == nullptr || !is_wanted_type(type->value, compression)) return false;
    if (find_field(fields, "content-encoding") != nullptr ||
        find_field(fields, "content-range") != nullptr ||
        lists(fields, "cache-control", "no-transform"))
        return false;
    const bool has_length = find_field(fields, "content-length") != nullptr;
    const auto length = announced_length(fields);
    // A length that is no number is refused with the head.
    return has_length ? length && *length >= compression.min_size.count : true;
}

Headers with_vary(const Headers& fields) {
    Headers more = fields;
    if (!lists(fields, "vary", "accept-encoding") && !lists(fields, "vary", "*"))
        more.push_back(kVary);
    return more;
}

std::optional<std::uint64_t> announced_length(const Headers& fields) {
    const HeaderField* field = find_field(fields, "content-length");
    if (field == nullptr) return std::nullopt;
    std::uint64_t length = 0;
    const char* const end = field->value.data() + field->value.size();
    const auto [stopped, error] = std::from_chars(field->value.data(), end, length);
    return error == std::errc() && stopped == end ? std::optional(length) : std::nullopt;
}

CompressedAnswer::CompressedAnswer(std::uint16_t status, std::string_view reason,
                                   const Headers& fields, std::unique_ptr<CompressionStream> stream)
    : status_(status),
      reason_(reason),
      stored_(fields),
      plain_(with_vary(stored_.fields())),
      announced_(announced_length(fields)),
      stream_(std::move(stream)) {
    for (HeaderField field : plain_) {
        if (equals_ignoring_case(field.name, "content-length") ||
            equals_ignoring_case(field.name, "accept-ranges"))
            continue;
        // Other bytes than the tag was made for (RFC 9110 section 8.8.3.3).
        if (equals_ignoring_case(field.name, "etag") && !field.value.starts_with("W/")) {
            etag_ = "W/" + std::string(field.value);
            field.value = etag_;
        }
        compressed_.push_back(field);
    }
    compressed_.push_back({"Content-Encoding", coding_name(stream_->coding())});
}

CompressedAnswer::~CompressedAnswer() {
    if (under_way_ != nullptr) under_way_->sink = nullptr;
}

std::uint64_t CompressedAnswer::take(std::uint64_t length) {
    const std::uint64_t room = announced_ ? *announced_ - taken_ : UINT64_MAX;
    cut_ |= length > room;
    length = std::min(length, room);
    taken_ += length;
    return length;
}

bool CompressedAnswer::is_heavy(std::uint64_t more) const {
    if (under_way_ != nullptr || !waiting_.empty()) return true;
    if (announced_) return *announced_ >= kLarge && taken_ + more > 0;
    return taken_ >= kLarge && stream_->held_back() + more >= kLargePiece;
}

std::string_view CompressedAnswer::compressed(std::string_view bytes, Flush flush) {
    out_.clear();
    stream_->add(bytes, flush, out_);
    ended_ = flush == Flush::End;
    return out_;
}

// ---- beside the loop ----

void CompressedAnswer::wait(std::string_view bytes) {
    bytes_waiting_ += bytes.size();
    if (waiting_.empty() || waiting_.back().owner) waiting_.emplace_back();
    waiting_.back().bytes.append(bytes);
}

void CompressedAnswer::wait(FilePiece piece, std::shared_ptr<const void> owner) {
    if (piece.length > 0) waiting_.push_back({{}, piece, std::move(owner)});
}

std::unique_ptr<CompressionJob> CompressedAnswer::next_job(CompressionSink& sink) {
    if (under_way_ != nullptr || ended_ || (waiting_.empty() && !flush_waits_ && !end_waits_))
        return nullptr;
    auto job = std::make_unique<CompressionJob>();
    fill(*job);
    const bool is_last = waiting_.empty();
    if (is_last && flush_waits_) job->flush = Flush::Sync;
    if (is_last && end_waits_) job->flush = Flush::End;
    if (is_last) flush_waits_ = false;
    job->stream = std::move(stream_);
    job->sink = &sink;
    under_way_ = job.get();
    return job;
}

void CompressedAnswer::fill(CompressionJob& job) {
    constexpr std::uint64_t kStep = 256U << 10;  // of a file
    if (waiting_.empty()) return;
    Input& next = waiting_.front();
    if (next.owner) {
        job.file = next.file;
        job.file.length = std::min(next.file.length, kStep);
        job.owner = next.owner;
        next.file.offset += job.file.length;
        next.file.length -= job.file.length;
        if (next.file.length > 0) return;
    } else {
        bytes_waiting_ -= next.bytes.size();
        job.bytes = std::move(next.bytes);
    }
    waiting_.pop_front();
}

void CompressedAnswer::job_done(CompressionJob& job) {
    under_way_ = nullptr;
    stream_ = std::move(job.stream);
    ended_ = job.flush == Flush::End;
}

}  // namespace bundle
