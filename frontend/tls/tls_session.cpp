#include "frontend/tls/tls_session.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "frontend/tls/client_certificate.hpp"
#include "shared/base/check.hpp"

namespace bundle {

namespace {

constexpr char kHandshakeRecord = 22;  // RFC 8446 section 5.1

TlsBuffers& buffers_of(BIO* bio) { return *static_cast<TlsBuffers*>(BIO_get_data(bio)); }

int read_from_slab(BIO* bio, char* into, int size) {
    std::string_view& in = buffers_of(bio).in;
    BIO_clear_retry_flags(bio);
    if (in.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t count = std::min(in.size(), static_cast<std::size_t>(size));
    std::memcpy(into, in.data(), count);
    in.remove_prefix(count);
    return static_cast<int>(count);
}

int write_to_slab(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    buffers_of(bio).out.append(bytes, static_cast<std::size_t>(size));
    return size;
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int mark_ready(BIO* bio) {
    BIO_set_init(bio, 1);
    return 1;
}

using MethodPtr = std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>>;

const BIO_METHOD* slab_method() {
    static const MethodPtr method = [] {
        MethodPtr made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "slab"));
        BUNDLE_CHECK(made != nullptr);
        BIO_meth_set_read(made.get(), read_from_slab);
        BIO_meth_set_write(made.get(), write_to_slab);
        BIO_meth_set_ctrl(made.get(), control);
        BIO_meth_set_create(made.get(), mark_ready);
        return made;
    }();
    return method.get();
}

// Several pieces become one, so that they share a record.
std::string_view gathered(std::span<const std::string_view> pieces, std::vector<char>& into) {
    if (pieces.size() == 1) return pieces.front().substr(0, TlsBuffers::kMostAtOnce);
    std::size_t size = 0;
    for (const std::string_view piece : pieces) {
        const std::size_t count = std::min(piece.size(), into.size() - size);
        std::memcpy(into.data() + size, piece.data(), count);
        size += count;
    }
    return {into.data(), size};
}

}  // namespace

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context, TlsBuffers& buffers,
                       const std::string& protocols)
    : context_(std::move(context)),
      buffers_(buffers),
      protocols_(protocols),
      ssl_(context_->new_session()) {
    BIO* const bio = BIO_new(slab_method());
    BUNDLE_CHECK(ssl_ != nullptr && bio != nullptr);
    BIO_set_data(bio, &buffers_);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_accept_state(ssl_.get());
}

TlsSession::~TlsSession() = default;

TlsSession& TlsSession::of(SSL* ssl) { return *static_cast<TlsSession*>(SSL_get_app_data(ssl)); }

void TlsSession::note_hello(std::string name, NameIs known, ClientVerify verify) {
    server_name_ = std::move(name);
    name_known_ = known == NameIs::OfACertificate;
    client_verify_ = verify;
}

TlsSession::Input TlsSession::read(std::string_view ciphertext) {
    BUNDLE_CHECK(buffers_.out.empty() && ciphertext.size() <= TlsBuffers::kMostRead);
    Input input;
    if (ended_) return input;  // what comes behind the end is nobody's
    if (!std::exchange(begun_, true) && ciphertext.front() != kHandshakeRecord) {
        ended_ = true;
        fault_ = fault_of_first_byte(ciphertext.front());
        input.then = Then::Failed;
        return input;
    }
    buffers_.in = ciphertext;
    std::size_t filled = 0;
    input.then = read_records(filled);
    buffers_.in = {};
    input.plain = {buffers_.plain.data(), filled};
    if (!secured_ && SSL_is_init_finished(ssl_.get()) == 1 && input.then != Then::Failed)
        input.secured = secured_ = true;
    return input;
}

TlsSession::Then TlsSession::read_records(std::size_t& filled) {
    for (;;) {
        ERR_clear_error();
        std::size_t got = 0;
        const int result = SSL_read_ex(ssl_.get(), buffers_.plain.data() + filled,
                                       buffers_.plain.size() - filled, &got);
        filled += got;
        if (result == 1) {
            // Asking once more, in vain, would cost OpenSSL a buffer.
            if (buffers_.in.empty() && SSL_pending(ssl_.get()) == 0) return Then::More;
            BUNDLE_CHECK(filled < buffers_.plain.size());
            continue;
        }
        switch (SSL_get_error(ssl_.get(), result)) {
            case SSL_ERROR_WANT_READ:
                return Then::More;
            case SSL_ERROR_ZERO_RETURN:
                return Then::Ended;
            default:
                fail();
                return Then::Failed;
        }
    }
}

void TlsSession::fail() {
    ended_ = true;
    fault_ = fault_of(*ssl_, secured_);
    ERR_clear_error();
}

std::int64_t TlsSession::write(std::span<const std::string_view> pieces) {
    BUNDLE_CHECK(buffers_.out.empty());
    if (ended_ || !secured_) return -1;
    const std::string_view bytes = gathered(pieces, buffers_.gathered);
    if (bytes.empty()) return 0;
    ERR_clear_error();
    std::size_t taken = 0;
    if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &taken) != 1) {
        fail();
        return -1;
    }
    return static_cast<std::int64_t>(taken);
}

void TlsSession::end() {
    if (std::exchange(ended_, true) || !secured_) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

bool TlsSession::speaks_http2() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
    return std::string_view(reinterpret_cast<const char*>(chosen), size) == "h2";
}

bool TlsSession::is_right_for(std::string_view host) const {
    return server_name_.empty() || server_name_ == host ||
           context_->context_or_default(host) == SSL_get_SSL_CTX(ssl_.get());
}

std::string_view TlsSession::protocol() const { return SSL_get_version(ssl_.get()); }

const Headers& TlsSession::variables() {
    if (!variables_.empty()) return variables_;
    variables_ = {
        {"SSL_PROTOCOL",        protocol()                                                 },
        {"SSL_CIPHER",          SSL_get_cipher_name(ssl_.get())                            },
        {"SSL_SESSION_RESUMED", SSL_session_reused(ssl_.get()) == 1 ? "Resumed" : "Initial"},
        {"SSL_TLS_SNI",         server_name_                                               },
    };
    if (client_verify_ != ClientVerify::Off) {
        certificate_ = std::make_unique<ClientCertificate>(client_certificate(*ssl_));
        append_variables(*certificate_, variables_);
    }
    variables_.shrink_to_fit();
    return variables_;
}

}  // namespace bundle
