// What operators and their tools are answered at admin.address.
#pragma once
#include "frontend/answer/answer.hpp"
#include "frontend/dispatch/app_request.hpp"
#include "frontend/request/request_head.hpp"

namespace bundle {

class AdminPages {
  public:
    [[nodiscard]] virtual Answer answer(const RequestHead& head) const = 0;
    // One that goes on: `viewer` is told the rest of it, as by a worker, until it leaves.
    virtual void watch(AnswerSink& viewer) = 0;
    virtual void leave(AnswerSink& viewer) = 0;

  protected:
    ~AdminPages() = default;
};

}  // namespace bundle
