#include "shared/base/process_title.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace bundle {

namespace {

struct TitleArea {
    std::span<char>
        memory;  // argv and the environment as the kernel laid them out: one string after the other
    std::size_t title = 0;    // of these bytes ...
    std::size_t written = 0;  // ... and with what stands behind it
    std::string name;
    std::atomic<std::uint64_t> activity = 0;  // how many were shown
    std::size_t activity_end = 0;             // of these bytes
    std::atomic_flag written_now;
};

// For the time of a memcpy.
class Writing {
  public:
    explicit Writing(TitleArea& area) : area_(area) {
        while (area_.written_now.test_and_set(std::memory_order_acquire)) {
        }
    }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    ~Writing() { area_.written_now.clear(std::memory_order_release); }

  private:
    TitleArea& area_;
};

TitleArea& area() {
    static TitleArea the_area;
    return the_area;
}

// The strings of argv and environ follow each other without a gap unless someone has moved them.
char* end_of_contiguous_strings(char* begin, char** strings) {
    char* end = begin;
    for (char** string = strings; *string != nullptr; ++string)
        if (*string == end) end += std::strlen(*string) + 1;
    return end;
}

// Kept for good: whoever holds a pointer from getenv() keeps it, even after an unsetenv().
struct MovedEnvironment {
    std::vector<std::string> strings;
    std::vector<char*> pointers;
};

void move_environment_away() {
    static MovedEnvironment& moved = *new MovedEnvironment;
    for (char** entry = environ; *entry != nullptr; ++entry) moved.strings.emplace_back(*entry);
    for (std::string& entry : moved.strings) moved.pointers.push_back(entry.data());
    moved.pointers.push_back(nullptr);
    environ = moved.pointers.data();
}

// Behind so many bytes, as far as they fit; what stood there goes. Returns how long all is then.
std::size_t append(std::size_t length, std::initializer_list<std::string_view> texts) {
    TitleArea& to = area();
    for (const std::string_view text : texts)
        length += text.copy(to.memory.data() + length, to.memory.size() - 1 - length);
    // Only what the last one left behind: the environment can be many pages.
    if (to.written > length) std::memset(to.memory.data() + length, 0, to.written - length);
    to.memory[length] = '\0';
    return to.written = length;
}

}  // namespace

void claim_process_title(int argc, char** argv) {
    if (argc == 0 || environ == nullptr) return;
    char* end = end_of_contiguous_strings(argv[0], argv);
    end = end_of_contiguous_strings(end, environ);
    move_environment_away();
    area().memory = {argv[0], end};
    area().written = area().memory.size();
}

void set_process_title(std::string_view title) {
    TitleArea& to = area();
    if (to.memory.empty()) return;

    {
        const Writing writing(to);
        to.title = append(0, {title});
    }

    const std::string_view name = title.substr(0, title.find(':'));
    if (name == to.name) return;
    to.name = name;
    prctl(PR_SET_NAME, to.name.c_str());
}

void show_in_process_title(std::string_view activity) {
    TitleArea& to = area();
    if (to.memory.empty()) return;
    const Writing writing(to);
    to.activity.store(to.activity.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    to.activity_end = append(to.title, {" [", activity, "]"}) - 1;
}

std::uint64_t activity_in_process_title() {
    return area().activity.load(std::memory_order_acquire);
}

void add_to_activity_in_process_title(std::uint64_t number, std::string_view text) {
    TitleArea& to = area();
    if (to.memory.empty()) return;
    const Writing writing(to);
    if (to.activity.load(std::memory_order_relaxed) == number)
        append(to.activity_end, {" ", text, "]"});
}

}  // namespace bundle
