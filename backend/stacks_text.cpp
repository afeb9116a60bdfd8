#include "backend/stacks_text.hpp"

#include <charconv>
#include <optional>
#include <vector>

namespace bundle {

namespace {

constexpr std::string_view kOfRequest = "the request's thread";

struct ThreadStack {
    std::optional<std::uint64_t> id;
    std::string_view name;                 // of a newer Python: "[Thread-1]"
    std::vector<std::string_view> frames;  // the innermost first
};

// "Thread 0x00007f5e8c3c5740 (most recent call first):", "Current thread 0x..." or, of a newer
// Python, "Thread 0x... [name] (most recent call first):".
ThreadStack heading(std::string_view line) {
    ThreadStack thread;
    const std::size_t number = line.find("0x");
    if (number == std::string_view::npos) return thread;
    std::uint64_t id = 0;
    const char* const end = line.data() + line.size();
    const auto parsed = std::from_chars(line.data() + number + 2, end, id, 16);
    if (parsed.ec != std::errc()) return thread;
    thread.id = id;
    const std::string_view behind(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
    const std::size_t open = behind.find('[');
    const std::size_t close = behind.rfind(']');
    if (open != std::string_view::npos && close != std::string_view::npos && open < close)
        thread.name = behind.substr(open, close - open + 1);
    return thread;
}

std::vector<ThreadStack> parsed(std::string_view dump) {
    std::vector<ThreadStack> threads;
    while (!dump.empty()) {
        const std::size_t end = std::min(dump.find('\n'), dump.size());
        const std::string_view line = dump.substr(0, end);
        dump.remove_prefix(std::min(end + 1, dump.size()));
        if (line.empty()) continue;
        if (line.starts_with("  ") && !threads.empty())
            threads.back().frames.push_back(line.substr(2));
        else if (!line.starts_with("  "))
            threads.push_back(heading(line));
    }
    return threads;
}

void append(std::string& text, const ThreadStack& thread, std::string_view what) {
    if (!text.empty()) text += '\n';
    text += what;
    if (!thread.name.empty()) text.append(" ").append(thread.name);
    text += ':';
    for (auto frame = thread.frames.rbegin(); frame != thread.frames.rend(); ++frame)
        text.append("\n  ").append(*frame);
}

}  // namespace

std::string stacks_text(std::string_view dump, std::uint64_t request) {
    const std::vector<ThreadStack> threads = parsed(dump);
    std::string text;
    for (const ThreadStack& thread : threads)
        if (request == 0 || thread.id != request) append(text, thread, "a thread");
    for (const ThreadStack& thread : threads)
        if (request != 0 && thread.id == request) append(text, thread, kOfRequest);
    return text;
}

std::string_view stack_of_request(std::string_view stacks) {
    const std::size_t heading = stacks.rfind(kOfRequest);
    if (heading == std::string_view::npos) return stacks;
    const std::size_t end = stacks.find('\n', heading);
    return end == std::string_view::npos ? std::string_view() : stacks.substr(end + 1);
}

}  // namespace bundle
