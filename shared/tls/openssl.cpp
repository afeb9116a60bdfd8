#include "shared/tls/openssl.hpp"

#include <openssl/err.h>

#include <cstring>

#include "shared/base/check.hpp"

namespace bundle {

BioPtr reading_from(std::string_view text) {
    BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    BUNDLE_CHECK(bio != nullptr);
    return bio;
}

std::string text_of(BIO* memory) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory, &bytes);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

std::string openssl_reason() {
    const unsigned long error = ERR_get_error();
    ERR_clear_error();
    if (ERR_SYSTEM_ERROR(error)) return std::strerror(static_cast<int>(ERR_GET_REASON(error)));
    const char* const reason = ERR_reason_error_string(error);
    return reason != nullptr ? reason : "unknown error";
}

}  // namespace bundle
