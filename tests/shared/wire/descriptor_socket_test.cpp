#include "shared/wire/descriptor_socket.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "shared/wire/messages.hpp"

namespace bundle::wire {

namespace {

struct SocketPair {
    OwnedFd ours;
    OwnedFd theirs;
};

SocketPair stream_pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    return {OwnedFd(ends[0]), OwnedFd(ends[1])};
}

OwnedFd file_with(std::string_view content) {
    OwnedFd file(memfd_create("content", MFD_CLOEXEC));
    EXPECT_EQ(write(file.get(), content.data(), content.size()),
              static_cast<ssize_t>(content.size()));
    return file;
}

std::string content_of(const OwnedFd& file) {
    std::array<char, 64> room{};
    const ssize_t size = pread(file.get(), room.data(), room.size(), 0);
    return {room.data(), static_cast<std::size_t>(size < 0 ? 0 : size)};
}

}  // namespace

TEST(DescriptorSocket, DescriptorsKeepTheOrderOfTheirFramesHoweverTheBytesAreCut) {
    for (const std::size_t piece : {1U, 5U, 28U, 4096U}) {
        SocketPair sockets = stream_pair();
        for (const std::string_view content : {"first", "second", "third"}) {
            std::string frame;
            encode(frame, 1, File{.offset = 0, .length = content.size()});
            encode_data(frame, 1, "between");
            ASSERT_EQ(send_with_descriptor(sockets.ours.get(), frame, file_with(content).get()),
                      static_cast<ssize_t>(frame.size()));
        }
        sockets.ours = OwnedFd();

        std::string gathered;
        std::deque<OwnedFd> descriptors;
        std::vector<std::string> got;
        std::vector<char> room(piece);
        for (ssize_t count = 1; count > 0;) {
            count = receive(sockets.theirs.get(), room, descriptors);
            ASSERT_GE(count, 0);
            gathered.append(room.data(), static_cast<std::size_t>(count));
            std::string_view left = gathered;
            for (auto frame = take_frame(left); frame && *frame; frame = take_frame(left)) {
                if (!(*frame)->header.has_descriptor()) continue;
                ASSERT_FALSE(descriptors.empty()) << "a frame came before its descriptor";
                got.push_back(content_of(descriptors.front()));
                descriptors.pop_front();
            }
            gathered.erase(0, gathered.size() - left.size());
        }

        EXPECT_EQ(got, (std::vector<std::string>{"first", "second", "third"}));
        EXPECT_TRUE(descriptors.empty());
    }
}

TEST(DescriptorSocket, WhatIsReceivedIsClosedOnExec) {
    const SocketPair sockets = stream_pair();
    ASSERT_EQ(send_with_descriptor(sockets.ours.get(), "x", STDERR_FILENO), 1);

    std::deque<OwnedFd> descriptors;
    std::array<char, 8> room{};
    ASSERT_EQ(receive(sockets.theirs.get(), room, descriptors), 1);

    ASSERT_EQ(descriptors.size(), 1);
    EXPECT_NE(fcntl(descriptors.front().get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(DescriptorSocket, BytesAloneBringNoDescriptor) {
    const SocketPair sockets = stream_pair();
    ASSERT_EQ(send_with_descriptor(sockets.ours.get(), "hello", -1), 5);

    std::deque<OwnedFd> descriptors;
    std::array<char, 8> room{};
    EXPECT_EQ(receive(sockets.theirs.get(), room, descriptors), 5);
    EXPECT_TRUE(descriptors.empty());
}

TEST(DescriptorSocket, MoreDescriptorsThanFitAreAllClosedAndAnError) {
    const SocketPair sockets = stream_pair();
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe2(pipe_ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    const OwnedFd reader(pipe_ends[0]);
    OwnedFd writer(pipe_ends[1]);
    {
        std::array<int, kMaxDescriptors + 1> all{};
        all.fill(writer.get());
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof all)> room{};
        iovec bytes{.iov_base = room.data(), .iov_len = 1};
        msghdr message{};
        message.msg_iov = &bytes;
        message.msg_iovlen = 1;
        message.msg_control = room.data();
        message.msg_controllen = room.size();
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        *part = {
            .cmsg_len = CMSG_LEN(sizeof all), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        std::memcpy(CMSG_DATA(part), all.data(), sizeof all);
        ASSERT_EQ(sendmsg(sockets.ours.get(), &message, 0), 1);
    }
    writer = OwnedFd();
    std::deque<OwnedFd> descriptors;
    std::array<char, 8> room{};

    errno = 0;
    EXPECT_EQ(receive(sockets.theirs.get(), room, descriptors), -1);
    EXPECT_EQ(errno, EMSGSIZE);
    EXPECT_TRUE(descriptors.empty());
    // The end of the file: nobody holds the other end of the pipe any more.
    EXPECT_EQ(read(reader.get(), room.data(), room.size()), 0);
}

TEST(DescriptorSocket, OneThatThereIsNoNumberForComesAsNoneAndTheBytesCome) {
    const SocketPair sockets = stream_pair();
    ASSERT_EQ(send_with_descriptor(sockets.ours.get(), "frame", STDERR_FILENO), 5);
    std::deque<OwnedFd> descriptors;
    std::array<char, 8> room{};

    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const OwnedFd next_free(dup(STDERR_FILENO));
    const rlimit none_left{.rlim_cur = static_cast<rlim_t>(next_free.get()),
                           .rlim_max = before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none_left), 0);
    const ssize_t got = receive(sockets.theirs.get(), room, descriptors);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);

    EXPECT_EQ(got, 5);
    ASSERT_EQ(descriptors.size(), 1);
    EXPECT_FALSE(descriptors.front());
}

TEST(DescriptorSocket, AGonePeerIsAnErrorAndNoSignal) {
    SocketPair sockets = stream_pair();
    sockets.theirs = OwnedFd();

    EXPECT_EQ(send_with_descriptor(sockets.ours.get(), "x", -1), -1);
    EXPECT_EQ(errno, EPIPE);
}

}  // namespace bundle::wire
