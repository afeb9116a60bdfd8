// A private key in PEM, encrypted or not.
#pragma once
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/tls/openssl.hpp"

namespace bundle {

// An error ends a sentence that begins with the name of the file.
Result<PrivateKeyPtr> parse_private_key(std::string_view pem, std::string_view password);

// Not encrypted: for memory only.
std::string private_key_pem(EVP_PKEY& key);

}  // namespace bundle
