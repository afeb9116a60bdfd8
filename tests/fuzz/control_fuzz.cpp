// Any datagram gives a control message or an error; what decodes encodes to the same bytes again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/base/check.hpp"
#include "shared/wire/control.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view datagram(reinterpret_cast<const char*>(data), size);

    const auto message = bundle::wire::decode_control(datagram);

    if (message) BUNDLE_CHECK(bundle::wire::encode_control(*message) == datagram);
    return 0;
}
