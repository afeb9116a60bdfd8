// gzip (RFC 1952), by zlib.
#pragma once
#include <zlib.h>

#include <string>
#include <string_view>

#include "frontend/compression/compression_stream.hpp"

namespace bundle {

class GzipStream final : public CompressionStream {
  public:
    GzipStream();
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;
    GzipStream(GzipStream&&) = delete;
    GzipStream& operator=(GzipStream&&) = delete;
    ~GzipStream() override;

    [[nodiscard]] Coding coding() const override { return Coding::Gzip; }
    [[nodiscard]] bool is_worth_keeping() const override { return true; }

  private:
    void restart(const BodyCoding& body) override;
    void compress(std::string_view bytes, Flush flush, std::string& out) override;

    z_stream state_{};
    gz_header header_{};  // while there is padding, which is the name in it
    std::string name_;
};

}  // namespace bundle
