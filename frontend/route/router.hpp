// Which site and route a request meets, and so what answers it: a file, an application, or a file
// if there is one and else the application.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/route/rules_context.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/routing/health_check.hpp"
#include "shared/routing/host_table.hpp"

namespace bundle {

class FileRoot;      // frontend/files/file_root.hpp: a directory below which files are opened
class FixedAnswer;   // frontend/route/fixed_answer.hpp
struct QueuePolicy;  // frontend/dispatch/queue_policy.hpp
struct RouteRules;   // frontend/route/route_rules.hpp

struct RouteMatch {
    const RouteRules* rules = nullptr;
    // Files are looked up here first; nullptr: none.
    const FileRoot* files = nullptr;
    // Below `files`: what follows the route's prefix, begins with "/"; empty when the path is the
    // prefix without its slash. Points into the path asked for.
    std::string_view file_path = {};
    // Index into Config::apps; nothing: 404 when there is no file.
    std::optional<std::uint32_t> app = {};
    bool buffering = true;                           // of the app's answers
    std::chrono::milliseconds request_timeout = {};  // zero: the app's
    std::string_view mount = {};  // SCRIPT_NAME of the app: the beginning of the path, or ""
    // Below `files`, where there is no such file: what then comes before the app; "": nothing.
    std::string_view fallback_file = {};
    // Of a redirect or a return: then there are neither files nor an app.
    const FixedAnswer* fixed = nullptr;
    bool status_page = false;                // likewise
    HealthCheck health = HealthCheck::None;  // then there is nothing else
    std::string_view rest = {};              // of the path, behind the route's prefix
    const QueuePolicy* queueing = nullptr;   // of the app's requests, where the route has one
};

// Who asks for a path: a route that is internal is there for applications only, which lead to it by
// X-Accel-Redirect.
enum class Asker : std::uint8_t { Client, Application };

class Router {
  public:
    // Opens every directory and reads every error file; an error tells of each one that cannot be
    // had.
    static Result<Router> create(const Config& config, const RulesContext& context = {});

    // `path` is decoded and normalised (RequestHead::path) and outlives the match. Nothing: no
    // site is for that host, and what then happens is server.unknown_host. The longest prefix wins,
    // an exact path before any prefix. "/static" meets the prefix
    // "/static/" too: files redirect to the slash, an application decides for itself.
    [[nodiscard]] std::optional<RouteMatch> match(std::string_view host, std::string_view path,
                                                  Asker asker = Asker::Client) const;

    // Of a request whose host cannot be read, or is nobody's: those of the site that unknown hosts
    // go to, if there is one.
    [[nodiscard]] const RouteRules& rules_without_match() const { return *rules_without_match_; }

    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;
    ~Router();

  private:
    Router(const Config& config, const RulesContext& context);
    struct Site;
    HostTable hosts_;
    std::unique_ptr<const RouteRules> rules_without_site_;
    const RouteRules* rules_without_match_;
    std::vector<Site> sites_;
};

}  // namespace bundle
