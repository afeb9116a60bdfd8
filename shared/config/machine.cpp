#include "shared/config/machine.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "shared/base/file_text.hpp"
#include "shared/config/descriptor_need.hpp"
#include "shared/config/paste_ini.hpp"

namespace bundle::config {

namespace {

class Machine {
  public:
    Machine(const Config& config, const Origins& origins, Problems& problems)
        : config_(config), origins_(origins), problems_(problems) {}

    std::vector<std::string> check(uid_t uid) {
        check_server(uid);
        for (std::size_t i = 0; i < config_.listen.size(); ++i) check_listener(i);
        for (const AppConfig& app : config_.apps) check_app(app);
        for (std::size_t i = 0; i < config_.sites.size(); ++i) check_site(i);
        check_socket_can_be_made("admin.address", config_.admin.address);
        check_file_can_be_made("log.path", config_.log.path);
        check_file_can_be_made("log.access.path", config_.log.access.path);
        // server.run_directory is made at the start.
        if (!config_.control.path.starts_with(config_.server.run_directory + "/"))
            check_file_can_be_made("control.path", config_.control.path);
        return std::move(warnings_);
    }

  private:
    void complain(const std::string& option, const std::string& text) {
        if (!problems_.is_unusable(option))
            problems_.add(nearest_origin(origins_, option), option + text);
    }
    void warn(const std::string& option, const std::string& text) {
        warnings_.push_back(nearest_origin(origins_, option).place() + ": " + option + text);
    }

    void check_server(uid_t uid) {
        const ServerConfig& server = config_.server;
        check_user("server.user", server.user);
        check_group("server.group", server.group);
        check_folder("server.temp_directory", server.temp_directory);
        check_file_can_be_made("server.pid_file", server.pid_file);
        if (uid == 0 && server.user.empty())
            warn("server.user", " is not set, so that what faces the internet runs as root");
        rlimit descriptors{};
        if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0 &&
            descriptors.rlim_max < descriptor_need(config_) && uid != 0)
            warn("server.max_connections",
                 fmt::format(" is {}, but with {} open files there can be only {}; raise that "
                             "limit to {} (LimitNOFILE=, ulimit -Hn)",
                             server.max_connections, descriptors.rlim_max,
                             connections_allowed(config_, descriptors.rlim_max),
                             descriptor_need(config_)));
    }

    void check_listener(std::size_t index) {
        const std::string name = fmt::format("listen.{}", index);
        const std::string& owner = config_.listen[index].owner;
        const std::size_t colon = owner.find(':');
        check_user(name + ".owner", owner.substr(0, colon));
        if (colon != std::string::npos) check_group(name + ".owner", owner.substr(colon + 1));
        check_socket_can_be_made(name + ".address", config_.listen[index].address);
    }

    void check_socket_can_be_made(const std::string& name, const std::string& address) {
        constexpr std::string_view kUnix = "unix:";
        if (address.starts_with(kUnix)) check_file_can_be_made(name, address.substr(kUnix.size()));
    }

    void check_app(const AppConfig& app) {
        const std::string name = "app." + app.name;
        check_user(name + ".user", app.user);
        check_group(name + ".group", app.group);
        check_folder(name + ".directory", app.directory);
        if (check_folder(name + ".virtualenv", app.virtualenv) == Found::Yes &&
            look_for(app.virtualenv + "/pyvenv.cfg", S_IFREG) == Found::No)
            complain(name + ".virtualenv",
                     fmt::format(" is {}, which is no virtual environment: it has no pyvenv.cfg",
                                 app.virtualenv));
        if (app.logconfig.starts_with('/') && look_for(app.logconfig, S_IFREG) == Found::No)
            complain(name + ".logconfig", fmt::format(" is {}, which is no file", app.logconfig));
        check_paste(name + ".paste", app);
        for (const std::string& folder : app.python_path)
            if (look_for(folder, S_IFDIR) == Found::No)
                warn(name + ".python_path", fmt::format(" has {}, which is no folder", folder));
        for (const std::string& folder : app.send_file_roots)
            if (look_for(folder, S_IFDIR) == Found::No)
                complain(name + ".send_file_roots",
                         fmt::format(" has {}, which is no folder", folder));
    }

