// Where proxy_pass leads, and which of those is the application.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "shared/import/nginx/server.hpp"

namespace bundle::imported {

struct PassTarget {
    std::string address;  // "unix:/run/gunicorn.sock", "127.0.0.1:8000", or the name of an
                          // upstream; empty: not to be known
    std::string uri;      // behind it, "" or "/..."
};
PassTarget pass_target(const std::string& url);

class Upstreams {
  public:
    // upstream NAME { server ...; }
    void add(const Directive& upstream, Import& out);
    // The application is what is passed to where it listens; where nobody says so, the first one
    // that is passed to.
    void find_application(const std::vector<NginxServer>& servers,
                          const std::vector<std::string>& binds, Import& out);
    // Those of the application are not needed any more; others are missing.
    void tell_members(Import& out) const;
    [[nodiscard]] bool is_application(const PassTarget& target) const;
    [[nodiscard]] bool has_application() const { return !application_.empty(); }
    [[nodiscard]] const Said& passed() const { return passed_; }

  private:
    [[nodiscard]] std::vector<std::string> addresses_of(const PassTarget& target) const;

    struct Member {
        std::string address;
        Said said;
    };
    std::map<std::string, std::vector<Member>> members_;
    std::vector<std::string> application_;
    Said passed_;  // the first that leads there
};

// "localhost:8000", "0.0.0.0:8000" and ":8000" are one address to somebody on this machine.
std::string local_address(const std::string& address);

}  // namespace bundle::imported
