// An application that has looked at a request, and who may have what, leads on to what answers it:
// to a route, by X-Accel-Redirect, or to a file, by X-Sendfile. Its body is dropped, and of its
// fields those stay that do not describe that body.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "frontend/answer/answer.hpp"
#include "frontend/answer/server_fields.hpp"
#include "frontend/request/request_head.hpp"
#include "shared/base/bytes.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

// Fields that outlive the frame they came in.
class StoredFields {
  public:
    explicit StoredFields(const Headers& fields);
    StoredFields(const StoredFields&) = delete;  // its views point into it
    StoredFields& operator=(const StoredFields&) = delete;
    StoredFields(StoredFields&&) = delete;
    StoredFields& operator=(StoredFields&&) = delete;
    ~StoredFields() = default;

    [[nodiscard]] const Headers& fields() const { return fields_; }

  private:
    std::string bytes_;
    Headers fields_;
};

// Both; of a name that both have only those of `second`, except Set-Cookie and Vary, each of which
// stands for itself.
Headers merged_fields(const Headers& first, std::span<const HeaderField> second);

// Of an application's fields those that are true of any body, and of none.
Headers kept_fields(const Headers& fields);

// `answer`, with the kept fields before its own. A 304 gets none that describe a body, a
// refusal (from 400 on) those only that a browser needs to show it to a page's script.
Answer with_kept_fields(Answer answer, std::shared_ptr<const StoredFields> kept);

struct InternalRedirect {
    // An application may lead to another one, and that on; but not for ever.
    static constexpr int kMost = 5;

    enum class To : std::uint8_t { Route, File };
    To to = To::Route;
    std::string target;  // as the application wrote it
    std::shared_ptr<const StoredFields> kept;
    int count = 0;         // so far
    bool pending = false;  // noted, not yet followed

    // What the next application gets, or the file is asked with: a GET, or a HEAD as before, and no
    // body. Views `target` and the head that it was made from.
    RequestHead head;

    void note(const ServerFields& ours, const Headers& fields);
    // False: `target` is no path, or longer than a request line may be, and head is of no use.
    bool lead_to_route(const RequestHead& from, Bytes max_request_line);
};

}  // namespace bundle
