// brotli (RFC 7932), by Google's library. Built where that is.
#pragma once
#include <brotli/encode.h>

#include <memory>
#include <string>
#include <string_view>

#include "frontend/compression/compression_stream.hpp"
#include "shared/base/free_with.hpp"

namespace bundle {

class BrotliStream final : public CompressionStream {
  public:
    [[nodiscard]] Coding coding() const override { return Coding::Brotli; }
    // The library has no way to begin anew.
    [[nodiscard]] bool is_worth_keeping() const override { return false; }

  private:
    void restart(const BodyCoding& body) override;
    void compress(std::string_view bytes, Flush flush, std::string& out) override;
    void run(BrotliEncoderOperation operation, std::string_view bytes, std::string& out);

    std::unique_ptr<BrotliEncoderState, FreeWith<BrotliEncoderDestroyInstance>> state_;
    std::string padding_;  // not yet written
};

}  // namespace bundle
