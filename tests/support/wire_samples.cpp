#include "tests/support/wire_samples.hpp"

#include <chrono>

namespace bundle::wire {

namespace {

using std::chrono::nanoseconds;
using namespace std::string_view_literals;

Request upload() {
    Request request;
    request.stream = 7;
    request.request_id = "r-1";
    request.method = "POST";
    request.target = "/shop/a%20b?q=1";
    request.path = "/shop/a b";
    request.query = "q=1";
    request.mount = "/shop";
    request.protocol = "HTTP/1.1";
    request.scheme = "https";
    request.server_name = "shop.example";
    request.server_port = "443";
    request.remote_addr = "::1";
    request.remote_port = "5";
    request.received = Moment(nanoseconds(0x0102030405060708));
    request.queued = Moment(nanoseconds(0x7fffffffffffffff));
    request.deadline = Moment{};
    request.fields = {
        {"host",   "shop.example"},
        {"cookie", ""            }
    };
    request.tls = {
        {"SSL_PROTOCOL", "TLSv1.3"}
    };
    request.body_place = BodyPlace::Inline;
    request.body_length = 3;
    request.body = std::string_view("a\0b", 3);
    return request;
}

Request spooled() {
    Request request;
    request.stream = 0xfffffffe;
    request.method = "PUT";
    request.body_place = BodyPlace::Descriptor;
    request.body_length = 64U << 20;
    return request;
}

// One piece of a literal is one value; the formatter would give each a line of its own.
// clang-format off
constexpr std::string_view kUpload =
    "\xe4\0\0\0" "\x02\0" "\0\0" "\x07\0\0\0"
    "\x03\0\0\0" "r-1"
    "\x04\0\0\0" "POST"
    "\x0f\0\0\0" "/shop/a%20b?q=1"
    "\x09\0\0\0" "/shop/a b"
    "\x03\0\0\0" "q=1"
    "\x05\0\0\0" "/shop"
    "\x08\0\0\0" "HTTP/1.1"
    "\x05\0\0\0" "https"
    "\x0c\0\0\0" "shop.example"
    "\x03\0\0\0" "443"
    "\x03\0\0\0" "::1"
    "\x01\0\0\0" "5"
    "\x08\x07\x06\x05\x04\x03\x02\x01"
    "\xff\xff\xff\xff\xff\xff\xff\x7f"
    "\0\0\0\0\0\0\0\0"
    "\x02\0\0\0"
    "\x04\0\0\0" "host" "\x0c\0\0\0" "shop.example"
    "\x06\0\0\0" "cookie" "\0\0\0\0"
    "\x01\0\0\0"
    "\x0c\0\0\0" "SSL_PROTOCOL" "\x07\0\0\0" "TLSv1.3"
    "\x01" "\x03\0\0\0\0\0\0\0" "a\0b"sv;

constexpr std::string_view kSpooled =
    "\x5c\0\0\0" "\x02\0" "\x01\0" "\xfe\xff\xff\xff"
    "\0\0\0\0"
    "\x03\0\0\0" "PUT"
    "\0\0\0\0" "\0\0\0\0" "\0\0\0\0" "\0\0\0\0" "\0\0\0\0"
    "\0\0\0\0" "\0\0\0\0" "\0\0\0\0" "\0\0\0\0" "\0\0\0\0"
    "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0"
    "\0\0\0\0" "\0\0\0\0"
    "\x02" "\0\0\0\x04\0\0\0\0"sv;

std::vector<WireSample> all_samples() {
    return {
        {"hello",
         {0, Hello{.version = 4, .app = "shop", .generation = 2, .pid = 4711, .slot = 3}},
         "\x1a\0\0\0" "\x01\0" "\x01\0" "\0\0\0\0"
         "\x04\0" "\x04\0\0\0" "shop" "\x02\0\0\0" "\x67\x12\0\0" "\x03\0\0\0" "\x01\0\0\0"sv},
        {"retire", {0, Retire{}}, "\0\0\0\0" "\x09\0" "\0\0" "\0\0\0\0"sv},
        {"unknown",
         {9, Unknown{{.length = 2, .type = FrameType{99}, .flags = 0, .stream = 9}, "??"}},
         "\x02\0\0\0" "\x63\0" "\0\0" "\x09\0\0\0" "??"sv},
        {"request", {7, upload()}, kUpload},
        {"request_spooled", {0xfffffffe, spooled()}, kSpooled},
        {"drain", {0, Drain{}}, "\0\0\0\0" "\x08\0" "\0\0" "\0\0\0\0"sv},
        {"error_log", {0, ErrorLog{}}, "\0\0\0\0" "\x0a\0" "\x01\0" "\0\0\0\0"sv},
        {"metrics", {0, Metrics{}}, "\0\0\0\0" "\x0d\0" "\x01\0" "\0\0\0\0"sv},
        {"answer_head",
         {7, AnswerHead{404, "Not Found", {{"Content-Type", "text/plain"}, {"X-Empty", ""}}}},
         "\x41\0\0\0" "\x03\0" "\0\0" "\x07\0\0\0"
         "\x94\x01"
         "\x09\0\0\0" "Not Found"
         "\x02\0\0\0"
         "\x0c\0\0\0" "Content-Type" "\x0a\0\0\0" "text/plain"
         "\x07\0\0\0" "X-Empty" "\0\0\0\0"
         "\0"sv},
        {"answer_head_bare",
         {1, AnswerHead{204, "", {}}},
         "\x0b\0\0\0" "\x03\0" "\0\0" "\x01\0\0\0" "\xcc\0" "\0\0\0\0" "\0\0\0\0" "\0"sv},
        {"answer_head_of_file",
         {1, AnswerHead{200, "", {}, AnswerBody::WholeFile}},
         "\x0b\0\0\0" "\x03\0" "\0\0" "\x01\0\0\0" "\xc8\0" "\0\0\0\0" "\0\0\0\0" "\x01"sv},
        {"data", {7, Data{"x\0\xff"sv}}, "\x03\0\0\0" "\x04\0" "\0\0" "\x07\0\0\0" "x\0\xff"sv},
        {"data_empty", {7, Data{}}, "\0\0\0\0" "\x04\0" "\0\0" "\x07\0\0\0"sv},
        {"file",
         {7, File{.offset = 1, .length = 0x7ffffffffffffffe}},
         "\x10\0\0\0" "\x05\0" "\x01\0" "\x07\0\0\0"
         "\x01\0\0\0\0\0\0\0" "\xfe\xff\xff\xff\xff\xff\xff\x7f"sv},
        {"cost",
         {7, Cost{.cpu = 1'234'567, .grown = 4096, .shrunk = 0}},
         "\x18\0\0\0" "\x0e\0" "\0\0" "\x07\0\0\0"
         "\x87\xd6\x12\0\0\0\0\0" "\0\x10\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0"sv},
        {"end", {7, End{Outcome::Complete}}, "\x02\0\0\0" "\x06\0" "\0\0" "\x07\0\0\0" "\0\0"sv},
        {"end_closing", {7, End{Outcome::Aborted, Afterwards::Closing}},
         "\x02\0\0\0" "\x06\0" "\0\0" "\x07\0\0\0" "\x01\x01"sv},
        {"free", {7, Free{}}, "\0\0\0\0" "\x0c\0" "\0\0" "\x07\0\0\0"sv},
        {"end_failed", {7, End{Outcome::Failed}},
         "\x02\0\0\0" "\x06\0" "\0\0" "\x07\0\0\0" "\x02\0"sv},
        {"extend_deadline",
         {7, ExtendDeadline{Moment(nanoseconds(0x0102030405060708))}},
         "\x08\0\0\0" "\x0b\0" "\0\0" "\x07\0\0\0" "\x08\x07\x06\x05\x04\x03\x02\x01"sv},
        {"log", {7, Log{"oh\nno"}}, "\x05\0\0\0" "\x07\0" "\0\0" "\x07\0\0\0" "oh\nno"sv},
        {"log_of_the_worker", {0, Log{"hi"}}, "\x02\0\0\0" "\x07\0" "\0\0" "\0\0\0\0" "hi"sv},
    };
}
// clang-format on

}  // namespace

const std::vector<WireSample>& wire_samples() {
    static const std::vector<WireSample> samples = all_samples();
    return samples;
}

}  // namespace bundle::wire
