// What ps and top show for this process: "bundle: shop master", "bundle-backend: shop worker 3 [GET
// /cart]".
//
// The kernel shows the memory in which it placed argv and the environment at exec, so a title is
// written there. Like that memory the title is one to a process, and with the log the only global
// that we have.
#pragma once
#include <cstdint>
#include <string_view>

namespace bundle {

// The first thing in main, before a thread exists: moves the environment out of the way, so that
// long titles fit. argv stays valid for the caller only until the first set_process_title.
void claim_process_title(int argc, char** argv);

// Cut when it does not fit. The word before the first ':' also becomes the name that pgrep and top
// match (at most 15 bytes). Without a claim it does nothing.
void set_process_title(std::string_view title);

// What this process does at the moment, in brackets behind its title, until the next call. Costs a
// memcpy, so a worker may call it for each request.
void show_in_process_title(std::string_view activity);

// The number of the activity that is shown, and more about that one from any thread: "2.1s". It
// stays away when another one is shown by now.
std::uint64_t activity_in_process_title();
void add_to_activity_in_process_title(std::uint64_t number, std::string_view text);

}  // namespace bundle
