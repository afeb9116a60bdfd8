// Responder, when an application's answer is compressed.
//
// Its head is held back until it is known what the body is, which with nearly every application
// comes along with it: a file is sent as it is. A piece of the body is at most one frame of a
// worker's, so that others get their turn in between, and when all has been told that has come, the
// client gets it: a stream stays one.
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "frontend/compression/content_coding.hpp"
#include "frontend/exchange/responder.hpp"
#include "shared/base/log.hpp"

namespace bundle {

void Responder::begin_compressible(std::uint16_t status, std::string_view reason,
                                   const Headers& fields) {
    const RequestHead& head = exchange_->head;
    // A client of HTTP/1.0 could not tell the end of it from a broken connection.
    if (head.version == HttpVersion::Http10 || !AcceptedCodings::of(head.fields).has(Coding::Gzip))
        return begin_answer(status, reason, with_vary(fields));
    exchange_->compressed = std::make_unique<CompressedAnswer>(
        status, reason, fields, context_.gzip.take(exchange_->match.rules->compression.level));
}

// Once something of the body is there, or is known not to come.
void Responder::begin_held_back(BodyComes comes) {
    if (exchange_ == nullptr || !exchange_->compressed || exchange_->compressed->begun) return;
    CompressedAnswer& held_back = *exchange_->compressed;
    held_back.begun = true;
    const bool is_head = exchange_->head.method == "HEAD";  // it is told what a GET would be
    const bool is_plain = comes == BodyComes::AsFile || (comes == BodyComes::Never && !is_head);
    begin_answer(held_back.status(), held_back.reason(),
                 is_plain ? held_back.plain_fields() : held_back.fields());
    if (is_plain && exchange_ != nullptr) drop_compressed();
}

void Responder::drop_compressed() {
    if (!exchange_->compressed) return;
    context_.gzip.give_back(exchange_->compressed->take_stream());
    exchange_->compressed.reset();
}

void Responder::flush_compressed() {
    begin_held_back(BodyComes::Later);
    if (exchange_ == nullptr || !exchange_->compressed || !awaits_body()) return;
    add_to_body(exchange_->compressed->flush());
}

// False when the answer has come to another end.
bool Responder::end_compressed() {
    if (!exchange_->compressed) return true;
    CompressedAnswer& compressed = *exchange_->compressed;
    if (compressed.is_cut())
        log_warn("the application sent more than its Content-Length, the rest is cut request_id={}",
                 exchange_->id.view());
    if (compressed.is_short() && exchange_->head.method != "HEAD") {
        abort("the application sent less than its Content-Length");
        return false;
    }
    add_to_body(compressed.end());
    return exchange_ != nullptr;
}

// Behind bytes that the application wrote first, and that were compressed.
void Responder::compress_file(int fd, const wire::File& piece) {
    constexpr std::uint64_t kStep = 64U << 10;
    std::string bytes;
    for (std::uint64_t done = 0; done < piece.length; done += bytes.size()) {
        bytes.resize(std::min(kStep, piece.length - done));
        const ssize_t got =
            pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(piece.offset + done));
        if (got <= 0) return abort("its file cannot be read to its end");
        bytes.resize(static_cast<std::size_t>(got));
        add_to_body(exchange_->compressed->add(bytes));
        if (exchange_ == nullptr) return;
    }
}

}  // namespace bundle
