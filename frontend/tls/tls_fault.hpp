// Why a client's TLS failed, in words of people who run servers.
#pragma once
#include <cstdint>
#include <string>

#include "shared/tls/openssl.hpp"

namespace bundle {

struct TlsFault {
    enum class Kind : std::uint8_t {
        None,
        PlainHttp,  // what came is no TLS but a request
        NoTls,      // nor is it a request
        Handshake,
        Afterwards,
    };
    Kind kind = Kind::None;
    std::string reason;
};

// Of a connection that does not begin with a handshake record.
TlsFault fault_of_first_byte(char byte);
// Of a session that has just failed; reads OpenSSL's queue of errors.
TlsFault fault_of(const SSL& ssl, bool secured);

}  // namespace bundle
