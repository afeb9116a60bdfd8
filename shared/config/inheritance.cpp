#include "shared/config/inheritance.hpp"

#include <fmt/format.h>

namespace bundle::config {

namespace {

class Heir {
  public:
    Heir(ScopeConfig& scope, std::string name, const Origins& origins)
        : scope_(scope), name_(std::move(name)), origins_(origins) {}

    // HttpConfig or ScopeConfig.
    template <typename Around>
    void take_limits(const Around& around) {
        take("underscore_headers", scope_.underscore_headers, around.underscore_headers);
        take("max_body", scope_.max_body, around.max_body);
        take("body_memory", scope_.body_memory, around.body_memory);
        take("body_timeout", scope_.body_timeout, around.body_timeout);
        take("body_min_rate", scope_.body_min_rate, around.body_min_rate);
        take("send_timeout", scope_.send_timeout, around.send_timeout);
        take("send_min_rate", scope_.send_min_rate, around.send_min_rate);
        take("response_memory", scope_.response_memory, around.response_memory);
        take("response_disk", scope_.response_disk, around.response_disk);
    }

    void take_client_verify(ClientVerify& of_site, ClientVerify of_tls) {
        take("client_verify", of_site, of_tls);
    }

    void take_files(FilesConfig& files, const FilesConfig& site) {
        take("immutable", files.immutable, site.immutable);
        take("cache_control", files.cache_control, site.cache_control);
        take("expires", files.expires, site.expires);
        take("precompressed", files.precompressed, site.precompressed);
        take("listing", files.listing, site.listing);
        take("max_ranges", files.max_ranges, site.max_ranges);
        take("symlinks", files.symlinks, site.symlinks);
        take("dotfiles", files.dotfiles, site.dotfiles);
    }

    void take_compression(CompressionConfig& compression, const CompressionConfig& site) {
        take("gzip", compression.on, site.on);
        take("compression", compression.codings, site.codings);
        take("gzip_types", compression.types, site.types);
        take("gzip_min_size", compression.min_size, site.min_size);
        take("gzip_level", compression.gzip_level, site.gzip_level);
        take("brotli_level", compression.brotli_level, site.brotli_level);
        take("zstd_level", compression.zstd_level, site.zstd_level);
        take("compression_padding", compression.padding, site.padding);
    }

    void take_all(const ScopeConfig& site) {
        take_limits(site);
        take("allow", scope_.allow, site.allow);
        take("deny", scope_.deny, site.deny);
        take("access_log", scope_.access_log, site.access_log);
        take("server_timing", scope_.server_timing, site.server_timing);
        for (const auto& [status, file] : site.errors)
            if (!scope_.errors.contains(class_of(status))) scope_.errors.emplace(status, file);
    }

  private:
    template <typename Value>
    void take(std::string_view option, Value& to, const Value& from) {
        if (!origins_.contains(fmt::format("{}.{}", name_, option))) to = from;
    }
    // Of "404" and "4xx": what a route says of the class counts for what the site says of one.
    static std::string class_of(const std::string& status) { return status.substr(0, 1) + "xx"; }

    ScopeConfig& scope_;
    std::string name_;
    const Origins& origins_;
};

}  // namespace

void inherit(Config& config, const Origins& origins) {
    for (std::size_t i = 0; i < config.sites.size(); ++i) {
        SiteConfig& site = config.sites[i];
        const std::string name = fmt::format("site.{}", i);
        Heir heir_of_all(site.scope, name, origins);
        heir_of_all.take_limits(config.http);
        heir_of_all.take_client_verify(site.client_verify, config.tls.client_verify);
        for (std::size_t k = 0; k < site.routes.size(); ++k) {
            RouteConfig& route = site.routes[k];
            Heir heir(route.scope, fmt::format("{}.route.{}", name, k), origins);
            heir.take_all(site.scope);
            heir.take_files(route.files, site.files);
            heir.take_compression(route.compression, site.compression);
        }
    }
}

}  // namespace bundle::config
