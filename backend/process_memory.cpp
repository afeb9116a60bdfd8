#include "backend/process_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>

#include "shared/base/owned_fd.hpp"

namespace bundle {

Bytes proportional_memory_in(std::string_view smaps_rollup) {
    constexpr std::string_view kName = "\nPss:";
    const std::size_t at = smaps_rollup.find(kName);
    if (at == std::string_view::npos) return {};
    std::string_view rest = smaps_rollup.substr(at + kName.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    std::uint64_t kibibytes = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), kibibytes);
    return {kibibytes << 10};
}

Result<Bytes> proportional_memory(pid_t pid) {
    const std::string path = fmt::format("/proc/{}/smaps_rollup", pid);
    const OwnedFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return system_failure("open " + path);
    std::array<char, 4096> text{};
    const ssize_t got = read(file.get(), text.data(), text.size());
    if (got < 0) return system_failure("read " + path);
    return proportional_memory_in({text.data(), static_cast<std::size_t>(got)});
}

}  // namespace bundle
