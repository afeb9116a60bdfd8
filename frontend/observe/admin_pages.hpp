// What operators and their tools are answered at admin.address, and by a route with status_page.
#pragma once
#include <string_view>

#include "frontend/answer/answer.hpp"
#include "frontend/dispatch/app_request.hpp"
#include "frontend/request/request_head.hpp"

namespace bundle {

class AdminPages {
  public:
    // `path` is that of admin.address: "/status", "/metrics".
    [[nodiscard]] virtual Answer answer(std::string_view path, const RequestHead& head) const = 0;
    // One that goes on: `viewer` is told the rest of it, as by a worker, until it leaves.
    virtual void watch(AnswerSink& viewer) = 0;
    virtual void leave(AnswerSink& viewer) = 0;

  protected:
    ~AdminPages() = default;
};

}  // namespace bundle
