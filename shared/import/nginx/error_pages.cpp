#include "shared/import/nginx/error_pages.hpp"

#include <algorithm>

#include "shared/routing/path_table.hpp"

namespace bundle::imported {

namespace {

// The location of a URI: an exact one, else the longest prefix.
const Directive* location_of(const NginxServer& server, const std::string& uri) {
    const Directive* longest = nullptr;
    for (const Directive& location : server.locations) {
        const std::string first = location.argument(0), second = location.argument(1);
        if (first == "=" && second == uri) return &location;
        const std::string& prefix = first == "^~" ? second : first;
        if (!prefix.starts_with('/') || !uri.starts_with(prefix)) continue;
        if (!longest || prefix.size() > longest->arguments.back().size()) longest = &location;
    }
    return longest;
}

std::string file_of(const NginxServer& server, const std::string& uri) {
    const Directive* location = location_of(server, uri);
    if (!location) return root_of({}, server) + uri;
    if (const Directive* alias = find_in(location->block, "alias")) {
        const std::string prefix = location->arguments.back();
        return alias->argument(0) + uri.substr(std::min(prefix.size(), uri.size()));
    }
    return root_of(location->block, server) + uri;
}

bool is_status(const std::string& text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() == 3 && (text[0] == '4' || text[0] == '5') && is_digit(text[1]) &&
           is_digit(text[2]);
}

// Where Debian's nginx begins with a relative path.
constexpr const char* kPrefix = "/usr/share/nginx/";

}  // namespace

std::string root_of(const Directives& directives, const NginxServer& server) {
    const Directive* root = find_in(directives, "root");
    if (!root) root = server.find("root");
    if (!root || root->argument(0).empty() || root->argument(0).find('$') != std::string::npos)
        return "";
    std::string folder = root->argument(0);
    if (!folder.starts_with('/')) folder = kPrefix + folder;
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    return folder;
}

void take_error_page(const Scope& scope, const Directive& directive) {
    Import& out = scope.out;
    const Said said = directive.said();
    const std::string uri = directive.arguments.empty() ? "" : directive.arguments.back();
    if (!uri.starts_with('/') || uri.find('$') != std::string::npos ||
        uri.find("..") != std::string::npos)
        return out.not_translated(
            said, "errors has files; an application's or another site's page is none");
    for (std::size_t i = 0; i + 1 < directive.arguments.size(); ++i) {
        const std::string& code = directive.arguments[i];
        if (code.starts_with('='))
            out.not_translated(said, "an error keeps its status");
        else if (!is_status(code))
            out.not_translated(said, code + " is no error that bundle answers");
        else if (scope.server)
            out.add_to_table(scope.table, "errors", code, file_of(*scope.server, uri), said);
    }
}

}  // namespace bundle::imported
