#include "shared/master/served_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "shared/config/source/site_file.hpp"

namespace bundle {

namespace {

// $PWD keeps the links by which somebody came here. It may be stale, or not there at all.
std::string working_directory() {
    std::error_code ignored;
    const char* named = std::getenv("PWD");
    if (named != nullptr && std::filesystem::equivalent(named, ".", ignored)) return named;
    return std::filesystem::current_path(ignored);
}

// What the processes that stay, or those who look for us, were told at the start.
class Fixed {
  public:
    Fixed(LoadedConfig& loaded, const Config& serving) : loaded_(loaded), serving_(serving) {}

    Result<void> check() {
        ServerConfig& server = loaded_.config.server;
        ControlConfig& control = loaded_.config.control;
        stays("server.run_directory", server.run_directory, serving_.server.run_directory);
        stays("control.path", control.path, serving_.control.path);
        stays("control.mode", control.mode, serving_.control.mode);
        stays("server.user", server.user, serving_.server.user);
        stays("server.group", server.group, serving_.server.group);
        stays("server.pid_file", server.pid_file, serving_.server.pid_file);
        if (!problems_.empty()) return failure(fmt::format("{}", fmt::join(problems_, "\n")));
        return {};
    }

  private:
    void stays(const std::string& option, auto& value, const auto& serving) {
        if (value == serving) return;
        const bool said = loaded_.origins.contains(option);
        const bool is_default = option == "server.run_directory" || option == "control.path";
        if (!said && is_default) {
            value = serving;  // found out from the folder of the file, which may be another one now
            return;
        }
        problems_.push_back(
            fmt::format("{}: {} cannot change while bundle runs; stop it and start it again",
                        config::nearest_origin(loaded_.origins, option).place(), option));
    }

    LoadedConfig& loaded_;
    const Config& serving_;
    std::vector<std::string> problems_;
};

}  // namespace

ServedFile::ServedFile(LoadRequest request, std::filesystem::path programs)
    : ServedFile(std::move(request), std::move(programs), working_directory()) {}

ServedFile::ServedFile(LoadRequest request, std::filesystem::path programs, std::string folder)
    : request_(std::move(request)), programs_(std::move(programs)), folder_(std::move(folder)) {}

Result<Reading> ServedFile::read_again(const Config& serving) const {
    if (chdir(folder_.c_str()) != 0)
        return system_failure("enter the working directory " + folder_);
    TRY_ASSIGN(LoadedConfig loaded, load_config(request_));
    TRY(Fixed(loaded, serving).check());
    TRY_ASSIGN(Plan plan, plan_for(loaded.config, programs_));
    return Reading{std::move(loaded), std::move(plan)};
}

std::filesystem::path ServedFile::path() const {
    if (request_.text) return {};
    return (std::filesystem::path(folder_) / request_.path).lexically_normal();
}

std::vector<std::string> ServedFile::included() const {
    if (request_.text) return {};
    return config::included_by({path().string(), {}, {}}, request_.environment);
}

Result<Plan> plan_for(const Config& config, const std::filesystem::path& programs,
                      PlanFor purpose) {
    TRY_ASSIGN(const Programs found, find_programs(programs));
    return make_plan(config, found, purpose);
}

}  // namespace bundle
