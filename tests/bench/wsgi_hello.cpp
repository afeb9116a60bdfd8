// What one hello costs a worker between the request frame and the answer frame, without the front.
//
//   wsgi_hello [requests]
//
// Prints nanoseconds of CPU per request, the best of several rounds: the environ alone; decoding
// the frame; the whole of Gateway::serve with its send and the front's recv; the same send and recv
// alone, which are the kernel's part.
#include <Python.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>

#include "backend/python/py_ref.hpp"
#include "backend/wsgi/environ.hpp"
#include "backend/wsgi/gateway.hpp"
#include "shared/base/check.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {
namespace {

constexpr const char* kHello = R"(
def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '13')])
    return [b'Hello, World!']
)";

wire::Request request_of_a_browser() {
    wire::Request request;
    request.stream = 1;
    request.request_id = "6f1c2a34b5d64e7f8a9b0c1d2e3f4a5b";
    request.method = "GET";
    request.target = "/products/42?colour=blue";
    request.path = "/products/42";
    request.query = "colour=blue";
    request.protocol = "HTTP/1.1";
    request.scheme = "https";
    request.server_name = "shop.example";
    request.server_port = "443";
    request.remote_addr = "192.0.2.77";
    request.remote_port = "51324";
    request.received = request.queued = wire::Moment::clock::now();
    request.deadline = request.queued + std::chrono::seconds(30);
    request.fields = {
        {"host",              "shop.example"                                                            },
        {"user-agent",        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"  },
        {"accept",            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"         },
        {"accept-language",   "en-US,en;q=0.5"                                                          },
        {"accept-encoding",   "gzip, deflate, br"                                                       },
        {"cookie",            "sessionid=0123456789abcdef0123456789abcdef; csrftoken=abcdefabcdefabcdef"},
        {"referer",           "https://shop.example/products"                                           },
        {"cache-control",     "max-age=0"                                                               },
        {"x-forwarded-for",   "192.0.2.77"                                                              },
        {"x-forwarded-proto", "https"                                                                   },
        {"x-forwarded-host",  "shop.example"                                                            },
        {"x-forwarded-port",  "443"                                                                     },
        {"x-real-ip",         "192.0.2.77"                                                              },
        {"x-request-id",      "6f1c2a34b5d64e7f8a9b0c1d2e3f4a5b"                                        },
    };
    return request;
}

double cpu_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

void print_best(std::string_view what, long requests, const std::function<void()>& once) {
    constexpr int kRounds = 20;
    double best = 1e18;
    for (int round = 0; round < kRounds; ++round) {
        const double began = cpu_nanoseconds();
        for (long i = 0; i < requests; ++i) once();
        best = std::min(best, (cpu_nanoseconds() - began) / static_cast<double>(requests));
    }
    fmt::print("{:<28} {:>7.0f} ns\n", what, best);
}

PyRef load_hello() {
    PyRef globals(PyDict_New());
    BUNDLE_CHECK(PyDict_SetItemString(globals.get(), "__builtins__", PyEval_GetBuiltins()) == 0);
    const PyRef done(PyRun_String(kHello, Py_file_input, globals.get(), globals.get()));
    BUNDLE_CHECK(done);
    return share(PyDict_GetItemString(globals.get(), "app"));
}

void measure(long requests) {
    std::array<int, 2> ends{};
    BUNDLE_CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    const OwnedFd front(ends[0]);
    const OwnedFd worker(ends[1]);
    std::array<char, 4096> received{};
    ssize_t size = 0;

    const PyRef application = load_hello();
    Gateway gateway = Gateway::create(application.get(), {}).value();
    AnswerWriter writer(worker.get());
    EnvironBuilder environ;
    BUNDLE_CHECK(environ.prepare({}, Py_None));
    const wire::Request request = request_of_a_browser();
    std::string frame;
    BUNDLE_CHECK(wire::encode(frame, request));
    wire::Request decoded;
    const RequestObjects objects{share(Py_None), share(Py_None), share(Py_None), share(Py_None),
                                 share(Py_None)};

    print_best("environ", requests, [&] { environ.build(request, objects); });
    print_best("decode the request", requests, [&] {
        std::string_view bytes = frame;
        BUNDLE_CHECK(wire::decode_request(wire::take_frame(bytes).value().value(), decoded));
    });
    print_best("serve, with send and recv", requests, [&] {
        gateway.serve(request, {}, writer);
        size = recv(front.get(), received.data(), received.size(), 0);
    });
    print_best("send and recv alone", requests, [&] {
        BUNDLE_CHECK(send(worker.get(), received.data(), static_cast<std::size_t>(size),
                          MSG_DONTWAIT) == size);
        BUNDLE_CHECK(recv(front.get(), received.data(), received.size(), 0) == size);
    });
}

}  // namespace
}  // namespace bundle

int main(int argc, char** argv) {
    Py_InitializeEx(0);
    bundle::measure(argc > 1 ? std::atol(argv[1]) : 20'000);
    return Py_FinalizeEx();
}
