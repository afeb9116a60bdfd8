// Why a process of ours has ended, as log records name it.
#pragma once
#include <string>
#include <string_view>

namespace bundle {

// Who sent a SIGKILL the kernel tells nobody; but we know our own, which have a reason
// (`killed_for`, one word, else empty), and whether the kernel kills because memory is short.
enum class Memory { WasThere, RanOut };
// `exit=3`, `signal=SIGKILL sent_by=bundle why=request_timeout`.
std::string death_cause(int wait_status, std::string_view killed_for, Memory memory);

// The same in a word or two, the value of a label: `request_timeout`, `out of memory`, `SIGSEGV`,
// `exit 3`; `left` of one that had nothing more to do.
std::string death_reason(int wait_status, std::string_view killed_for, Memory memory);

}  // namespace bundle
