// What faulthandler says of threads, as the log shows it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace bundle {

// Each thread with its innermost frame last, as in a traceback, and the thread `request` (its
// pthread_t; 0: none) behind all others: so the text ends where the request stands.
std::string stacks_text(std::string_view dump, std::uint64_t request);
// Of that text: the frames of the request's thread; all of it where that is not known.
std::string_view stack_of_request(std::string_view stacks);

}  // namespace bundle
