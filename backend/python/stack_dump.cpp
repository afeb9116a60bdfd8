#include "backend/python/stack_dump.hpp"

#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace bundle {

namespace py = pybind11;

namespace {

constexpr int kForStacks = 1;  // what the signal carries
constexpr int kForCall = 2;
constexpr char kComplete = '\0';   // the last byte of an answer
constexpr char kLastWords = '\1';  // the first byte of what is none

// All that the handler can reach.
struct {
    void (*write_stacks)(int signal) = nullptr;  // faulthandler's handler
    int memory = -1;
    int wake = -1;
    dev_t device = 0;
    ino_t inode = 0;
} asked;

// An application that closes all descriptors may have a file of its own there by now.
bool memory_is_ours() {
    struct stat about {};
    return fstat(asked.memory, &about) == 0 && about.st_dev == asked.device &&
           about.st_ino == asked.inode;
}

[[noreturn]] void write_stacks_and_exit(int signal) {
    constexpr unsigned kLongest = 2;  // seconds
    for (const int fault : {SIGSEGV, SIGBUS, SIGALRM}) ::signal(fault, SIG_DFL);
    prctl(PR_SET_DUMPABLE, 0);  // no core file
    alarm(kLongest);
    asked.write_stacks(signal);
    _exit(0);
}

void answer(int signal) {
    if (!memory_is_ours()) return;
    // Not fork(3): its handlers are the application's, and take locks. Without a signal at its end
    // the child is none that the application could be told of or wait for.
    const long child = syscall(SYS_clone, 0, nullptr, nullptr, nullptr, nullptr);
    if (child == 0) write_stacks_and_exit(signal);
    if (child > 0) {
        while (waitpid(static_cast<pid_t>(child), nullptr, __WCLONE) < 0 && errno == EINTR) {
        }
    } else {
        asked.write_stacks(signal);  // no memory for it: then here
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] ssize_t written = write(asked.memory, &kComplete, sizeof kComplete);
    if (asked.wake >= 0) written = write(asked.wake, &one, sizeof one);
}

void on_signal(int signal, siginfo_t* info, void* /*context*/) {
    const int interrupted_error = errno;
    if (info->si_code == SI_QUEUE && info->si_value.sival_int == kForStacks) answer(signal);
    if (info->si_code == SI_QUEUE && info->si_value.sival_int == kForCall)
        PyErr_SetInterruptEx(signal);
    errno = interrupted_error;
}

}  // namespace

Result<StackDump> StackDump::create() {
    OwnedFd memory(memfd_create("bundle stacks", MFD_CLOEXEC));
    if (!memory) return system_failure("create memory for stacks");
    return StackDump(std::move(memory));
}

void StackDump::ask(pid_t process) const {
    // The place to write at is shared, too.
    if (ftruncate(memory_.get(), 0) == 0) lseek(memory_.get(), 0, SEEK_SET);
    sigqueue(process, stack_signal(), {.sival_int = kForStacks});
}

bool StackDump::is_complete() const {
    struct stat about {};
    char last = 1;
    return fstat(memory_.get(), &about) == 0 && about.st_size > 0 &&
           pread(memory_.get(), &last, 1, about.st_size - 1) == 1 && last == kComplete;
}

std::string StackDump::text() const {
    constexpr std::size_t kMost = 256U << 10;
    std::string text(kMost, '\0');
    const ssize_t got = pread(memory_.get(), text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    if (text.ends_with(kComplete)) text.pop_back();
    return text;
}

std::string StackDump::last_words() const {
    const std::string words = text();
    return words.starts_with(kLastWords) ? words.substr(1) : "";
}

void leave_last_words(int memory, std::string_view words) {
    const std::string whole = kLastWords + std::string(words);
    if (ftruncate(memory, 0) != 0) return;
    [[maybe_unused]] const ssize_t written = pwrite(memory, whole.data(), whole.size(), 0);
}

Result<void> answer_with_stacks(int memory, int wake) {
    struct stat about {};
    if (fstat(memory, &about) != 0) return system_failure("look at the memory for stacks");
    const int signal = stack_signal();
    try {
        py::module_::import("faulthandler")
            .attr("register")(signal, py::arg("file") = memory, py::arg("all_threads") = true);
    } catch (const py::error_already_set& error) {
        return failure(std::string("prepare to tell where threads stand: ") + error.what());
    }
    struct sigaction handler {};
    sigaction(signal, nullptr, &handler);
    // A forked process has registered before, and then finds not faulthandler's but what came
    // later.
    if (asked.write_stacks == nullptr) asked.write_stacks = handler.sa_handler;
    asked.memory = memory;
    asked.wake = wake;
    asked.device = about.st_dev;
    asked.inode = about.st_ino;
    handler.sa_sigaction = on_signal;
    handler.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigemptyset(&handler.sa_mask);
    if (sigaction(signal, &handler, nullptr) != 0) return system_failure("take a signal");
    return {};
}

Result<void> call_when_asked(const std::function<void()>& function) {
    try {
        py::module_::import("signal").attr("signal")(
            stack_signal(),
            py::cpp_function([function](const py::object&, const py::object&) { function(); }));
    } catch (const py::error_already_set& error) {
        return failure(std::string("take a signal for Python: ") + error.what());
    }
    return {};
}

void ask_for_call(pid_t process) { sigqueue(process, stack_signal(), {.sival_int = kForCall}); }

}  // namespace bundle
