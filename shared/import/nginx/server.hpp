// One server { } of nginx, with what it has of http { }.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/import/draft.hpp"
#include "shared/import/nginx/directive.hpp"

namespace bundle::imported {

struct NginxListen {
    std::string address;  // as bundle writes it
    bool tls = false;
    bool is_default = false;
    bool proxy_protocol = false;
    std::string backlog = {};
    Said said = {};
};

struct NginxServer {
    Said said;
    std::vector<std::string> hosts = {};  // as bundle writes them
    bool is_unknown = false;              // it has names, but none that bundle could know
    std::vector<NginxListen> listens = {};
    Directives directives = {};  // all others
    Directives locations = {};   // flat

    [[nodiscard]] bool has_tls() const;
    [[nodiscard]] bool is_default() const;
    // The last one, as nginx has it; of the server or a location.
    [[nodiscard]] const Directive* find(std::string_view name) const;
};

// Whether a directive of http { } holds for each server that does not say it itself.
bool is_inherited(std::string_view name);

const Directive* find_in(const Directives& directives, std::string_view name);

// `inherited` are the directives of http { } around it.
NginxServer nginx_server(const Directive& server, const Directives& inherited, Import& out);

// `listen` as bundle writes it; "" where it cannot.
NginxListen nginx_listen(const Directive& directive, Import& out);

}  // namespace bundle::imported
