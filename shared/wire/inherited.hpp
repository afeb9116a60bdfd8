// Which descriptors a child of the master finds open at its start. Everything else is
// close-on-exec.
//
// Both children read the configuration as text (loader.hpp) from a memfd: the same text that
// `bundle config` prints, so there is one format and nothing is read twice from disk.
#pragma once

namespace bundle::wire {

// 0 is /dev/null, 1 and 2 are the master's; 2 is the error log.
inline constexpr int kControlFd = 3;  // SOCK_SEQPACKET, see control.hpp
inline constexpr int kConfigFd = 4;   // memfd, read from its start

// bundle-front GENERATION [await-commit]
inline constexpr const char* kAwaitCommit = "await-commit";  // accept nobody before that
inline constexpr int kWorkerListenerFd =
    5;  // unix stream listener that workers connect to, already listening
inline constexpr int kAccessLogFd = 6;  // where the access log goes; /dev/null when it is off
inline constexpr int kCredentialsFd =
    7;  // memfd, see shared/tls/credentials.hpp; empty where nobody speaks TLS
inline constexpr int kFirstListenerFd =
    8;  // one for each [[listen]], in their order, already listening; behind them a view of the
        // scoreboard of each [app.NAME]

// bundle-backend APP SOCKET GENERATION
inline constexpr int kScoreboardFd =
    5;  // see scoreboard.hpp; has as many rows as the app may have workers

// Where workers connect: a name below server.run_directory, this one or SOCKET. The master keeps
// the listener, so that a front that is started again finds its workers waiting in the backlog.
// After an upgrade the new front has another one than the old, whose workers are not to come to it.
inline constexpr const char* kWorkerSocketName = "workers.sock";

}  // namespace bundle::wire
