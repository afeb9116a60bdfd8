#include "backend/python/stack_dump.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "tests/backend/wsgi/wsgi_fixture.hpp"
#include "tests/support/deadline.hpp"

namespace bundle {
namespace {

using testing::HasSubstr;

// This process asks itself; the test program has Python's GIL.
StackDump answering_dump() {
    need_python();
    auto dump = StackDump::create();
    if (!dump || !answer_with_stacks(dump->memory(), -1)) throw std::runtime_error("no dump");
    return std::move(*dump);
}

TEST(StackDump, IsCompleteWhenEveryThreadIsTold) {
    const StackDump dump = answering_dump();
    EXPECT_FALSE(dump.is_complete());

    dump.ask(getpid());
    await_condition("the dump", [&] { return dump.is_complete(); });

    EXPECT_THAT(dump.text(), HasSubstr("hread 0x"));
    EXPECT_THAT(dump.text(), HasSubstr("(most recent call first):"));
}

TEST(StackDump, TheNextOneForgetsTheOneBefore) {
    const StackDump dump = answering_dump();
    for (int i = 0; i < 3; ++i) {
        dump.ask(getpid());
        await_condition("the dump", [&] { return dump.is_complete(); });
    }

    const std::string text = dump.text();
    EXPECT_EQ(text.find("Current thread"), text.rfind("Current thread"));
}

TEST(StackDump, IsNotWrittenIntoAFileThatTookItsDescriptor) {
    const StackDump dump = answering_dump();
    const OwnedFd answers(fcntl(dump.memory(), F_DUPFD_CLOEXEC, 0));
    const OwnedFd other = unnamed_file("");
    ASSERT_EQ(dup2(other.get(), dump.memory()), dump.memory());
    dump.ask(getpid());
    ASSERT_EQ(dup2(answers.get(), dump.memory()), dump.memory());
    dump.ask(getpid());
    await_condition("the dump", [&] { return dump.is_complete(); });

    EXPECT_EQ(contents_of(other.get()), "");
}

TEST(StackDump, LastWordsAreNoStacks) {
    const auto dump = StackDump::create();
    ASSERT_TRUE(dump);
    EXPECT_EQ(dump->last_words(), "");

    leave_last_words(dump->memory(), "no module named shop");

    EXPECT_EQ(dump->last_words(), "no module named shop");
    EXPECT_FALSE(dump->is_complete());
}

TEST(StackDump, BreaksNoSystemCallThatWaits) {
    const StackDump dump = answering_dump();
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const OwnedFd reader(ends[0]);
    const OwnedFd writer(ends[1]);
    const pthread_t main = pthread_self();
    std::thread other([&] {
        dump.ask(getpid());
        await_condition("the dump", [&] { return dump.is_complete(); });
        pthread_kill(main, stack_signal());
        EXPECT_EQ(write(writer.get(), "!", 1), 1);
    });

    char byte = 0;
    EXPECT_EQ(read(reader.get(), &byte, 1), 1);

    other.join();
}

}  // namespace
}  // namespace bundle
