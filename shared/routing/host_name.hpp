// The host of a request as it is compared: without port and without the dot that ends a complete
// name, in lower case.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace bundle {

class HostName {
  public:
    // "Shop.Example.:8000" is "shop.example", "[::1]:8000" is "[::1]". What is longer than a name
    // of DNS can be is "", which no site has.
    explicit HostName(std::string_view authority);

    [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

  private:
    // Here and not in a string: this is made for every request.
    std::array<char, 255> bytes_;
    std::size_t size_ = 0;
};

// "shop.example:8000" without ":8000".
std::string_view without_port(std::string_view authority);

}  // namespace bundle
