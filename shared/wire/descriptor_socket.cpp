#include "shared/wire/descriptor_socket.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace bundle::wire {

namespace {

// Room for the control message of `count` descriptors, aligned as cmsghdr wants it.
template <std::size_t count>
struct alignas(cmsghdr) DescriptorRoom {
    std::array<char, CMSG_SPACE(count * sizeof(int))> bytes{};
};

// What recvmsg(2) fills: bytes and up to `count` descriptors.
template <std::size_t count>
struct Incoming {
    explicit Incoming(std::span<char> into) : bytes{into.data(), into.size()} {
        message.msg_iov = &bytes;
        message.msg_iovlen = 1;
        message.msg_control = room.bytes.data();
        message.msg_controllen = room.bytes.size();
    }
    DescriptorRoom<count> room;
    iovec bytes;
    msghdr message{};
};

void take_descriptors(msghdr& message, auto& into) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
            into.emplace_back(fd);
        }
    }
}

}  // namespace

ssize_t receive(int socket, std::span<char> into, std::deque<OwnedFd>& descriptors) {
    Incoming<kMaxDescriptors> incoming(into);
    msghdr& message = incoming.message;
    const ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0 || (message.msg_controllen == 0 && (message.msg_flags & MSG_CTRUNC) == 0))
        return received;

    const std::size_t before = descriptors.size();
    take_descriptors(message, descriptors);
    if ((message.msg_flags & MSG_CTRUNC) == 0) return received;
    // More than fit: what came belongs to frames that we can no longer tell apart.
    if (descriptors.size() - before >= kMaxDescriptors) {
        descriptors.resize(before);
        errno = EMSGSIZE;
        return -1;
    }
    // This process has no number left for it. One is sent at a time, so the place of the one that
    // is lost is known, and only its frame suffers.
    descriptors.emplace_back();
    return received;
}

ssize_t send_with_descriptor(int socket, std::string_view bytes, int descriptor) {
    DescriptorRoom<1> room;
    iovec content{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    if (descriptor >= 0) {
        message.msg_control = room.bytes.data();
        message.msg_controllen = room.bytes.size();
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof descriptor);
        std::memcpy(CMSG_DATA(part), &descriptor, sizeof descriptor);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t send_with_descriptors(int socket, std::string_view bytes,
                              std::span<const int> descriptors) {
    if (descriptors.size() > kMostDescriptors) {
        errno = EMSGSIZE;
        return -1;
    }
    DescriptorRoom<kMostDescriptors> room;
    iovec content{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    if (!descriptors.empty()) {
        message.msg_control = room.bytes.data();
        message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(part), descriptors.data(), descriptors.size_bytes());
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t receive_datagram(int socket, std::span<char> into, std::vector<OwnedFd>& descriptors) {
    Incoming<kMostDescriptors> incoming(into);
    msghdr& message = incoming.message;
    const ssize_t received = recvmsg(socket, &message, MSG_TRUNC | MSG_CMSG_CLOEXEC);
    if (received < 0) return received;
    descriptors.clear();
    take_descriptors(message, descriptors);
    if ((message.msg_flags & MSG_CTRUNC) != 0) descriptors.clear();
    return received;
}

}  // namespace bundle::wire
