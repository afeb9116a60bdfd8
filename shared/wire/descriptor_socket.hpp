// Sending and receiving bytes with descriptors (SCM_RIGHTS) on a unix socket, blocking or not.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "shared/base/owned_fd.hpp"

namespace bundle::wire {

// One recvmsg(2). Descriptors that came along are appended to `descriptors`, close-on-exec.
// Returns what recvmsg returns: bytes, 0 at the end, -1 with errno. A peer that sends more
// descriptors than fit (kMaxDescriptors in one call) gets -1 and EMSGSIZE. One for which this
// process has no number left is appended as an OwnedFd that owns none.
inline constexpr std::size_t kMaxDescriptors = 16;
ssize_t receive(int socket, std::span<char> into, std::deque<OwnedFd>& descriptors);

// One sendmsg(2) with MSG_NOSIGNAL; `descriptor` (-1: none) travels with the first byte.
ssize_t send_with_descriptor(int socket, std::string_view bytes, int descriptor);

// One datagram with any number of descriptors, up to kMostDescriptors.
inline constexpr std::size_t kMostDescriptors = 250;
ssize_t send_with_descriptors(int socket, std::string_view bytes, std::span<const int> descriptors);

// Returns the length that the datagram has, which may be more than fitted. `descriptors` gets those
// that came along, or none when this process has no numbers left for all of them.
ssize_t receive_datagram(int socket, std::span<char> into, std::vector<OwnedFd>& descriptors);

}  // namespace bundle::wire
