#include "shared/base/oom_kills.hpp"

#include <charconv>
#include <string_view>
#include <utility>

#include "shared/base/file_text.hpp"

namespace bundle {

namespace {

// Calls `use` with each line until it says that it has what it wants.
template <typename Use>
bool any_line(std::string_view text, Use use) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (use(text.substr(0, end))) return true;
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return false;
}

// Where that hierarchy shows the counter of the group that a line of /proc/self/cgroup names:
// "0::/system.slice/x.service", "9:memory:/docker/1f..".
std::string counter_file(const std::string& mount, std::string_view line) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) return {};
    const std::string_view controller = line.substr(first + 1, second - first - 1);
    std::string group(line.substr(second + 1));
    if (group == "/") group.clear();
    if (controller.empty()) return mount + group + "/memory.events";
    if (controller == "memory") return mount + "/memory" + group + "/memory.oom_control";
    return {};
}

}  // namespace

OomKills::OomKills(const std::string& mount, const std::string& membership) {
    const auto groups = read_text_file(membership);
    if (!groups) return;
    any_line(*groups, [&](std::string_view line) {
        const std::string file = counter_file(mount, line);
        if (file.empty() || !read_text_file(file)) return false;
        file_ = file;
        return true;
    });
    last_ = count();
}

std::uint64_t OomKills::count() const {
    std::uint64_t count = 0;
    const auto text = file_.empty() ? failure("none") : read_text_file(file_);
    if (!text) return last_;
    any_line(*text, [&](std::string_view line) {
        constexpr std::string_view kName = "oom_kill ";
        if (!line.starts_with(kName)) return false;
        std::from_chars(line.data() + kName.size(), line.data() + line.size(), count);
        return true;
    });
    return count;
}

bool OomKills::went_up() {
    const std::uint64_t now = count();
    return now > std::exchange(last_, now);
}

}  // namespace bundle
