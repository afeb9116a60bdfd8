#include "shared/base/process_title.hpp"

#include <sys/prctl.h>
#include <unistd.h>

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

// Behind the title, as far as they fit; what stood there goes. Returns how long all is then.
std::size_t append(std::initializer_list<std::string_view> texts) {
    TitleArea& to = area();
    std::size_t length = to.title;
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

    to.title = 0;
    to.title = append({title});

    const std::string_view name = title.substr(0, title.find(':'));
    if (name == to.name) return;
    to.name = name;
    prctl(PR_SET_NAME, to.name.c_str());
}

void show_in_process_title(std::string_view activity) {
    if (!area().memory.empty()) append({" [", activity, "]"});
}

}  // namespace bundle
