#include "frontend/answer/head_writer.hpp"

#include "shared/http/status.hpp"

namespace bundle {

void HeadWriter::status(std::uint16_t status, std::string_view reason) {
    if (version_ == HttpVersion::Http2) return packed_field(":status", std::to_string(status));
    if (reason.empty()) reason = reason_phrase(status);
    char line[] = "HTTP/1.1 000 ";
    for (std::size_t at = sizeof line - 3; status > 0; status /= 10)
        line[at--] = static_cast<char>('0' + status % 10);
    out_.append(line, sizeof line - 1).append(reason).append("\r\n");
}

void HeadWriter::packed_field(std::string_view name, std::string_view value) {
    const std::uint32_t sizes[2] = {static_cast<std::uint32_t>(name.size()),
                                    static_cast<std::uint32_t>(value.size())};
    char packed[sizeof sizes];
    std::memcpy(packed, sizes, sizeof sizes);
    out_.append(packed, sizeof packed).append(name).append(value);
}

}  // namespace bundle
