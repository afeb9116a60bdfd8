#include "shared/import/nginx/tls.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "shared/import/nginx/scope.hpp"

namespace bundle::imported {

namespace {

bool is_variable(const std::string& path) {
    return path.find('$') != std::string::npos || path.starts_with("data:") ||
           path.starts_with("engine:");
}

void take_protocols(Import& out, const Directive& directive) {
    const auto speaks = [&](std::string_view version) {
        return std::ranges::find(directive.arguments, version) != directive.arguments.end();
    };
    out.put_text(out.draft.tls, "min_version",
                 speaks("TLSv1.3") && !speaks("TLSv1.2") ? "1.3" : "1.2", directive.said());
    if (speaks("TLSv1") || speaks("TLSv1.1") || speaks("SSLv3"))
        out.differs(directive.said(), "nothing before TLS 1.2 is spoken");
}

void take_ciphers(Import& out, const Directive& directive) {
    const std::string key = directive.name == "ssl_ciphers" ? "ciphers" : "groups";
    const std::string value = directive.argument(0);
    if (value == "auto" || value == "DEFAULT")
        return out.not_needed(directive.said(), "tls.profile decides");
    out.put_text(out.draft.tls, "profile", "custom", directive.said());
    out.put_text(out.draft.tls, key, value, directive.said());
}

class Tls {
  public:
    Tls(Import& out, std::string folder) : out_(out), folder_(std::move(folder)) {}

    void take(const Directive& directive) {
        DraftTable& tls = out_.draft.tls;
        const std::string& name = directive.name;
        if (name == "ssl_protocols") return take_protocols(out_, directive);
        if (name == "ssl_ciphers" || name == "ssl_ecdh_curve") return take_ciphers(out_, directive);
        if (name == "ssl_verify_client") return take_client_verify(out_, tls, directive);
        if (name == "ssl_client_certificate") return put_path(tls, "client_ca", directive);
        if (name == "ssl_session_ticket_key") return put_path(tls, "ticket_key_file", directive);
        if (name == "ssl_session_tickets")
            return out_.put(tls, "session_tickets",
                            directive.argument(0) == "on" ? "true" : "false", directive.said());
        if (name == "ssl_reject_handshake") {
            if (directive.argument(0) == "on")
                out_.put_text(tls, "unknown_name", "reject", directive.said());
            return;
        }
        if (name == "ssl" || name == "http2")
            return out_.not_needed(directive.said(), "listen.tls says it; HTTP/2 comes with it");
        take_in_scope({out_, tls, Level::Http}, directive);
    }

    // The certificates of one block, each with the key that has its number.
    void take_certificates(const Directives& directives) {
        const auto certificates = all(directives, "ssl_certificate"),
                   keys = all(directives, "ssl_certificate_key");
        const Directive* password = find_in(directives, "ssl_password_file");
        for (std::size_t i = 0; i < certificates.size(); ++i) {
            if (i >= keys.size()) {
                out_.not_translated(certificates[i]->said(), "it has no ssl_certificate_key");
                continue;
            }
            add_pair(*certificates[i], *keys[i], password);
        }
    }

  private:
    static std::vector<const Directive*> all(const Directives& directives, std::string_view name) {
        std::vector<const Directive*> found;
        for (const Directive& directive : directives)
            if (directive.name == name) found.push_back(&directive);
        return found;
    }

    void add_pair(const Directive& certificate, const Directive& key, const Directive* password) {
        if (is_variable(certificate.argument(0)) || is_variable(key.argument(0)))
            return out_.not_translated(certificate.said(), "a certificate is a file with a name");
        DraftTable pair{"[[tls.certificate]]"};
        put_path(pair, "certificate", certificate);
        put_path(pair, "key", key);
        if (password) put_path(pair, "key_password_file", *password);
        const DraftLine* first = pair.find("certificate");
        if (!first || !pair.find("key") || !known_.insert(first->value).second) return;
        out_.draft.certificates.push_back(std::move(pair));
    }

    void put_path(DraftTable& table, std::string_view key, const Directive& directive) {
        const std::string path = directive.argument(0);
        if (path.empty()) return out_.not_translated(directive.said(), "it names no file");
        out_.put_text(table, key, (std::filesystem::path(folder_) / path).string(),
                      directive.said());
    }

    Import& out_;
    std::string folder_;
    std::set<std::string> known_;  // certificates
};

}  // namespace

void take_client_verify(Import& out, DraftTable& table, const Directive& directive) {
    const std::string value = directive.argument(0);
    if (value == "optional_no_ca")
        return out.not_translated(directive.said(), "what clients show has to be valid");
    if (value == "off" && !out.draft.tls.find("client_verify")) return;
    out.put_text(table, "client_verify",
                 value == "on"    ? "require"
                 : value == "off" ? "off"
                                  : "optional",
                 directive.said());
}

bool is_of_tls(const Directive& directive) {
    return directive.name.starts_with("ssl") || directive.name == "http2";
}

void take_tls(Import& out, const std::vector<NginxServer>& servers, const Directives& of_http,
              const std::string& folder) {
    Tls tls(out, folder);
    std::set<std::string> said;
    for (const NginxServer& server : servers) {
        tls.take_certificates(server.directives);
        for (const Directive& directive : server.directives) {
            if (!is_of_tls(directive) || directive.name.starts_with("ssl_certificate") ||
                directive.name == "ssl_password_file" || directive.name == "ssl_verify_client")
                continue;  // the last one is its site's own
            said.insert(directive.name);
            tls.take(directive);
        }
    }
    tls.take_certificates(of_http);
    for (const Directive& directive : of_http)
        if (is_of_tls(directive) && !said.contains(directive.name) &&
            !directive.name.starts_with("ssl_certificate") && directive.name != "ssl_password_file")
            tls.take(directive);
}

}  // namespace bundle::imported
