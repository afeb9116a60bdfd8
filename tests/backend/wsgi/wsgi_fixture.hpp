// For the tests of the WSGI side: a real interpreter, small applications as text, and the front's
// end of the wire.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backend/python/py_ref.hpp"
#include "backend/wsgi/gateway.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

// Starts the interpreter of this test program when nobody did so before; it stays until the program
// ends.
void need_python();

// A file without a name that holds `contents`, its position at the start.
OwnedFd unnamed_file(std::string_view contents);
// All of it, from its start, whatever its position.
std::string contents_of(int file);

using Fields = std::vector<std::pair<std::string, std::string>>;

struct ReceivedFile {
    wire::File part;
    std::string bytes;  // read from the descriptor that came with it
};

// What the front got for one request.
struct ReceivedAnswer {
    bool has_head = false;
    int status = 0;
    std::string reason;
    Fields fields;
    std::string body;
    bool is_whole_file = false;  // the head says so
    std::optional<ReceivedFile> file;
    std::optional<wire::Outcome> outcome;
    std::vector<wire::FrameType> frames;

    [[nodiscard]] std::string field(std::string_view name) const;  // "(none)" when it is not there
};

// The front's end of a worker's socket, read by a thread of its own: an answer may be larger than
// the socket's buffers.
class FrontEnd {
  public:
    FrontEnd();

    [[nodiscard]] int worker_socket() const { return worker_end_.get(); }
    [[nodiscard]] int front_socket() const { return front_end_.get(); }
    // Reads frames until End, or until `leave` says so after a frame; then the front's end is
    // closed.
    using Leave = std::function<bool(const ReceivedAnswer&)>;
    ReceivedAnswer during(const std::function<void()>& work, const Leave& leave = {});

  private:
    OwnedFd front_end_;
    OwnedFd worker_end_;
};

// Runs applications. The error log goes to a file for as long as the test runs.
class WsgiTest : public ::testing::Test {
  protected:
    WsgiTest();
    ~WsgiTest() override;
    void SetUp() override;

    static wire::Request get(std::string_view path = "/");
    static wire::Request head(std::string_view path = "/");
    static wire::Request post(std::string_view body, std::string_view path = "/");

    // `code` defines `app`. What it leaves in its globals can be asked with evaluate().
    void load(const std::string& code);
    ReceivedAnswer serve(const wire::Request& request, OwnedFd body = {},
                         const FrontEnd::Leave& leave = {});
    ReceivedAnswer serve(const std::string& code, const wire::Request& request);
    ReceivedAnswer serve(const std::string& code) { return serve(code, get()); }

    // repr() of an expression in the globals of the application.
    std::string evaluate(const std::string& expression);
    void execute(const std::string& code);
    Gateway& gateway() { return *gateway_; }

    [[nodiscard]] std::string log() const;

    GatewayFacts facts_;

  private:
    OwnedFd log_;
    PyRef globals_;
    std::optional<Gateway> gateway_;
};

}  // namespace bundle
