// What the master hands over to the program that takes its place in the same process: all that it
// knows, as plain data. The descriptors that are named here stay open meanwhile.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/master/control_socket.hpp"
#include "shared/master/identity.hpp"
#include "shared/master/run_directory.hpp"
#include "shared/master/sd_notify.hpp"
#include "shared/master/supervision.hpp"

namespace bundle {

// To be raised whenever something changes that a master and children of different releases would
// understand differently: this state, control messages, descriptors and arguments of a child, the
// scoreboard. Releases of different numbers cannot take over from each other.
inline constexpr std::uint32_t kUpgradeProtocol = 3;

struct MasterState {
    struct Socket {
        int fd = -1;
        std::string name;  // or a path, or what the configuration calls it
        std::string file;  // of a unix socket that we made
    };
    struct ChildState {
        ChildNumber number = 0;
        Supervision::Child life;
        std::string name;
        int program = -1;
        std::vector<std::string> arguments;
        Identity identity;
        pid_t pid = -1;
        int control = -1;
        bool up = false;
    };
    struct App {
        std::uint32_t wanted = 0;
        std::uint32_t connected = 0;
        bool scaled = false;
    };

    std::uint32_t protocol = kUpgradeProtocol;
    std::string version;
    std::string folder;
    Notifier::Kept notifier;
    std::vector<ControlSocket::Asker> askers;  // who wait for the upgrade

    RunDirectory::Kept run_directory;
    Socket workers;
    std::vector<Socket> former_workers{};      // of fronts that leave ...
    std::vector<ChildNumber> former_fronts{};  // ... these
    ControlSocket::Kept control;
    std::vector<Socket> inherited{};
    int null = -1;
    std::string pid_file;

    std::uint32_t generation = 1;  // that serves
    std::uint32_t last_generation = 1;
    std::string config;
    int error_log = -1;  // -1: stderr
    int access_log = -1;
    bool logs_reopened = false;
    bool in_maintenance = false;
    int credentials = -1;
    std::vector<Socket> listeners{};  // in the order of the configuration
    std::vector<int> scoreboards{};   // in the order of the apps
    std::vector<App> apps{};          // likewise
    ChildNumber front = kFront;
    ChildNumber first_arbiter = 0;
    std::vector<ChildState> children{};
    ChildNumber next_child = 0;
};

std::string encode(const MasterState& state);
// An error says what to do when it comes from a release that cannot hand over to this one.
Result<MasterState> decode_master_state(const std::string& text);

// All that it names.
std::vector<int> descriptors_of(const MasterState& state);

}  // namespace bundle
