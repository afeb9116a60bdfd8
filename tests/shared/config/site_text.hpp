// A site.toml that stands in a test.
#pragma once
#include <string>

#include "shared/config/loader.hpp"

namespace bundle {

// site.toml in /srv/shop on a machine with two cores, where every folder and user is there.
inline LoadRequest site_text(std::string text) {
    LoadRequest request;
    request.path = "site.toml";
    request.text = std::move(text);
    request.folder = "/srv/shop";
    request.cores = 2;
    request.uid = 0;
    request.demand = Demand::WellFormed;
    return request;
}

inline constexpr const char* kSmallest = "[app.main]\nwsgi = \"hello:app\"\n";

// The lines of what is wrong; empty when nothing is.
inline std::string problems_of(const LoadRequest& request) {
    const auto loaded = load_config(request);
    return loaded ? std::string() : loaded.error().message;
}

// What is wrong with the smallest file and this below it.
inline std::string problems_with(const std::string& text) {
    return problems_of(site_text(kSmallest + text));
}

}  // namespace bundle