    void check_paste(const std::string& option, const AppConfig& app) {
        if (app.paste.empty()) return;
        const PasteName named = paste_name(app);
        if (look_for(named.file, S_IFREG) == Found::No)
            return complain(option,
                            fmt::format(" is \"{}\", but {} is no file", app.paste, named.file));
        const auto text = read_text_file(named.file);
        // Perhaps only the app's user may read it; "#egg:wiki" is no section.
        if (!text || named.section.find(':') != std::string::npos) return;
        const auto sections = paste_applications(*text);
        if (std::ranges::find(sections, named.section) == sections.end())
            complain(option,
                     fmt::format(" is \"{}\", but {} has no [app:{}]{}", app.paste, named.file,
                                 named.section,
                                 sections.empty() ? ""
                                                  : fmt::format("; its applications are {}",
                                                                fmt::join(sections, ", "))));
    }

    void check_site(std::size_t index) {
        const SiteConfig& site = config_.sites[index];
        const std::string name = fmt::format("site.{}", index);
        check_folder(name + ".root", site.root);
        check_errors(name, site.scope);
        for (std::size_t i = 0; i < site.routes.size(); ++i)
            check_route(fmt::format("{}.route.{}", name, i), site.routes[i]);
    }

    void check_route(const std::string& name, const RouteConfig& route) {
        check_folder(name + ".directory", route.directory);
        check_errors(name, route.scope);
    }

    void check_errors(const std::string& name, const ScopeConfig& scope) {
        const std::string option = name + ".errors";
        // Those of a site are told of once.
        if (!origins_.contains(option)) return;
        for (const auto& [status, file] : scope.errors)
            if (look_for(file, S_IFREG) == Found::No)
                complain(option, fmt::format(" has {} for {}, which is no file", file, status));
    }

    enum class Found { Yes, No, Hidden };

    // `type` is S_IFDIR or S_IFREG. What another user owns may be hidden from us, and be there all
    // the same.
    static Found look_for(const std::string& path, mode_t type) {
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0)
            return (status.st_mode & S_IFMT) == type ? Found::Yes : Found::No;
        return errno == EACCES ? Found::Hidden : Found::No;
    }

    Found check_folder(const std::string& option, const std::string& path) {
        if (path.empty()) return Found::No;
        const Found found = look_for(path, S_IFDIR);
        if (found == Found::No) complain(option, fmt::format(" is {}, which is no folder", path));
        if (found == Found::Hidden)
            warn(option, fmt::format(" is {}, which we may not look at", path));
        return found;
    }

    // For "-", "off" and services too, which need nothing.
    void check_file_can_be_made(const std::string& option, const std::string& path) {
        if (!path.starts_with('/')) return;
        const std::string folder = std::filesystem::path(path).parent_path();
        if (look_for(folder, S_IFDIR) == Found::No)
            complain(option, fmt::format(" is {}, but {} is no folder", path, folder));
    }

    void check_user(const std::string& option, const std::string& user) {
        if (!user.empty() && !::getpwnam(user.c_str()))
            complain(option, fmt::format(" is \"{}\", but there is no such user", user));
    }

    void check_group(const std::string& option, const std::string& group) {
        if (!group.empty() && !::getgrnam(group.c_str()))
            complain(option, fmt::format(" is \"{}\", but there is no such group", group));
    }

    const Config& config_;
    const Origins& origins_;
    Problems& problems_;
    std::vector<std::string> warnings_;
};

}  // namespace

std::vector<std::string> check_machine(const Config& config, const Origins& origins, uid_t uid,
                                       Problems& problems) {
    return Machine(config, origins, problems).check(uid);
}

}  // namespace bundle::config
