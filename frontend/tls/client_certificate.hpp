// The certificate that a client has shown, in the words of mod_ssl and nginx.
#pragma once
#include <string>

#include "shared/http/headers.hpp"
#include "shared/tls/openssl.hpp"

namespace bundle {

struct ClientCertificate {
    bool shown = false;   // and valid, or there would be no connection
    std::string subject;  // RFC 2253: "CN=alice,O=Example"
    std::string issuer;
    std::string common_name;
    std::string serial;  // hexadecimal
    std::string begins;  // "Nov 26 12:00:00 2026 GMT"
    std::string ends;
    std::string fingerprint;  // SHA-1 of it whole, hexadecimal in small letters
    std::string pem;
};

ClientCertificate client_certificate(const SSL& ssl);
// SSL_CLIENT_VERIFY and, when one was shown, the others; views into `certificate`.
void append_variables(const ClientCertificate& certificate, Headers& into);

}  // namespace bundle
