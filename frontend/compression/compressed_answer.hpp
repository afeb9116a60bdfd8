// An application's answer that is compressed on its way to the client (RFC 9110 section 8.4).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/internal_redirect.hpp"
#include "frontend/compression/gzip.hpp"
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

// Begins with a head that is held back until something of the body is there: a file goes out as it
// is.
class CompressedAnswer {
  public:
    CompressedAnswer(std::uint16_t status, std::string_view reason, const Headers& fields,
                     std::unique_ptr<GzipStream> stream);

    [[nodiscard]] std::uint16_t status() const { return status_; }
    [[nodiscard]] const std::string& reason() const { return reason_; }
    [[nodiscard]] const Headers& plain_fields() const { return plain_; }
    [[nodiscard]] const Headers& fields() const { return compressed_; }

    // The next bytes for the client; good until the next call. What is beyond the Content-Length
    // that the application announced is cut.
    std::string_view add(std::string_view bytes);
    // What had been held back; "" when that was nothing, or when all of the body is known to come
    // anyway.
    std::string_view flush();
    std::string_view end();
    [[nodiscard]] bool is_short() const { return announced_ && taken_ < *announced_; }
    [[nodiscard]] bool is_cut() const { return cut_; }

    std::unique_ptr<GzipStream> take_stream() { return std::move(stream_); }
    bool begun = false;  // the head has been sent, and says that it is compressed

  private:
    std::uint16_t status_;
    std::string reason_;
    StoredFields stored_;
    std::string etag_;
    Headers plain_;
    Headers compressed_;
    std::optional<std::uint64_t> announced_;
    std::uint64_t taken_ = 0;
    bool cut_ = false;
    std::unique_ptr<GzipStream> stream_;
    std::string out_;
};

}  // namespace bundle
