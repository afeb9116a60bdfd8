#include "shared/config/log_place.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/ip_address.hpp"
#include "shared/base/log_service/log_socket.hpp"
#include "shared/config/listen_address.hpp"
#include "shared/config/socket_address.hpp"

namespace bundle {

namespace {

constexpr std::string_view kSyslog = "syslog:";
constexpr std::string_view kJournald = "journald";
constexpr std::string_view kSyslogPort = ":514";

constexpr std::array<std::string_view, 24> kFacilities = {
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};

// RFC 5424: up to 48 visible characters of ASCII.
constexpr std::size_t kLongestTag = 48;
bool is_tag(std::string_view text) {
    return !text.empty() && text.size() <= kLongestTag &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string tag_of(std::string_view name) {
    std::string tag(name.substr(0, kLongestTag));
    std::ranges::replace_if(
        tag, [](char c) { return c <= ' ' || c >= 0x7f; }, '_');
    return tag.empty() ? "bundle" : tag;
}

std::string machine_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "-";
    return name.data();
}

Result<void> set_address(LogService& service, std::string_view text) {
    constexpr std::string_view kWanted =
        "its server must be \"10.0.0.5:514\" (UDP), \"tcp:10.0.0.5:601\" or \"unix:/dev/log\"";
    std::string rest(text);
    service.is_stream = text.starts_with("tcp:");
    if (text.starts_with("tcp:") || text.starts_with("udp:")) rest.erase(0, 4);
    const bool is_bracketed = rest.starts_with('[') && rest.ends_with(']');
    if (is_bracketed || IpAddress::parse(rest))
        rest = (is_bracketed || rest.find(':') == std::string::npos ? rest : "[" + rest + "]") +
               std::string(kSyslogPort);
    const auto address = parse_listen_address(rest);
    if (!address) return failure(std::string(kWanted));
    const auto* ip = std::get_if<TcpAddress>(&*address);
    // Looking a name up could hold every client up.
    const bool is_ip = ip != nullptr && ip->port != 0 && IpAddress::parse(ip->host);
    if (!is_ip && !text.starts_with("unix:/")) return failure(std::string(kWanted));
    service.address = socket_address(*address);
    return {};
}

Result<void> set_syslog(LogService& service, std::string_view key, std::string_view value) {
    if (key == "server") return set_address(service, value);
    if (key == "facility") {
        const auto* const found = std::ranges::find(kFacilities, value);
        if (found == kFacilities.end() || found == kFacilities.begin())
            return failure("its facility must be one of syslog's, such as daemon or local7");
        service.facility = static_cast<unsigned>(found - kFacilities.begin());
        return {};
    }
    if (key == "tag") {
        if (!is_tag(value)) return failure("its tag must be up to 48 visible characters of ASCII");
        service.tag = value;
        return {};
    }
    return failure(fmt::format("its {} is unknown; there can be server, facility and tag", key));
}

}  // namespace

bool names_log_service(std::string_view place) {
    return place.starts_with(kSyslog) || place == kJournald ||
           place.starts_with(std::string(kJournald) + ":");
}

Result<LogService> parse_log_service(std::string_view place, std::string_view name) {
    LogService service;
    service.tag = tag_of(name);
    service.machine = machine_name();
    if (place.starts_with(kJournald)) {
        service.kind = LogService::Kind::Journald;
        place.remove_prefix(kJournald.size());
        if (place.empty()) place = ":/run/systemd/journal/socket";
        if (!place.starts_with(":/")) return failure("what follows \"journald:\" must be a path");
        TRY(set_address(service, "unix" + std::string(place)));
        return service;
    }
    TRY(set_address(service, "unix:/dev/log"));
    place.remove_prefix(kSyslog.size());
    while (!place.empty()) {
        const std::string_view part = place.substr(0, place.find(','));
        place.remove_prefix(std::min(part.size() + 1, place.size()));
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos)
            return failure("what follows \"syslog:\" must be such as server=10.0.0.5,tag=shop");
        TRY(set_syslog(service, part.substr(0, equals), part.substr(equals + 1)));
    }
    return service;
}

std::optional<LogService> log_service_of(const std::string& place, const Config& config) {
    if (!names_log_service(place)) return std::nullopt;
    auto service = parse_log_service(place, config.server.name);
    return service ? std::optional(std::move(*service)) : std::nullopt;
}

LogTarget log_target_of(std::string process, const Config& config, int fd) {
    LogTarget target{std::move(process), config.log.level, fd};
    target.as_json = config.log.format == LogFormat::Json;
    if (auto service = log_service_of(config.log.path, config))
        target.service = std::make_shared<LogSocket>(std::move(*service), target.patience);
    return target;
}

}  // namespace bundle
