// Responder, when an application's answer is compressed.
//
// Its head is held back until it is known what the body is, which with nearly every application
// comes along with it: a file is sent as it is. When all has been told that has come, the client
// gets it: a stream stays one. A small body is compressed at once, of a large one each piece is a
// job for the thread, and what comes meanwhile waits for the next one.
#include <string>
#include <utility>

#include "frontend/compression/compression_pool.hpp"
#include "frontend/compression/content_coding.hpp"
#include "frontend/exchange/responder.hpp"
#include "shared/base/log.hpp"

namespace bundle {

void Responder::begin_compressible(std::uint16_t status, std::string_view reason,
                                   const Headers& fields) {
    const RequestHead& head = exchange_->head;
    const CompressionConfig& rules = exchange_->match.rules->compression;
    const auto coding = AcceptedCodings::of(head.fields).best_of(rules.codings);
    // A client of HTTP/1.0 could not tell the end of it from a broken connection.
    if (head.version == HttpVersion::Http10 || !coding)
        return begin_answer(status, reason, with_vary(fields));
    const BodyCoding body = {.level = level_of(*coding, rules),
                             .length = announced_length(fields).value_or(0),
                             .padding = random_padding(rules)};
    exchange_->compressed = std::make_unique<CompressedAnswer>(
        status, reason, fields, context_.compression.take(*coding, body));
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
    context_.compression.give_back(exchange_->compressed->take_stream());
    exchange_->compressed.reset();
}

void Responder::compress(std::string_view bytes) {
    CompressedAnswer& compressed = *exchange_->compressed;
    bytes = bytes.substr(0, static_cast<std::size_t>(compressed.take(bytes.size())));
    if (!compressed.is_heavy(bytes.size()))
        return add_to_body(compressed.compressed(bytes, Flush::None));
    compressed.wait(bytes);
    compress_waiting();
}

// Behind bytes that the application wrote first, and that were compressed.
void Responder::compress_file(FilePiece piece, std::shared_ptr<const void> owner) {
    piece.length = exchange_->compressed->take(piece.length);
    exchange_->compressed->wait(piece, std::move(owner));
    compress_waiting();
}

void Responder::flush_compressed() {
    begin_held_back(BodyComes::Later);
    if (exchange_ == nullptr || !exchange_->compressed || !awaits_body()) return;
    CompressedAnswer& compressed = *exchange_->compressed;
    if (compressed.is_heavy(0)) {
        compressed.wait_to_flush();
        return compress_waiting();
    }
    if (compressed.has_to_flush()) add_to_body(compressed.compressed({}, Flush::Sync));
}

void Responder::end_compressed() {
    CompressedAnswer& compressed = *exchange_->compressed;
    if (compressed.is_cut())
        log_warn("the application sent more than its Content-Length, the rest is cut {}",
                 OfRequest{exchange_->id.view()});
    if (compressed.is_short() && exchange_->head.method != "HEAD")
        return abort("the application sent less than its Content-Length");
    if (compressed.is_heavy(0)) {
        compressed.wait_to_end();
        return compress_waiting();
    }
    add_to_body(compressed.compressed({}, Flush::End));
    if (exchange_ != nullptr) complete_answer();
}

void Responder::compress_waiting() {
    while (exchange_ != nullptr && exchange_->compressed) {
        auto job = exchange_->compressed->next_job(*this);
        if (!job) return;
        if (!context_.compression_thread)
            context_.compression_thread = std::make_unique<CompressionThread>(context_.loop);
        job = context_.compression_thread->offer(std::move(job));
        if (!job) return;
        job->run();
        take_compressed(*job);
    }
}

void Responder::take_compressed(CompressionJob& job) {
    CompressedAnswer& compressed = *exchange_->compressed;
    compressed.job_done(job);
    if (job.failed) return abort("its file cannot be read to its end");
    add_to_body(job.out);
    if (exchange_ != nullptr && compressed.is_ended()) complete_answer();
}

// On the loop again.
void Responder::job_done(CompressionJob& job) {
    take_compressed(job);
    compress_waiting();
    send_told();
    if (exchange_ != nullptr) resume_worker();
}

}  // namespace bundle
