#include "tests/backend/wsgi/wsgi_fixture.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <thread>

#include "backend/python/exception.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/descriptor_socket.hpp"

namespace bundle {

namespace {

// Every application can call these.
constexpr const char* kPrelude = R"(
import io, os, sys, tempfile
from wsgiref.validate import validator

def respond(start_response, *more, status='200 OK'):
    return start_response(status, [('Content-Type', 'text/plain'), *more])

class Closing:
    '''An iterable that counts how often it was closed.'''
    closed = 0
    def __init__(self, chunks): self.chunks = chunks
    def __iter__(self): return iter(self.chunks)
    def close(self): type(self).closed += 1
)";

// How long a test waits for what must happen at once.
constexpr timeval kDeadline{10, 0};

void take_frame_into(ReceivedAnswer& answer, const wire::Frame& frame,
                     std::deque<OwnedFd>& descriptors) {
    answer.frames.push_back(frame.header.type);
    switch (frame.header.type) {
        case wire::FrameType::AnswerHead: {
            wire::AnswerHead head;
            ASSERT_TRUE(wire::decode_answer_head(frame.payload, head));
            answer.has_head = true;
            answer.status = head.status;
            answer.is_whole_file = head.body == wire::AnswerBody::WholeFile;
            answer.reason = head.reason;
            for (const HeaderField& field : head.fields)
                answer.fields.emplace_back(field.name, field.value);
            break;
        }
        case wire::FrameType::Data:
            answer.body += frame.payload;
            break;
        case wire::FrameType::File: {
            ASSERT_FALSE(descriptors.empty());
            answer.file = {wire::decode_file(frame.payload).value(),
                           contents_of(descriptors.front().get())};
            descriptors.pop_front();
            break;
        }
        case wire::FrameType::End:
            answer.outcome = wire::decode_end(frame.payload).value().outcome;
            break;
        case wire::FrameType::ExtendDeadline:
            ASSERT_TRUE(wire::decode_extend_deadline(frame.payload));
            break;
        default:
            ADD_FAILURE() << "unexpected frame " << static_cast<int>(frame.header.type);
    }
}

// Reads one answer; the socket stays open unless `leave` wants it closed.
void read_answer(OwnedFd& socket, ReceivedAnswer& answer, const FrontEnd::Leave& leave) {
    std::string bytes;
    std::deque<OwnedFd> descriptors;
    std::array<char, 65536> part{};
    while (!answer.outcome) {
        const ssize_t got = wire::receive(socket.get(), part, descriptors);
        if (got <= 0) {
            if (got < 0) ADD_FAILURE() << "the front waited in vain for the rest of an answer";
            return;
        }
        bytes.append(part.data(), static_cast<std::size_t>(got));
        std::string_view rest = bytes;
        while (const auto frame = wire::take_frame(rest).value())
            take_frame_into(answer, *frame, descriptors);
        bytes.erase(0, bytes.size() - rest.size());
        if (leave && leave(answer)) {
            socket = OwnedFd();
            return;
        }
    }
}

}  // namespace

void need_python() {
    if (Py_IsInitialized() == 0) Py_InitializeEx(0);
}

OwnedFd unnamed_file(std::string_view contents) {
    OwnedFd file(memfd_create("test", MFD_CLOEXEC));
    EXPECT_EQ(pwrite(file.get(), contents.data(), contents.size(), 0),
              static_cast<ssize_t>(contents.size()));
    return file;
}

std::string contents_of(int file) {
    std::string contents;
    std::array<char, 65536> part{};
    ssize_t got = 0;
    while ((got = pread(file, part.data(), part.size(), static_cast<off_t>(contents.size()))) > 0)
        contents.append(part.data(), static_cast<std::size_t>(got));
    return contents;
}

std::string ReceivedAnswer::field(std::string_view name) const {
    for (const auto& [other, value] : fields)
        if (equals_ignoring_case(name, other)) return value;
    return "(none)";
}

FrontEnd::FrontEnd() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    front_end_ = OwnedFd(ends[0]);
    worker_end_ = OwnedFd(ends[1]);
    setsockopt(front_end_.get(), SOL_SOCKET, SO_RCVTIMEO, &kDeadline, sizeof kDeadline);
}

ReceivedAnswer FrontEnd::during(const std::function<void()>& work, const Leave& leave) {
    ReceivedAnswer answer;
    std::thread reader([&] { read_answer(front_end_, answer, leave); });
    work();
    reader.join();
    return answer;
}

WsgiTest::WsgiTest() : log_(memfd_create("error log", MFD_CLOEXEC)) {
    need_python();
    set_log_target({"test", LogLevel::Debug, log_.get()});
}

WsgiTest::~WsgiTest() { set_log_target({}); }

void WsgiTest::SetUp() {
    globals_.reset(PyDict_New());
    PyDict_SetItemString(globals_.get(), "__builtins__", PyEval_GetBuiltins());
    execute(kPrelude);
}

void WsgiTest::execute(const std::string& code) {
    const PyRef done(PyRun_String(code.c_str(), Py_file_input, globals_.get(), globals_.get()));
    if (!done) FAIL() << take_exception_text() << " in" << code;
}

void WsgiTest::load(const std::string& code) {
    execute(code);
    PyObject* application = PyDict_GetItemString(globals_.get(), "app");
    ASSERT_NE(application, nullptr) << "no app in " << code;
    gateway_.emplace(Gateway::create(application, facts_).value());
}

ReceivedAnswer WsgiTest::serve(const wire::Request& request, OwnedFd body,
                               const FrontEnd::Leave& leave) {
    FrontEnd front;
    AnswerWriter writer(front.worker_socket());
    ReceivedAnswer answer =
        front.during([&] { gateway_->serve(request, std::move(body), writer); }, leave);
    EXPECT_EQ(PyErr_Occurred(), nullptr);
    return answer;
}

ReceivedAnswer WsgiTest::serve(const std::string& code, const wire::Request& request) {
    load(code);
    return serve(request);
}

std::string WsgiTest::evaluate(const std::string& expression) {
    const PyRef value(
        PyRun_String(expression.c_str(), Py_eval_input, globals_.get(), globals_.get()));
    const PyRef text(value ? PyObject_Repr(value.get()) : nullptr);
    return text ? PyUnicode_AsUTF8(text.get()) : take_exception_text();
}

std::string WsgiTest::log() const { return contents_of(log_.get()); }

wire::Request WsgiTest::get(std::string_view path) {
    wire::Request request;
    request.stream = 7;
    request.request_id = "id-1";
    request.method = "GET";
    request.target = path;
    request.path = path;
    request.protocol = "HTTP/1.1";
    request.scheme = "http";
    request.server_name = "shop.example";
    request.server_port = "80";
    request.remote_addr = "192.0.2.1";
    request.remote_port = "40000";
    request.received = request.queued = wire::Moment::clock::now();
    request.fields = {
        {"host",   "shop.example"},
        {"accept", "*/*"         }
    };
    return request;
}

wire::Request WsgiTest::head(std::string_view path) {
    wire::Request request = get(path);
    request.method = "HEAD";
    return request;
}

wire::Request WsgiTest::post(std::string_view body, std::string_view path) {
    wire::Request request = get(path);
    request.method = "POST";
    request.fields.push_back({"content-type", "application/octet-stream"});
    request.body_place = wire::BodyPlace::Inline;
    request.body = body;
    request.body_length = body.size();
    return request;
}

}  // namespace bundle
