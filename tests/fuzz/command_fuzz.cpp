// Any datagram gives a command, or an error; what decodes encodes to the same bytes again. The same
// for what comes back.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/base/check.hpp"
#include "shared/wire/command.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view datagram(reinterpret_cast<const char*>(data), size);

    const auto request = bundle::wire::decode_command(datagram);
    const auto reply = bundle::wire::decode_reply(datagram);

    if (request) BUNDLE_CHECK(bundle::wire::encode_command(*request) == datagram);
    if (reply) BUNDLE_CHECK(bundle::wire::encode_reply(*reply) == datagram);
    return 0;
}
