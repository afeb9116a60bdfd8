// How a worker tells the master which folders hold the modules that its application has imported:
// datagrams, a folder in each line, to a socket in server.run_directory. Only with dev.reload.
#pragma once
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle::wire {

inline constexpr const char* kSourceReportsName = "sources.sock";
inline constexpr std::size_t kLongestSourceReport = 64U << 10;

// In the master; a file of that name is replaced. Does not block.
Result<OwnedFd> open_source_reports(const std::string& path);
// Lines, as many as there are. That nobody listens is no error: what is not told is not watched.
void report_sources(const std::string& path, std::string_view folders);
// One report; "" when there is none.
std::string hear_source_report(int socket);

}  // namespace bundle::wire
