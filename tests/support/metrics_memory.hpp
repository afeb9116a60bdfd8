// The memory in which a worker counts, as an application of a test would fill it.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/wire/app_metrics.hpp"

namespace bundle {

class MetricsMemory {
  public:
    // `text` is name, help, label, value, ...
    void add(wire::MetricKind kind, const std::vector<std::string>& text,
             const std::vector<double>& values, const std::vector<double>& bounds = {}) {
        std::string written;
        for (const std::string& part : text) written.append(part.c_str(), part.size() + 1);
        const std::size_t size =
            (16 + 8 * (values.size() + bounds.size()) + written.size() + 7) / 8 * 8;
        for (const std::size_t number :
             {size, static_cast<std::size_t>(kind), bounds.size(), written.size()})
            append(static_cast<std::uint32_t>(number));
        for (const double value : values) append(value);
        for (const double bound : bounds) append(bound);
        bytes_ += written;
        bytes_.resize((bytes_.size() + 7) / 8 * 8);
        const auto used = static_cast<std::uint32_t>(bytes_.size());
        std::memcpy(bytes_.data(), &used, sizeof used);
    }
    void lose(std::uint32_t series) { std::memcpy(bytes_.data() + 4, &series, sizeof series); }

    [[nodiscard]] std::span<const char> bytes() const { return bytes_; }
    [[nodiscard]] std::string& raw() { return bytes_; }

  private:
    template <typename Number>
    void append(Number number) {
        bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    std::string bytes_ = std::string(8, '\0');
};

}  // namespace bundle
