// Streams that compress, one for each body: new ones, or such as were used before, for each of
// those has a quarter of a megabyte and more, which is dear to get from the kernel and back again.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/compression/compression_stream.hpp"
#include "frontend/compression/content_coding.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class CompressionPool {
  public:
    // `coding` is built in.
    std::unique_ptr<CompressionStream> take(Coding coding, const BodyCoding& body);
    void give_back(std::unique_ptr<CompressionStream> stream);

  private:
    std::array<std::vector<std::unique_ptr<CompressionStream>>, kCodings> unused_;
};

// Of the rules for an answer.
std::uint32_t level_of(Coding coding, const CompressionConfig& rules);
// As many bytes as chance says.
std::uint32_t random_padding(const CompressionConfig& rules);

// A body that is there whole.
std::string compressed(std::string_view bytes, Coding coding, std::uint32_t level);

}  // namespace bundle
