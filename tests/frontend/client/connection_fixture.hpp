// Client connections of one loop with real sockets at both ends: a client that does what a test
// tells it to, and a fake worker of the application "shop", which is the only one.
#pragma once
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "frontend/client/client_connection.hpp"
#include "frontend/client/uv_owner.hpp"
#include "frontend/prepared.hpp"
#include "shared/base/log.hpp"
#include "shared/config/loader.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/fake_worker.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

// What was written to a file without a name.
class WrittenText {
  public:
    [[nodiscard]] int fd() const { return file_.get(); }
    [[nodiscard]] OwnedFd again() const { return OwnedFd(dup(file_.get())); }
    [[nodiscard]] std::string text() const {
        std::string text(1U << 20, '\0');
        const ssize_t got = pread(file_.get(), text.data(), text.size(), 0);
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }

  private:
    OwnedFd file_{memfd_create("written", MFD_CLOEXEC)};
};

// The client's end of a connection; never waits.
class TestClient {
  public:
    // A small `receive_buffer` makes a client that soon takes no more; 0: the kernel's choice.
    explicit TestClient(const sockaddr_in& front, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0)
            setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                       sizeof receive_buffer);
        EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&front), sizeof front),
                  0);
    }

    void send(std::string_view bytes) const {
        EXPECT_EQ(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    void end() const { ::shutdown(socket_.get(), SHUT_WR); }
    void reset() {
        const linger none{1, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
        socket_ = OwnedFd();
    }

    // Takes what has arrived.
    void receive() {
        std::array<char, 65536> some;
        ssize_t got = 0;
        while ((got = ::recv(socket_.get(), some.data(), some.size(), MSG_DONTWAIT)) > 0)
            received.append(some.data(), static_cast<std::size_t>(got));
        if (got == 0) ended = true;
        if (got < 0 && errno != EAGAIN) broken = true;
    }
    [[nodiscard]] std::size_t count(std::string_view text) const {
        std::size_t found = 0;
        for (auto at = received.find(text); at != std::string::npos;
             at = received.find(text, at + 1))
            ++found;
        return found;
    }
    [[nodiscard]] bool has(std::string_view text) const { return count(text) > 0; }

    std::string received;
    bool ended = false;   // after all of it
    bool broken = false;  // reset

  private:
    OwnedFd socket_;
};

class ConnectionTest : public testing::Test, private ConnectionOwner {
  protected:
    // `site` is what follows [app.shop] and may name folders below `files_`.
    explicit ConnectionTest(const std::string& site = "") : log_before_(log_target()) {
        set_log_target({.process = "test", .level = LogLevel::Debug, .fd = log_.fd()});
        files_.write("site/a.txt", "from a file");
        snapshot_ = snapshot_of(site);
        dispatcher_ =
            std::make_unique<Dispatcher>(loop_.get(), workers_listener(), pools_for(snapshot_),
                                         [](std::uint32_t, const AppConfig&, std::uint32_t) {});
        context_.emplace(ClientContext{.loop = loop_.get(),
                                       .slab = slab_,
                                       .snapshot = snapshot_,
                                       .dispatcher = *dispatcher_,
                                       .access_log = access_log_,
                                       .files = open_files_,
                                       .owner = *this});
        open_listener();
    }
    ~ConnectionTest() override {
        listener_->close();
        for (const auto& connection : connections_) connection->close();
        while (!connections_.empty()) turn();
        set_log_target(log_before_);
    }

    void turn() { uv_run(loop_.get(), UV_RUN_NOWAIT); }
    template <typename Condition>
    void run_until(const std::string& what, const Condition& condition) {
        await_condition(what, [&] {
            turn();
            return condition();
        });
    }

    [[nodiscard]] TestClient new_client(int receive_buffer = 0) const {
        return TestClient(client_address_, receive_buffer);
    }
    FakeWorker new_worker() { return {workers_address_, workers_address_size_, "shop"}; }
    // The stream of the request that the worker is given next.
    std::uint32_t stream_given_to(FakeWorker& worker) {
        std::uint32_t stream = 0;
        run_until("a request for the worker", [&] {
            if (const auto frame = worker.receive()) stream = frame->header.stream;
            return stream != 0;
        });
        return stream;
    }
    void read_until(TestClient& client, std::string_view text, std::size_t count = 1) {
        run_until("text for the client: " + std::string(text), [&] {
            client.receive();
            return client.count(text) >= count;
        });
    }
    void read_to_end(TestClient& client) {
        run_until("the end of the connection", [&] {
            client.receive();
            return client.ended || client.broken;
        });
    }
    [[nodiscard]] bool access_log_is_empty() const {
        return !access_log_.has_pending() && access_lines_.text().empty();
    }
    // A thread of its own writes it.
    std::string access_log() {
        access_log_.flush();
        run_until("a line in the access log", [&] { return access_lines_.text().ends_with('\n'); });
        return access_lines_.text();
    }

    WrittenText log_;
    WrittenText access_lines_;
    TempDirectory files_;
    EventLoop loop_;
    std::vector<std::unique_ptr<ClientConnection>> connections_;
    std::optional<ClientContext> context_;

  private:
    void client_known(ClientConnection&) override {}
    void connection_closed(ClientConnection& connection) override {
        std::erase_if(connections_, [&](const auto& own) { return own.get() == &connection; });
    }

    std::shared_ptr<const Snapshot> snapshot_of(const std::string& site) const {
        LoadRequest request;
        request.path = "site.toml";
        request.text = "[[listen]]\naddress = \":80\"\n[app.shop]\nwsgi = \"shop:app\"\n" + site;
        request.folder = files_.path().string();
        request.overrides = {"server.temp_directory=" + files_.path().string(),
                             "server.temp_min_free=off"};
        request.demand = Demand::WellFormed;
        const auto loaded = load_config(request);
        if (!loaded) throw std::runtime_error(loaded.error().message);
        return make_snapshot(loaded->config).value();
    }
    OwnedFd workers_listener() {
        OwnedFd listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        workers_address_.sun_family = AF_UNIX;  // and no name: the kernel gives an abstract one
        auto* const address = reinterpret_cast<sockaddr*>(&workers_address_);
        EXPECT_EQ(bind(listener.get(), address, sizeof(sa_family_t)), 0);
        EXPECT_EQ(listen(listener.get(), 8), 0);
        workers_address_size_ = sizeof workers_address_;
        EXPECT_EQ(getsockname(listener.get(), address, &workers_address_size_), 0);
        return listener;
    }
    void open_listener() {
        OwnedFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        client_address_.sin_family = AF_INET;
        client_address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const address = reinterpret_cast<sockaddr*>(&client_address_);
        socklen_t size = sizeof client_address_;
        EXPECT_EQ(bind(socket.get(), address, size), 0);
        EXPECT_EQ(getsockname(socket.get(), address, &size), 0);
        ListenConfig config;
        config.backlog = 8;
        const auto accept = [this](Listener& listener) {
            connections_.push_back(std::make_unique<ClientConnection>(*context_, listener));
            connections_.back()->accept();
        };
        listener_ = Listener::create(loop_.get(), std::move(socket), config, accept).value();
    }

    LogTarget log_before_;
    std::vector<char> slab_ = std::vector<char>(64U << 10);
    AccessLog access_log_{access_lines_.again()};
    OpenFileCache open_files_;
    std::shared_ptr<const Snapshot> snapshot_;
    sockaddr_un workers_address_{};
    socklen_t workers_address_size_ = 0;
    sockaddr_in client_address_{};
    std::unique_ptr<Dispatcher> dispatcher_;
    std::unique_ptr<Listener> listener_;
};

}  // namespace bundle
