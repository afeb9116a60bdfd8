// zstd (RFC 8878), by Facebook's library. Built where that is.
#pragma once
#include <zstd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "frontend/compression/compression_stream.hpp"
#include "shared/base/free_with.hpp"

namespace bundle {

class ZstdStream final : public CompressionStream {
  public:
    ZstdStream();

    [[nodiscard]] Coding coding() const override { return Coding::Zstd; }
    [[nodiscard]] bool is_worth_keeping() const override { return true; }

  private:
    void restart(const BodyCoding& body) override;
    void compress(std::string_view bytes, Flush flush, std::string& out) override;

    std::unique_ptr<ZSTD_CCtx, FreeWith<ZSTD_freeCCtx>> state_;
    std::uint32_t padding_ = 0;
};

}  // namespace bundle
