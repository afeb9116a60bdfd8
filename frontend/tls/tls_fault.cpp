#include "frontend/tls/tls_fault.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace bundle {

namespace {

struct Row {
    int reason;
    std::string_view text;
};

// clang-format off
constexpr std::array kRows = {
    // What we found.
    Row{SSL_R_CALLBACK_FAILED,                 "no certificate has the server name that it asks for, and tls.unknown_name is \"reject\""},
    Row{SSL_R_NO_SHARED_CIPHER,                "it offers no cipher that we have (tls.profile, tls.ciphers)"},
    Row{SSL_R_UNSUPPORTED_PROTOCOL,            "it speaks only versions of TLS that are too old (tls.min_version, tls.profile)"},
    Row{SSL_R_VERSION_TOO_LOW,                 "it speaks only versions of TLS that are too old (tls.min_version, tls.profile)"},
    Row{SSL_R_WRONG_VERSION_NUMBER,            "what it sends is no TLS, or a version that does not exist"},
    Row{SSL_R_NO_SUITABLE_KEY_SHARE,           "it offers no group for the key exchange that we have (tls.groups)"},
    Row{SSL_R_NO_SUITABLE_GROUPS,              "it offers no group for the key exchange that we have (tls.groups)"},
    Row{SSL_R_NO_SHARED_GROUPS,                "it offers no group for the key exchange that we have (tls.groups)"},
    Row{SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, "it accepts no signature that our certificate's key can make"},
    Row{SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS,  "it accepts no signature that our certificate's key can make"},
    Row{SSL_R_NO_APPLICATION_PROTOCOL,         "it offers no protocol that we speak here (listen.protocols)"},
    Row{SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, "it shows no certificate, and has to (tls.client_verify, site.client_verify)"},
    Row{SSL_R_BAD_EXTENSION,                   "its hello is malformed"},
    Row{SSL_R_LENGTH_MISMATCH,                 "its hello is malformed"},
    Row{SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "what it sends was damaged on the way"},
    Row{SSL_R_INAPPROPRIATE_FALLBACK,          "it fell back to an old version without need"},
    // What it found: alerts (RFC 8446 section 6.2).
    Row{SSL_R_TLSV1_ALERT_UNKNOWN_CA,          "it does not know the authority that issued our certificate (unknown_ca); is the chain complete?"},
    Row{SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,     "it does not accept our certificate (bad_certificate)"},
    Row{SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, "it does not accept our certificate (certificate_unknown)"},
    Row{SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "it finds our certificate expired"},
    Row{SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, "it finds our certificate revoked"},
    Row{SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, "it cannot use the kind of certificate that we have"},
    Row{SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,   "it finds nothing in common with us (handshake_failure)"},
    Row{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,    "it does not speak our version of TLS (protocol_version)"},
    Row{SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY, "it wants stronger ciphers (insufficient_security)"},
    Row{SSL_R_TLSV1_ALERT_DECRYPT_ERROR,       "it could not verify what we signed (decrypt_error)"},
    Row{SSL_R_TLSV1_ALERT_USER_CANCELLED,      "it gave up (user_canceled)"},
    Row{SSL_R_TLSV1_ALERT_INTERNAL_ERROR,      "it has an error of its own (internal_error)"},
};
// clang-format on

}  // namespace

TlsFault fault_of_first_byte(char byte) {
    if (byte >= 'A' && byte <= 'Z')
        return {TlsFault::Kind::PlainHttp, "it speaks plain HTTP, and the listener has tls = true"};
    return {TlsFault::Kind::NoTls, "what it sends is no TLS"};
}

TlsFault fault_of(const SSL& ssl, bool secured) {
    const auto kind = secured ? TlsFault::Kind::Afterwards : TlsFault::Kind::Handshake;
    const unsigned long error = ERR_peek_error();
    const int reason = ERR_GET_REASON(error);
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        const long verified = SSL_get_verify_result(&ssl);
        return {kind, fmt::format("its certificate is not accepted: {}",
                                  X509_verify_cert_error_string(verified))};
    }
    const auto row = std::ranges::find(kRows, reason, &Row::reason);
    if (row != kRows.end()) return {kind, std::string(row->text)};
    const char* const text = ERR_reason_error_string(error);
    return {kind, text != nullptr ? text : "its connection broke off"};
}

}  // namespace bundle
