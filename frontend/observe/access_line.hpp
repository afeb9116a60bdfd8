// How a request becomes a line of the access log: log.access.format, taken apart once, when the
// configuration is read. The combined format of Apache and nginx, without which none is needed:
//
//   127.0.0.1 - - [20/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 42 "-" "curl/7.88.1"
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "frontend/observe/access_record.hpp"
#include "frontend/observe/log_clock.hpp"
#include "shared/base/result.hpp"
#include "shared/config/access_format.hpp"

namespace bundle {

class AccessLine {
  public:
    // The combined format.
    AccessLine() = default;
    static Result<AccessLine> create(std::string_view format);

    void append_to(std::string& out, const AccessRecord& record, const LogClock& clock) const;
    // The fields of answers that lines tell of, in lower case; AccessRecord::answer_fields has
    // their values in this order.
    [[nodiscard]] const std::vector<std::string>& answer_fields() const { return answer_fields_; }

  private:
    enum class Kind { Combined, Json, Pieces };

    Kind kind_ = Kind::Combined;
    std::vector<LogPiece> pieces_;  // of Pieces
    std::vector<std::string> answer_fields_;
};

// Notes, of the answer's head that was written, the values of `names`; "" where it has none. The
// head is in the form of HTTP/1.
void note_answer_fields(std::string_view head, const std::vector<std::string>& names,
                        std::vector<std::string>& values);

}  // namespace bundle
