// Owners for what OpenSSL hands out, and its errors as text.
#pragma once
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "shared/base/free_with.hpp"

namespace bundle {

using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using PrivateKeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, FreeWith<SSL_free>>;

// Reads from `text`, which outlives it.
BioPtr reading_from(std::string_view text);
// What was written to a BIO_s_mem.
std::string text_of(BIO* memory);

// "ee key too small": what went wrong first, without OpenSSL's numbers and places. Empties the
// queue of errors.
std::string openssl_reason();

}  // namespace bundle
