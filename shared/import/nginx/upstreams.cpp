#include "shared/import/nginx/upstreams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/import/nginx/plain_words.hpp"

namespace bundle::imported {

namespace {

bool is_pass(const Directive& directive) {
    return directive.name == "proxy_pass" || directive.name == "uwsgi_pass";
}

std::vector<const Directive*> passes_of(const std::vector<NginxServer>& servers) {
    std::vector<const Directive*> found;
    for (const NginxServer& server : servers)
        for (const Directive& location : server.locations)
            for (const Directive& directive : location.block)
                if (is_pass(directive)) found.push_back(&directive);
    return found;
}

bool have_one_in_common(const std::vector<std::string>& one,
                        const std::vector<std::string>& other) {
    return std::ranges::any_of(one, [&](const std::string& address) {
        return std::ranges::find(other, address) != other.end();
    });
}

}  // namespace

std::string local_address(const std::string& address) {
    constexpr std::array<std::string_view, 6> kOurs = {"localhost", "0.0.0.0", "[::1]",
                                                       "[::]",      "*",       ""};
    if (address.starts_with("unix:")) return address;
    const auto colon = address.rfind(':');
    const bool has_port = colon != std::string::npos && !address.ends_with(']');
    const std::string host = has_port ? address.substr(0, colon) : address;
    const std::string port = has_port ? address.substr(colon + 1) : "80";
    return (std::ranges::find(kOurs, host) != kOurs.end() ? "127.0.0.1" : host) + ":" + port;
}

PassTarget pass_target(const std::string& url) {
    std::string rest = url;
    for (const std::string_view scheme : {"http://", "https://", "uwsgi://"})
        if (rest.starts_with(scheme)) rest = rest.substr(scheme.size());
    if (rest.find('$') != std::string::npos) return {};
    // http://unix:/run/app.sock:/uri
    const auto end = rest.starts_with("unix:") ? rest.find(':', std::string_view("unix:").size())
                                               : rest.find('/');
    PassTarget target{rest.substr(0, end), end == std::string::npos ? "" : rest.substr(end)};
    if (target.uri.starts_with(':')) target.uri.erase(0, 1);
    return target;
}

void Upstreams::add(const Directive& upstream, Import& out) {
    auto& members = members_[upstream.argument(0)];
    for (const Directive& directive : upstream.block) {
        if (directive.name != "server") {
            out.not_needed(directive.said(), std::string(kNoUpstream));
            continue;
        }
        members.push_back({local_address(directive.argument(0)), directive.said()});
    }
}

void Upstreams::tell_members(Import& out) const {
    for (const auto& [name, members] : members_) {
        const bool is_ours = is_application({name, ""});
        for (const Member& member : members) {
            if (is_ours)
                out.not_needed(member.said,
                               "the application's workers take requests from bundle itself");
            else
                out.not_translated(member.said,
                                   "another application: one is taken over at a time; import its "
                                   "own --gunicorn into another file, and name it [app.OTHER]");
        }
    }
}

std::vector<std::string> Upstreams::addresses_of(const PassTarget& target) const {
    if (target.address.empty()) return {};
    const auto named = members_.find(target.address);
    if (named == members_.end()) return {local_address(target.address)};
    std::vector<std::string> addresses;
    for (const Member& member : named->second) addresses.push_back(member.address);
    return addresses;
}

void Upstreams::find_application(const std::vector<NginxServer>& servers,
                                 const std::vector<std::string>& binds, Import& out) {
    const Directive* first = nullptr;
    for (const Directive* pass : passes_of(servers)) {
        const auto addresses = addresses_of(pass_target(pass->argument(0)));
        if (addresses.empty()) continue;
        if (!first) first = pass;
        if (!have_one_in_common(addresses, binds)) continue;
        first = pass;
        application_ = binds;
        break;
    }
    if (!first) return;
    passed_ = first->said();
    const auto addresses = addresses_of(pass_target(first->argument(0)));
    if (application_.empty() && !binds.empty())
        out.contradicted(passed_, fmt::format("the application listens on {}; taken to be the same",
                                              fmt::join(binds, ", ")));
    application_.insert(application_.end(), addresses.begin(), addresses.end());
}

bool Upstreams::is_application(const PassTarget& target) const {
    return have_one_in_common(addresses_of(target), application_);
}

}  // namespace bundle::imported
