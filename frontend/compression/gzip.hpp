// Compression by gzip (RFC 1952), by zlib.
#pragma once
#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bundle {

enum class GzipFlush : std::uint8_t {
    None,  // zlib may hold back what it has been given
    Sync,  // all of it can be read by whoever gets the bytes
    End,
};

class GzipStream {
  public:
    explicit GzipStream(std::uint32_t level);
    GzipStream(const GzipStream&) = delete;  // zlib's state points to itself
    GzipStream& operator=(const GzipStream&) = delete;
    GzipStream(GzipStream&&) = delete;
    GzipStream& operator=(GzipStream&&) = delete;
    ~GzipStream();

    // For another body.
    void restart(std::uint32_t level);
    // Compresses `bytes`, and appends what is ready to `out`.
    void add(std::string_view bytes, GzipFlush flush, std::string& out);
    // Whether something was given that may not be in what came out yet.
    [[nodiscard]] bool holds_back() const { return holds_back_; }

  private:
    z_stream state_{};
    bool holds_back_ = false;
};

// Streams that were used before: each has a quarter of a megabyte, which is dear to get from the
// kernel and back again.
class GzipPool {
  public:
    std::unique_ptr<GzipStream> take(std::uint32_t level);
    void give_back(std::unique_ptr<GzipStream> stream);

  private:
    std::vector<std::unique_ptr<GzipStream>> unused_;
};

std::string gzipped(std::string_view bytes, std::uint32_t level);

}  // namespace bundle
