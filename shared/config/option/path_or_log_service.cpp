#include "shared/config/option/path_or_log_service.hpp"

#include "shared/config/log_place.hpp"

namespace bundle::config {

Result<std::string> PathOrLogService::read(const Node& node) const {
    const Text* text = node.text();
    if (!text || !names_log_service(text->value)) return path_.read(node);
    TRY(parse_log_service(text->value, ""));
    return text->value;
}

}  // namespace bundle::config
