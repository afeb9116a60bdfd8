// A session of HTTP/2 whose requests are written down and answered at once with "200" and one
// field.
#pragma once
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontend/answer/head_writer.hpp"
#include "frontend/http2/session.hpp"
#include "shared/base/check.hpp"

namespace bundle {

struct RecordedStream final : http2::StreamEvents {
    RecordedStream(http2::Session& its_session, http2::StreamId its_id, std::string its_answer)
        : session(its_session), id(its_id), answer(std::move(its_answer)) {}

    RequestHead& head() override { return request; }
    [[nodiscard]] const http1::HeadLimits& head_limits() const override {
        static const http1::HeadLimits limits = {{8192}, 100, {8192}, {65536}};
        return limits;
    }
    void on_head(bool body_follows) override {
        BUNDLE_CHECK(!closed && !has_head);
        has_head = true;
        has_body = body_follows;
        if (!body_follows) respond();
    }
    void on_head_refused(const Refusal& why) override {
        BUNDLE_CHECK(!closed);
        refusal = why.status;
        respond();
    }
    bool on_body(std::string_view bytes) override {
        BUNDLE_CHECK(!closed);
        body.append(bytes);
        return !refusal;
    }
    void on_body_end() override {
        if (!answered) respond();
    }
    void on_fault() override {
        BUNDLE_CHECK(!closed);
        faulty = true;
    }
    void on_head_too_large() override { BUNDLE_CHECK(!closed); }
    void on_stream_closed() override {
        BUNDLE_CHECK(!closed);
        closed = true;
    }
    [[nodiscard]] Ready body_ready() const override { return {answer.size() - sent, true}; }
    bool copy_body(std::span<char> into) override {
        BUNDLE_CHECK(into.size() <= answer.size() - sent);
        std::memcpy(into.data(), answer.data() + sent, into.size());
        sent += into.size();
        return true;
    }
    void on_answer_written(bool request_ended) override {
        BUNDLE_CHECK(!written);
        written = true;
        if (!request_ended) session.reset(id, http2::Stop::NoError);
    }
    void respond() {
        answered = true;
        std::string packed;
        HeadWriter writer(packed, HttpVersion::Http2);
        writer.status(200, "");
        writer.field("X-Some", "thing");
        session.submit_head(
            id, packed,
            answer.empty() ? http2::Session::Then::Final : http2::Session::Then::BodyFollows);
    }

    http2::Session& session;
    http2::StreamId id;
    std::string answer;
    std::size_t sent = 0;
    RequestHead request;
    std::string body;
    std::optional<std::uint16_t> refusal;
    bool has_head = false;
    bool has_body = false;
    bool answered = false;
    bool written = false;
    bool closed = false;
    bool faulty = false;
};

class RecordedSession final : private http2::SessionEvents {
  public:
    explicit RecordedSession(std::string answer = "", std::uint32_t max_resets = 200)
        : config{.max_concurrent_streams = 100,
                 .stream_window = {65536},
                 .connection_window = {65536},
                 .header_table_size = {4096},
                 .max_resets = max_resets,
                 .max_control_frames = 1000,
                 .max_continuations = 7},
          answer_(std::move(answer)) {}

    // All of `bytes`, in parts of that size; what is to be sent is in `out` afterwards.
    void read(std::string_view bytes, std::size_t part = std::string_view::npos) {
        for (; !bytes.empty(); bytes.remove_prefix(std::min(part, bytes.size())))
            session.read(bytes.substr(0, part), {});
    }
    void write() {
        for (std::size_t before = 0; session.wants_to_write();) {
            std::string some;
            session.write(some);
            out += some;
            if (out.size() == std::exchange(before, out.size())) return;
        }
    }
    [[nodiscard]] const RecordedStream& only_stream() const {
        BUNDLE_CHECK(streams.size() == 1);
        return *streams.front();
    }

    Http2Config config;
    http1::HeadLimits heads = {{8192}, 100, {8192}, {65536}};
    http2::SessionPages pages;
    http2::Session session{config, heads, pages, *this};
    std::vector<std::unique_ptr<RecordedStream>> streams;
    std::string out;
    unsigned heads_complete = 0;
    bool end_was_heard = false;

  private:
    http2::StreamEvents& on_stream(http2::StreamId id) override {
        return *streams.emplace_back(std::make_unique<RecordedStream>(session, id, answer_));
    }
    void on_head_complete() override { ++heads_complete; }
    void on_end_heard() override { end_was_heard = true; }

    std::string answer_;
};

}  // namespace bundle
