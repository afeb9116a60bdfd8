// What operators and their tools are answered at admin.address.
#pragma once
#include "frontend/answer/answer.hpp"
#include "frontend/request/request_head.hpp"

namespace bundle {

class AdminPages {
  public:
    [[nodiscard]] virtual Answer answer(const RequestHead& head) const = 0;

  protected:
    ~AdminPages() = default;
};

}  // namespace bundle
