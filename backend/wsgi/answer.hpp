// One answer on its way from the application to the front: keeps the order and the sums right.
//
// PEP 3333: start_response() only announces the head; it leaves with the first bytes of the body,
// so until then it can be replaced. HEAD, 204 and 304 send no body. A declared Content-Length is a
// promise: more than that is cut, less is no complete answer.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "backend/answer_writer.hpp"
#include "backend/python/py_ref.hpp"
#include "backend/wsgi/response_head.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

class Answer {
  public:
    Answer(const wire::Request& request, AnswerWriter& writer)
        : request_(request),
          writer_(writer),
          deadline_(request.deadline),
          is_head_request_(request.method == "HEAD") {}

    // start_response(status, headers, exc_info); `exc_info` may be None. False with a Python
    // exception.
    bool start(PyObject* status, PyObject* headers, PyObject* exc_info);

    // The body's length, told before its first byte. No effect once the head is out.
    void know_length(std::uint64_t length);

    // send_file() comes next, once, with all of a file that long.
    void announce_file(std::uint64_t length);

    // 103 Early Hints: sent at once, before the head. False with a Python exception.
    bool early_hints(PyObject* headers);
    // Gives the request that many seconds from now, unless it has more anyway, or no deadline.
    // False with a Python exception.
    bool extend_deadline(PyObject* seconds);
    // Who is shown the deadline besides the front: a place in the scoreboard, or null, and the
    // request's environ.
    void show_deadline_in(std::atomic<std::int64_t>* place, PyObject* environ) {
        deadline_place_ = place;
        environ_ = environ;
    }
    // The client has closed its connection, or at least its own side of it.
    [[nodiscard]] bool client_gone() const;

    // All below: false with a Python exception when the application did something wrong.
    bool send_head();
    // `chunk` must be bytes. What is longer than the Content-Length is cut and logged once.
    bool send(PyObject* chunk);
    bool send_file(int descriptor, wire::File file);
    bool flush();

    [[nodiscard]] const ResponseHead& head() const { return head_; }
    [[nodiscard]] std::uint64_t body_size() const { return body_size_; }  // sent so far
    // Nothing more is wanted: the front or the client is gone, the Content-Length is passed, or
    // there is no body and the head is out. A generator without an end would keep the worker for
    // ever.
    [[nodiscard]] bool is_over() const {
        return cut_ || client_left_ || writer_.broken() ||
               (stage_ == Stage::HeadSent && !has_body());
    }
    [[nodiscard]] bool client_left() const { return client_left_; }
    // Looks whether the client has left, if that was long ago: for between two chunks of a stream.
    void look_for_client();
    [[nodiscard]] bool was_cut() const { return cut_; }
    // How much of the body may still follow.
    [[nodiscard]] std::uint64_t room() const;

    // Ends the answer, unless it has ended: nothing the application does can change it any more.
    void finish(wire::Outcome outcome, wire::Afterwards afterwards);
    [[nodiscard]] bool has_ended() const { return ended_; }
    [[nodiscard]] bool has_sent_head() const { return stage_ == Stage::HeadSent; }
    // All of its Content-Length is there.
    [[nodiscard]] bool is_whole() const {
        return stage_ == Stage::HeadSent && has_body() && head_.content_length() && room() == 0;
    }

  private:
    enum class Stage { Silent, Announced, HeadSent };
    class WriterInUse;

    void tell_of_left_out() const;
    bool may_write();
    void wait_for_other_writers() const;
    [[nodiscard]] bool has_body() const { return !is_head_request_ && !head_.is_bodiless(); }
    // How many of `size` bytes may go.
    std::uint64_t admit(std::uint64_t size);
    [[nodiscard]] bool is_short() const;

    const wire::Request& request_;
    AnswerWriter& writer_;
    ResponseHead head_;
    wire::Moment deadline_;
    std::atomic<std::int64_t>* deadline_place_ = nullptr;
    PyObject* environ_ = nullptr;  // borrowed
    bool is_head_request_;
    Stage stage_ = Stage::Silent;
    bool start_was_called_ = false;  // also when what it was given was refused
    bool cut_ = false;
    bool client_left_ = false;
    std::chrono::steady_clock::time_point looked_for_client_;
    bool in_use_ = false;
    bool ended_ = false;
    std::uint64_t body_size_ = 0;  // of what the application gave, up to the Content-Length
};

}  // namespace bundle
