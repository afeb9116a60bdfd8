// A dispatcher with one application, workers that do what a test tells them to, and requests that
// keep what they are told.
#pragma once
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "frontend/client/uv_owner.hpp"
#include "frontend/dispatch/dispatcher.hpp"
#include "tests/support/fake_worker.hpp"

namespace bundle {

using std::chrono::seconds;
using std::chrono::steady_clock;

// Writes down what it is told.
class Recorder final : public AnswerSink {
  public:
    void answer_head(const wire::AnswerHead& head) override {
        told += std::to_string(head.status) + " ";
    }
    void answer_interim(const wire::AnswerHead& head) override {
        told += "(" + std::to_string(head.status) + ") ";
    }
    void answer_data(std::string_view bytes) override { told += bytes; }
    void answer_file(OwnedFd file, const wire::File& piece) override {
        told += "file " + std::to_string(piece.length) + (file ? "" : " without descriptor");
    }
    void answer_end(wire::Outcome outcome) override {
        told += outcome == wire::Outcome::Complete ? " end" : " broken";
    }
    void answer_refused(const Refusal& refusal) override {
        told += "refused " + std::to_string(refusal.status);
    }
    void answer_flush() override { ++flushes; }
    [[nodiscard]] bool answer_full() const override { return full; }

    std::string told;
    int flushes = 0;
    bool full = false;
};

// A request with its own head, body and sink.
struct Asked {
    explicit Asked(std::string_view method) {
        head.method = method;
        head.path = "/";
        request.head = &head;
        request.body = &body;
        request.sink = &sink;
        request.trust = &trust;
        request.request_id = "ID";
        request.queued = steady_clock::now();
    }
    void again() {
        request.answer_begun = false;
        sink = {};
    }

    RequestHead head;
    BodyBuffer body;
    TrustRules trust;  // nobody is trusted
    Recorder sink;
    AppRequest request;
};

class DispatcherTest : public testing::Test {
  protected:
    DispatcherTest() {
        OwnedFd listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        address_.sun_family = AF_UNIX;  // and no name: the kernel gives an abstract one
        EXPECT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address_), sizeof(sa_family_t)),
                  0);
        EXPECT_EQ(listen(listener.get(), 8), 0);
        size_ = sizeof address_;
        EXPECT_EQ(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address_), &size_), 0);

        dispatcher_ = std::make_unique<Dispatcher>(
            loop_.get(), std::move(listener), pools_of(config_of("shop"), 1),
            [this](std::uint32_t generation, const AppConfig&, std::uint32_t workers) {
                (generation == 1 ? workers_ : next_workers_) = workers;
            });
    }

    static Config config_of(const std::string& name) {
        AppConfig app;
        app.name = name;
        app.queue = {.max = 2, .timeout = seconds(10), .share_per_ip = 1};
        Config config;
        config.apps.push_back(app);
        return config;
    }

    static AppPools pools_of(const Config& config, std::uint32_t generation) {
        return {generation, std::make_shared<const Config>(config)};
    }

    // Lets the dispatcher see everything that has happened so far.
    void settle() {
        for (int turn = 0; turn < 8; ++turn) uv_run(loop_.get(), UV_RUN_NOWAIT);
    }

    // Of this process, unless it is another's.
    FakeWorker new_worker(std::uint32_t generation = 1,
                          std::uint32_t pid = static_cast<std::uint32_t>(getpid())) {
        FakeWorker worker(address_, size_, "shop", generation, pid);
        settle();
        return worker;
    }

    static bool is_told_to_leave(FakeWorker& worker) {
        const auto frame = worker.receive();
        return frame && frame->header.type == wire::FrameType::Drain;
    }

    // The stream of the request that the worker has been given.
    static std::uint32_t stream_of(FakeWorker& worker) {
        const auto frame = worker.receive();
        EXPECT_TRUE(frame && frame->header.type == wire::FrameType::Request);
        return frame ? frame->header.stream : 0;
    }

    EventLoop loop_;
    sockaddr_un address_{};
    socklen_t size_ = 0;
    std::uint32_t workers_ = 0;       // of generation 1
    std::uint32_t next_workers_ = 0;  // of others
    std::unique_ptr<Dispatcher> dispatcher_;
};

}  // namespace bundle
