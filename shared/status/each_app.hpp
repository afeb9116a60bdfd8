// The same of each application, one below the other.
#pragma once
#include <string>

#include "shared/status/json_lines.hpp"

namespace bundle {

// `text` gives whole lines.
std::string text_of_apps(const auto& apps, const auto& text) {
    std::string all;
    for (const auto& app : apps) all += text(app);
    return all.empty() ? "no application is served\n" : all;
}

// `members` gives those of an application's object.
std::string json_of_apps(const auto& apps, const auto& members) {
    JsonLines objects;
    for (const auto& app : apps) objects.add("{" + members(app) + "}");
    return objects.list();
}

}  // namespace bundle
