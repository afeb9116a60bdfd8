// An application's answer that is compressed on its way to the client (RFC 9110 section 8.4).
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/answer.hpp"
#include "frontend/answer/internal_redirect.hpp"
#include "frontend/compression/compression_stream.hpp"
#include "frontend/compression/compression_thread.hpp"
#include "shared/config/config.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

// Whether an answer with that head is compressed for clients that take it. Not: one without a body
// or with a part of one, one that is compressed or must stay as it is (no-transform), and a stream
// of events unless gzip_types names it.
bool is_compressible(std::uint16_t status, const Headers& fields,
                     const CompressionConfig& compression);

// With Vary: Accept-Encoding, for those who do not take it.
Headers with_vary(const Headers& fields);

// Content-Length, if it is a number.
std::optional<std::uint64_t> announced_length(const Headers& fields);

// Begins with a head that is held back until something of the body is there: a file goes out as it
// is.
//
// What comes of the body is given to take() and, while is_heavy() says so, compressed by jobs for
// the thread, one after the other, that keep its order; else at once. Then the same for the end,
// and for what is to be flushed.
class CompressedAnswer {
  public:
    CompressedAnswer(std::uint16_t status, std::string_view reason, const Headers& fields,
                     std::unique_ptr<CompressionStream> stream);
    CompressedAnswer(const CompressedAnswer&) = delete;
    CompressedAnswer& operator=(const CompressedAnswer&) = delete;
    CompressedAnswer(CompressedAnswer&&) = delete;
    CompressedAnswer& operator=(CompressedAnswer&&) = delete;
    // The job that is under way is told to nobody any more.
    ~CompressedAnswer();

    [[nodiscard]] std::uint16_t status() const { return status_; }
    [[nodiscard]] const std::string& reason() const { return reason_; }
    [[nodiscard]] const Headers& plain_fields() const { return plain_; }
    [[nodiscard]] const Headers& fields() const { return compressed_; }

    // How much of the next `length` bytes belongs to the body: what is beyond the Content-Length
    // that the application announced is cut.
    std::uint64_t take(std::uint64_t length);
    [[nodiscard]] bool is_short() const { return announced_ && taken_ < *announced_; }
    [[nodiscard]] bool is_cut() const { return cut_; }

    // ---- at once ----

    // Whether `more` bytes are too many to be compressed on the loop, or would overtake others.
    [[nodiscard]] bool is_heavy(std::uint64_t more) const;
    // The next bytes for the client; good until the next call.
    std::string_view compressed(std::string_view bytes, Flush flush);
    // When all of the body is known to come anyway, nothing is flushed.
    [[nodiscard]] bool has_to_flush() const { return !announced_ && stream_->held_back() > 0; }

    // ---- beside the loop ----

    void wait(std::string_view bytes);
    void wait(FilePiece piece, std::shared_ptr<const void> owner);
    void wait_to_flush() { flush_waits_ = !announced_; }
    void wait_to_end() { end_waits_ = true; }
    // Those bytes that wait are enough: their source must wait, too.
    [[nodiscard]] bool is_full() const { return bytes_waiting_ >= kMostWaiting; }
    [[nodiscard]] bool is_under_way() const { return under_way_ != nullptr; }
    // The next one, with its stream; nothing waits, or one is under way: none.
    std::unique_ptr<CompressionJob> next_job(CompressionSink& sink);
    void job_done(CompressionJob& job);
    // All of it has been compressed, to its end.
    [[nodiscard]] bool is_ended() const { return ended_; }

    // None while a job has it.
    std::unique_ptr<CompressionStream> take_stream() { return std::move(stream_); }
    bool begun = false;  // the head has been sent, and says that it is compressed

    // Less is compressed on the loop: there it is done sooner than the thread is woken.
    static constexpr std::uint64_t kLarge = 128U << 10;
    // Of a large one whose length nobody knows, perhaps a stream of small pieces.
    static constexpr std::uint64_t kLargePiece = 16U << 10;
    static constexpr std::uint64_t kMostWaiting = 256U << 10;

  private:
    struct Input {
        std::string bytes;  // or a file
        FilePiece file;
        std::shared_ptr<const void> owner;
    };
    void fill(CompressionJob& job);

    std::uint16_t status_;
    std::string reason_;
    StoredFields stored_;
    std::string etag_;
    Headers plain_;
    Headers compressed_;
    std::optional<std::uint64_t> announced_;
    std::uint64_t taken_ = 0;
    bool cut_ = false;
    std::unique_ptr<CompressionStream> stream_;
    std::string out_;

    std::deque<Input> waiting_;
    std::uint64_t bytes_waiting_ = 0;
    bool flush_waits_ = false;
    bool end_waits_ = false;
    bool ended_ = false;
    CompressionJob* under_way_ = nullptr;
};

}  // namespace bundle
