// What clients send, good and bad, and what becomes of it: the table behind RequestParser's tests.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace bundle::http1 {

struct RequestCase {
    std::string bytes;
    std::string outcome;  // as told() puts it (tests/support/request_outcome.hpp)
};

// A row of a table tells only what is special about it.
struct RequestRow {
    std::string_view text;
    std::string_view outcome;
};

template <std::size_t kSize>
void append_cases(std::vector<RequestCase>& cases, std::string_view before,
                  const RequestRow (&rows)[kSize], std::string_view after) {
    for (const RequestRow& row : rows)
        cases.push_back(
            {std::string(before).append(row.text).append(after), std::string(row.outcome)});
}

void append_request_line_cases(std::vector<RequestCase>& cases);
void append_field_cases(std::vector<RequestCase>& cases);
void append_host_cases(std::vector<RequestCase>& cases);
void append_chunked_cases(std::vector<RequestCase>& cases);
void append_connection_cases(std::vector<RequestCase>& cases);

inline std::vector<RequestCase> request_cases() {
    std::vector<RequestCase> cases;
    append_request_line_cases(cases);
    append_field_cases(cases);
    append_host_cases(cases);
    append_chunked_cases(cases);
    append_connection_cases(cases);
    return cases;
}

}  // namespace bundle::http1
