#include "shared/wire/frame.hpp"

#include <fmt/format.h>

#include <array>

#include "shared/wire/codec.hpp"

namespace bundle::wire {

namespace {

enum class Belongs { ToConnection, ToRequest, ToEither };
enum class Descriptor { Never, Allowed, Always };

struct FrameRule {
    FrameType type;
    Belongs belongs;
    Descriptor descriptor;
    std::size_t max_payload;
};

// In the order of the types' numbers, which begin at 1.
constexpr std::array kFrameRules = {
    FrameRule{FrameType::Hello,          Belongs::ToConnection, Descriptor::Always,  kMaxPayload},
    FrameRule{FrameType::Request,        Belongs::ToRequest,    Descriptor::Allowed, kMaxPayload},
    FrameRule{FrameType::AnswerHead,     Belongs::ToRequest,    Descriptor::Never,   kMaxPayload},
    FrameRule{FrameType::Data,           Belongs::ToRequest,    Descriptor::Never,   kMaxData   },
    FrameRule{FrameType::File,           Belongs::ToRequest,    Descriptor::Always,  kMaxPayload},
    FrameRule{FrameType::End,            Belongs::ToRequest,    Descriptor::Never,   kMaxPayload},
    FrameRule{FrameType::Log,            Belongs::ToEither,     Descriptor::Never,   kMaxLog    },
    FrameRule{FrameType::Drain,          Belongs::ToConnection, Descriptor::Never,   0          },
    FrameRule{FrameType::Retire,         Belongs::ToConnection, Descriptor::Never,   0          },
    FrameRule{FrameType::ErrorLog,       Belongs::ToConnection, Descriptor::Always,  0          },
    FrameRule{FrameType::ExtendDeadline, Belongs::ToRequest,    Descriptor::Never,   kMaxPayload},
    FrameRule{FrameType::Free,           Belongs::ToRequest,    Descriptor::Never,   0          },
    FrameRule{FrameType::Metrics,        Belongs::ToConnection, Descriptor::Always,  0          },
    FrameRule{FrameType::Cost,           Belongs::ToRequest,    Descriptor::Never,   kMaxPayload},
};
constexpr FrameRule kUnknownTypeRule = {FrameType{}, Belongs::ToEither, Descriptor::Allowed,
                                        kMaxPayload};

constexpr bool in_order_of_types() {
    for (std::size_t i = 0; i < kFrameRules.size(); ++i)
        if (static_cast<std::size_t>(kFrameRules[i].type) != i + 1) return false;
    return true;
}
static_assert(in_order_of_types());

const FrameRule& rule_for(FrameType type) {
    const auto number = static_cast<std::size_t>(type);
    return number >= 1 && number <= kFrameRules.size() ? kFrameRules[number - 1] : kUnknownTypeRule;
}

bool obeys(const FrameHeader& header, const FrameRule& rule) {
    if (header.length > rule.max_payload) return false;
    // A flag that we do not know would change the meaning of what we do know.
    if ((header.flags & ~static_cast<unsigned>(FrameFlag::HasDescriptor)) != 0) return false;
    if (header.has_descriptor() && rule.descriptor == Descriptor::Never) return false;
    if (!header.has_descriptor() && rule.descriptor == Descriptor::Always) return false;
    if (rule.belongs == Belongs::ToConnection) return header.stream == 0;
    if (rule.belongs == Belongs::ToRequest) return header.stream != 0;
    return true;
}

FrameHeader read_header(std::string_view bytes) {
    FrameHeader header;
    std::uint16_t type = 0;
    Reader reader(bytes.substr(0, kHeaderSize));
    reader.number(header.length);
    reader.number(type);
    reader.number(header.flags);
    reader.number(header.stream);
    header.type = static_cast<FrameType>(type);
    return header;
}

}  // namespace

Result<std::optional<FrameHeader>> peek_header(std::string_view bytes) {
    if (bytes.size() < kHeaderSize) return std::nullopt;
    const FrameHeader header = read_header(bytes);
    if (obeys(header, rule_for(header.type))) return header;
    return failure(fmt::format("no frame has type {}, {} bytes, flags {:#x} and stream {}",
                               static_cast<unsigned>(header.type), header.length, header.flags,
                               header.stream));
}

Result<std::optional<Frame>> take_frame(std::string_view& bytes) {
    TRY_ASSIGN(const auto header, peek_header(bytes));
    if (!header) return std::nullopt;
    const std::size_t whole = kHeaderSize + header->length;
    if (bytes.size() < whole) return std::nullopt;
    const Frame frame{*header, bytes.substr(kHeaderSize, header->length)};
    bytes.remove_prefix(whole);
    return frame;
}

std::size_t frame_size(std::string_view bytes) {
    if (bytes.size() < kHeaderSize) return 0;
    return kHeaderSize + read_header(bytes).length;
}

void append_header(std::string& out, const FrameHeader& header) {
    const std::size_t start = out.size();
    out.resize(start + kHeaderSize);
    Writer writer(out.data() + start);
    writer.number(header.length);
    writer.number(static_cast<std::uint16_t>(header.type));
    writer.number(header.flags);
    writer.number(header.stream);
}

}  // namespace bundle::wire
