// The front's end of the wire, for tests of a real bundle-backend. Everything waits, with a
// deadline.
#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"
#include "shared/wire/request_slots.hpp"

namespace bundle {

// What a worker says of itself. Owns its text, unlike wire::Hello.
struct Introduction {
    std::string app;
    std::uint32_t generation = 0;
    pid_t pid = 0;
    std::uint32_t slot = 0;
};

struct WorkerAnswer {
    int status = 0;  // 0: no head came
    std::string body;
    wire::Outcome outcome = wire::Outcome::Failed;
};

// One worker's connection.
class FakeLink {
  public:
    explicit FakeLink(OwnedFd socket) : socket_(std::move(socket)) {}

    Introduction introduction();
    enum class Offer { Stands, TakenBack };
    void send_request(const std::string& path, Offer offer = Offer::Stands,
                      wire::Moment deadline = {});
    void send(const std::string& bytes);
    WorkerAnswer answer();
    WorkerAnswer get(const std::string& path) {
        send_request(path);
        return answer();
    }
    // Waits for the end; what comes before it is an error.
    void expect_end();

  private:
    wire::Frame next_frame();
    bool receive_more();  // false at the end

    OwnedFd socket_;
    std::string received_;
    std::size_t taken_ = 0;  // of received_
    std::deque<OwnedFd> descriptors_;
    std::optional<wire::RequestSlots> slots_;
    std::uint32_t stream_ = 0;
};

// Listens where workers connect. The listener outlives any front: the master keeps it.
class FakeFront {
  public:
    explicit FakeFront(const std::filesystem::path& run_directory);
    FakeLink accept();
    [[nodiscard]] int listener() const { return listener_.get(); }

  private:
    OwnedFd listener_;
};

}  // namespace bundle
