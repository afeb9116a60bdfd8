// From a request frame to the application and back (PEP 3333).
#pragma once
#include <Python.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "backend/answer_writer.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

struct GatewayFacts {
    bool multithread = false;
    bool multiprocess = true;
    // Hooks around each request, or null: see python/hooks.hpp. Not owned.
    PyObject* begin_request = nullptr;
    PyObject* end_request = nullptr;
    // Answers in place of an application that raised (dev/development.hpp), or null. Not owned.
    PyObject* traceback_page = nullptr;
    // Of the request that is served, for the arbiter; or null. Not owned.
    std::atomic<std::int64_t>* deadline_place = nullptr;
};

// One for each process. Made after the fork with the GIL held, destroyed before the interpreter
// ends.
class Gateway {
  public:
    // `application` is the WSGI callable; a reference of our own is taken.
    static Result<Gateway> create(PyObject* application, const GatewayFacts& facts);
    Gateway(Gateway&&) noexcept;
    Gateway& operator=(Gateway&&) noexcept;
    ~Gateway();

    // Calls the application once and writes its whole answer. The GIL is held on entry and on
    // return, and let go while `writer` waits for the front. Exceptions end here: a traceback goes
    // to the error log with the request id, and the answer ends as Failed or Aborted. `body` is the
    // spooled body when the request's body_place says so.
    void serve(const wire::Request& request, OwnedFd body, AnswerWriter& writer);
    // The last traceback of the application's, "" when it raised nothing.
    [[nodiscard]] const std::string& last_error() const;

  private:
    struct State;
    explicit Gateway(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace bundle
