// HTTP/1 requests from bytes (RFC 9112): llhttp in strict mode, and the checks that llhttp leaves
// to us. No sockets in here; fed whole or byte by byte, the outcome is the same.
//
// The head is gathered until its empty line, bounded; one scan checks its line ends; then llhttp
// reads it in one call, so that every value lies in one piece in RequestHead::bytes. A body is
// decoded as it comes.
#pragma once
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "frontend/request/request_head.hpp"
#include "shared/base/bytes.hpp"

namespace bundle::http1 {

struct HeadLimits {
    Bytes max_request_line;         // 414
    std::uint32_t max_headers = 0;  // 431
    Bytes max_header_size;          // 431: one field line
    Bytes max_head_size;            // 431: all of the head
};

enum class Progress {
    NeedMore,  // all bytes were taken; the part is not complete
    Done,      // the part (head or body) is complete; bytes that are left belong to what follows
    Refused,   // see refusal()
};

class RequestParser {
  public:
    explicit RequestParser(const HeadLimits& limits);  // the limits outlive the parser
    ~RequestParser();
    RequestParser(RequestParser&&) noexcept;
    RequestParser& operator=(RequestParser&&) noexcept;

    // Takes bytes of a head off the front of `bytes`. On Done, `head` is whole and checked.
    Progress read_head(std::string_view& bytes, RequestHead& head);

    // Takes bytes of the body that `head` announced off the front of `bytes`; decoded pieces are
    // appended to `pieces` and point into what `bytes` was. The trailer section is checked, bounded
    // and dropped.
    Progress read_body(std::string_view& bytes, std::vector<std::string_view>& pieces);

    [[nodiscard]] const Refusal& refusal() const;
    // Whether a byte of the next request has come: an idle connection may be closed without a word.
    [[nodiscard]] bool has_begun() const;
    // After Done (of the head when there is no body, else of the body): ready for the next request.
    // Or, wherever it was, refused too: as good as new, for another connection.
    void reset();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace bundle::http1
