#include "backend/wsgi/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>

#include "backend/wsgi/application_error.hpp"
#include "shared/base/log.hpp"

namespace bundle {

// The writer lets the GIL go while it waits for the front, and a thread of the application could
// call write() just then.
class Answer::WriterInUse {
  public:
    explicit WriterInUse(Answer& answer) : answer_(answer) { answer_.in_use_ = true; }
    ~WriterInUse() { answer_.in_use_ = false; }
    WriterInUse(const WriterInUse&) = delete;
    WriterInUse& operator=(const WriterInUse&) = delete;

  private:
    Answer& answer_;
};

namespace {

// Raises again what the application caught: `raise exc_info[1].with_traceback(exc_info[2])`.
bool raise_again(PyObject* exc_info) {
    PyObject* type = PyTuple_GET_ITEM(exc_info, 0);
    PyObject* value = PyTuple_GET_ITEM(exc_info, 1);
    PyObject* trace = PyTuple_GET_ITEM(exc_info, 2);
    if (PyTraceBack_Check(trace)) PyException_SetTraceback(value, trace);
    PyErr_SetObject(type, value);
    return false;
}

bool must_be_exc_info(PyObject* exc_info) {
    if (PyTuple_Check(exc_info) && PyTuple_GET_SIZE(exc_info) == 3 &&
        PyExceptionClass_Check(PyTuple_GET_ITEM(exc_info, 0)) &&
        PyExceptionInstance_Check(PyTuple_GET_ITEM(exc_info, 1)))
        return true;
    PyErr_Format(PyExc_TypeError,
                 "exc_info must be what sys.exc_info() gave in an except clause, not %R", exc_info);
    return false;
}

}  // namespace

bool Answer::start(PyObject* status, PyObject* headers, PyObject* exc_info) {
    if (exc_info != Py_None) {
        if (!must_be_exc_info(exc_info)) return false;
        if (stage_ == Stage::HeadSent) return raise_again(exc_info);
    } else if (start_was_called_) {
        PyErr_SetString(PyExc_AssertionError,
                        "start_response() was called a second time without exc_info");
        return false;
    }
    start_was_called_ = true;
    stage_ = Stage::Silent;
    if (!head_.parse(status, headers)) return false;
    stage_ = Stage::Announced;
    if (!head_.left_out().empty()) tell_of_left_out();
    return true;
}

// Once: it would be there in every answer of such an application.
void Answer::tell_of_left_out() const {
    static std::atomic<bool> told = false;
    if (told.exchange(true)) return;
    log_warn(
        "application mistake: the header {} is the server's to send (PEP 3333); it is left out, "
        "here "
        "and from now on",
        head_.left_out());
}

void Answer::know_length(std::uint64_t length) {
    if (stage_ != Stage::Announced || head_.is_bodiless()) return;
    // An application may leave out the body of an answer to HEAD, so an empty one says nothing
    // about its length.
    if (is_head_request_ && length == 0) return;
    head_.add_content_length(length);
}

void Answer::announce_file(std::uint64_t length) {
    if (stage_ == Stage::Announced) head_.announce_file(length);
}

bool Answer::may_write() {
    if (stage_ == Stage::Silent) {
        PyErr_SetString(PyExc_AssertionError, "the body began before start_response() was called");
        return false;
    }
    if (in_use_) {
        PyErr_SetString(PyExc_RuntimeError, "another thread is just writing to this answer");
        return false;
    }
    if (ended_ && room() > 0) {
        PyErr_SetString(PyExc_RuntimeError, "the answer has ended, nothing can be added to it");
        return false;
    }
    return true;
}

bool Answer::send_head() {
    if (!may_write()) return false;
    if (stage_ == Stage::HeadSent) return true;
    if (const Result<void> written = writer_.head(head_.wire()); !written) {
        PyErr_SetString(PyExc_ValueError, written.error().message.c_str());
        return false;
    }
    stage_ = Stage::HeadSent;
    return true;
}

std::uint64_t Answer::room() const {
    if (!has_body() || !head_.content_length())
        return std::numeric_limits<std::uint64_t>::max() - body_size_;
    return *head_.content_length() - body_size_;
}

std::uint64_t Answer::admit(std::uint64_t size) {
    const std::uint64_t admitted = std::min(size, room());
    body_size_ += admitted;
    if (admitted < size && !cut_) {
        cut_ = true;
        log_mistake(request_,
                    fmt::format("a body longer than its Content-Length of {}, the rest is cut off",
                                *head_.content_length()));
    }
    return admitted;
}

bool Answer::send(PyObject* chunk) {
    if (!PyBytes_Check(chunk)) {
        PyErr_Format(PyExc_TypeError, "the body must consist of bytes, not %.200s",
                     Py_TYPE(chunk)->tp_name);
        return false;
    }
    if (!send_head()) return false;
    const std::string_view bytes(PyBytes_AS_STRING(chunk),
                                 static_cast<std::size_t>(PyBytes_GET_SIZE(chunk)));
    const std::string_view admitted =
        bytes.substr(0, static_cast<std::size_t>(admit(bytes.size())));
    if (!has_body() || admitted.empty()) return true;
    const WriterInUse in_use(*this);
    writer_.data(admitted);
    return true;
}

bool Answer::send_file(int descriptor, wire::File file) {
    if (!send_head()) return false;
    file.length = admit(file.length);
    const bool is_wanted = has_body() || head_.wire().body == wire::AnswerBody::WholeFile;
    if (!is_wanted || file.length == 0) return true;
    const WriterInUse in_use(*this);
    writer_.file(descriptor, file);
    return true;
}

bool Answer::early_hints(PyObject* headers) {
    if (stage_ == Stage::HeadSent || in_use_) {
        PyErr_SetString(PyExc_RuntimeError, "early hints come before the first byte of the answer");
        return false;
    }
    constexpr std::uint16_t kEarlyHints = 103;
    ResponseHead hints;
    if (!hints.parse_interim(kEarlyHints, headers)) return false;
    if (const Result<void> written = writer_.head(hints.wire()); !written) {
        PyErr_SetString(PyExc_ValueError, written.error().message.c_str());
        return false;
    }
    const WriterInUse in_use(*this);
    writer_.flush();
    return true;
}

bool Answer::extend_deadline(PyObject* seconds) {
    using Seconds = std::chrono::duration<double>;
    constexpr Seconds kMost = std::chrono::hours(24);
    const Seconds more(PyFloat_AsDouble(seconds));
    if (PyErr_Occurred() != nullptr) return false;
    if (!(more > Seconds::zero() && more <= kMost)) {
        PyErr_SetString(PyExc_ValueError,
                        "extend_deadline() takes seconds from now: more than 0, at most 86400");
        return false;
    }
    const auto wanted =
        wire::Moment::clock::now() + std::chrono::ceil<wire::Moment::duration>(more);
    if (deadline_ == wire::Moment() || wanted <= deadline_) return true;
    deadline_ = wanted;
    // The arbiter first: it kills.
    if (deadline_place_ != nullptr) *deadline_place_ = wanted.time_since_epoch().count();
    wait_for_other_writers();
    const WriterInUse in_use(*this);
    writer_.extend_deadline(wanted);
    if (environ_ == nullptr) return true;
    const PyRef shown(PyFloat_FromDouble(Seconds(wanted.time_since_epoch()).count()));
    return shown && PyDict_SetItemString(environ_, "bundle.deadline", shown.get()) == 0;
}

bool Answer::client_gone() const { return writer_.client() != wire::ClientState::Listens; }

// Looking costs a system call: now and then is enough to end what runs for long.
void Answer::look_for_client() {
    constexpr std::chrono::milliseconds kLookEvery{100};
    const auto now = std::chrono::steady_clock::now();
    if (looked_for_client_ == std::chrono::steady_clock::time_point()) looked_for_client_ = now;
    if (now - looked_for_client_ < kLookEvery) return;
    looked_for_client_ = now;
    client_left_ = writer_.client() == wire::ClientState::Left;
}

bool Answer::flush() {
    if (!may_write()) return false;
    const WriterInUse in_use(*this);
    writer_.flush();
    return true;
}

// A thread of the application may be in write() still, waiting for the front.
void Answer::wait_for_other_writers() const {
    while (in_use_) {
        Py_BEGIN_ALLOW_THREADS;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        Py_END_ALLOW_THREADS;
    }
}

bool Answer::is_short() const {
    return has_body() && head_.content_length() && body_size_ < *head_.content_length();
}

void Answer::finish(wire::Outcome outcome, wire::Afterwards afterwards) {
    wait_for_other_writers();
    if (std::exchange(ended_, true)) return;
    const WriterInUse in_use(*this);
    if (stage_ != Stage::HeadSent) {
        writer_.end(wire::Outcome::Failed, afterwards);
        return;
    }
    if (outcome == wire::Outcome::Complete && is_short() && !client_left_ && !writer_.broken()) {
        log_mistake(
            request_,
            fmt::format("a body of {} bytes where Content-Length says {}, the answer is aborted",
                        body_size_, *head_.content_length()));
        outcome = wire::Outcome::Aborted;
    }
    writer_.end(outcome, afterwards);
}

}  // namespace bundle
