// Where every Python thread of another process stands: asked for by a signal, written by the
// handler of that signal into memory that both share.
//
// The handler is C, and needs neither the GIL nor a thread that runs bytecode: it works while the
// process sleeps in a system call, waits for a lock or loops in C. The text is faulthandler's, made
// in a child without a copy of anything but this thread: there the memory stands still, and a frame
// that another thread was just changing costs that child and not the request.
//
// A signal reaches the main thread first and may end a wait of its there. SA_RESTART and PEP 475 go
// on with it; a C library that does not was broken before.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle {

// Of the real-time signals, which nothing sends by itself, one that no library is known to take:
// they count from either end.
inline int stack_signal() { return SIGRTMAX - 5; }

// The asker's end.
class StackDump {
  public:
    static Result<StackDump> create();

    [[nodiscard]] int memory() const { return memory_.get(); }
    // Forgets the answer before.
    void ask(pid_t process) const;
    [[nodiscard]] bool is_complete() const;
    // As far as it has come.
    [[nodiscard]] std::string text() const;
    // What leave_last_words() wrote; "": nothing.
    [[nodiscard]] std::string last_words() const;

  private:
    explicit StackDump(OwnedFd memory) : memory_(std::move(memory)) {}
    OwnedFd memory_;
};

// In its place, from a process that is about to end: why it does.
void leave_last_words(int memory, std::string_view words);

// In the process that is asked, with the GIL held: from now on it answers, and tells so to the
// eventfd `wake` (-1: to nobody).
Result<void> answer_with_stacks(int memory, int wake);

// Beside it, in the main thread and before it: ask_for_call() makes this process call `function`
// with the GIL held, as soon as its main thread runs Python or waits where a signal ends the wait.
Result<void> call_when_asked(const std::function<void()>& function);
void ask_for_call(pid_t process);

}  // namespace bundle
