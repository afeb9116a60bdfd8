// Any text gives a Config or an error of at least one line; a Config prints as text that gives it
// again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/base/check.hpp"
#include "shared/config/loader.hpp"
#include "shared/config/printer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    const auto config = bundle::load_resolved_config(text);

    if (!config) {
        BUNDLE_CHECK(!config.error().message.empty());
        return 0;
    }
    const auto again = bundle::load_resolved_config(bundle::print_config(*config));
    BUNDLE_CHECK(again && *again == *config);
    return 0;
}
