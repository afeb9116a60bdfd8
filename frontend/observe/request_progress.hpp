// What becomes of a request at this moment, for `bundle requests`: gathered when somebody asks.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bundle {

enum class RequestState : std::uint8_t {
    Reading,  // it is not there whole
    Queued,   // no worker has begun it
    Running,  // a worker has it, and all that it said so far is sent
    Sending,  // its answer waits for the client
};
inline constexpr std::array<std::string_view, 4> kRequestStates = {"reading", "queued", "running",
                                                                   "sending"};

struct RequestProgress {
    using FloatSeconds = std::chrono::duration<double>;

    RequestState state{};
    FloatSeconds in_state{};
    FloatSeconds age{};  // since its first byte
    std::string id{};
    std::string client{};
    std::string method{};  // "" until the head is there, as the next three
    std::string host{};
    std::string target{};
    std::string site{};
    std::string route{};
    std::string app{};             // "": none was asked
    std::uint32_t worker_pid = 0;  // 0: none has it
};

struct RequestsInProgress {
    // More would be read by nobody, and take long to write.
    static constexpr std::size_t kMostListed = 200;

    std::array<std::size_t, kRequestStates.size()> by_state{};
    std::vector<RequestProgress> oldest{};  // at most kMostListed

    [[nodiscard]] std::size_t count() const;
};

std::string requests_text(const RequestsInProgress& requests);
std::string requests_json(const RequestsInProgress& requests);

}  // namespace bundle
