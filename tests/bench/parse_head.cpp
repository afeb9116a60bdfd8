// What a request head costs: nanoseconds for RequestParser alone, and with the fields for the
// application.
//
//   ninja -C build/release parse_head && build/release/tests/parse_head [rounds]
//
// The fastest of several rounds counts: what is slower was disturbed by others on the machine.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string_view>

#include "frontend/http1/request_parser.hpp"
#include "frontend/request/forwarded.hpp"
#include "shared/base/check.hpp"

namespace bundle {

namespace {

struct Sample {
    std::string_view name;
    std::string_view head;
};

constexpr Sample kSamples[] = {
    {"wrk, 2 fields",
     "GET / HTTP/1.1\r\n"
     "Host: 127.0.0.1:8000\r\n"
     "Accept: */*\r\n\r\n"                },
    {"browser, 10 fields",
     "GET /catalogue/shoes?page=2&sort=price HTTP/1.1\r\n"
     "Host: shop.example\r\n"
     "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
     "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
     "Accept-Language: en-GB,en;q=0.5\r\n"
     "Accept-Encoding: gzip, deflate, br\r\n"
     "Referer: https://shop.example/catalogue/\r\n"
     "Connection: keep-alive\r\n"
     "Cookie: sessionid=3f9a8c7b6d5e4f3a2b1c0d9e8f7a6b5c\r\n"
     "Upgrade-Insecure-Requests: 1\r\n"
     "Priority: u=0, i\r\n\r\n"           },
    {"browser, 14 fields",
     "POST /cart/add/4711/ HTTP/1.1\r\n"
     "Host: shop.example\r\n"
     "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 "
     "Safari/537.36\r\n"
     "Accept: application/json\r\n"
     "Accept-Language: en-GB,en;q=0.5\r\n"
     "Accept-Encoding: gzip, deflate, br\r\n"
     "Referer: https://shop.example/p/4711\r\n"
     "Content-Type: application/json\r\n"
     "Content-Length: 17\r\n"
     "Origin: https://shop.example\r\n"
     "Connection: keep-alive\r\n"
     "Cookie: sessionid=3f9a8c7b6d5e4f3a; csrftoken=aaaabbbbccccdddd\r\n"
     "Sec-Fetch-Dest: empty\r\n"
     "Sec-Fetch-Mode: cors\r\n"
     "Sec-Fetch-Site: same-origin\r\n\r\n"},
};

constexpr http1::HeadLimits kLimits{.max_request_line = 8_KiB,
                                    .max_headers = 100,
                                    .max_header_size = 8_KiB,
                                    .max_head_size = 64_KiB};

constexpr ClientFacts kFacts{
    .address = "192.0.2.1", .port = "54321", .scheme = "http", .server_port = "8000"};

double cpu_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

enum class Work { Parse, ParseAndForward };

double nanoseconds_per_head(std::string_view sample, Work work) {
    constexpr int kHeads = 500;  // fits a time slice
    static const auto parser_of_process = std::make_unique<http1::RequestParser>(kLimits);
    http1::RequestParser& parser = *parser_of_process;
    static RequestHead head;
    static Headers fields;
    static const TrustRules rules;  // nobody is trusted
    const double begin = cpu_nanoseconds();
    for (int i = 0; i < kHeads; ++i) {
        std::string_view bytes = sample;
        BUNDLE_CHECK(parser.read_head(bytes, head) == http1::Progress::Done);
        if (work == Work::ParseAndForward) {
            fields.clear();
            fields_for_app(head, kFacts, "0123456789abcdef", rules, fields);
        }
        parser.reset();
    }
    return (cpu_nanoseconds() - begin) / kHeads;
}

}  // namespace

}  // namespace bundle

int main(int argc, char** argv) {
    using namespace bundle;
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 2000;
    for (const Sample& sample : kSamples) {
        double parse = 1e9;
        double forward = 1e9;
        for (int i = 0; i < rounds; ++i) {
            parse = std::min(parse, nanoseconds_per_head(sample.head, Work::Parse));
            forward = std::min(forward, nanoseconds_per_head(sample.head, Work::ParseAndForward));
        }
        fmt::print(
            "{:20} {:4} bytes: parse {:4.0f} ns, with the fields for the application {:4.0f} ns\n",
            sample.name, sample.head.size(), parse, forward);
    }
}
