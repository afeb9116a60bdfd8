// What a route answers by itself, whoever asks: `redirect` and `return`.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "frontend/answer/answer.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/routing/redirect_target.hpp"

namespace bundle {

class FixedAnswer : public std::enable_shared_from_this<FixedAnswer> {
  public:
    // As nginx: the connection is closed without an answer.
    static constexpr std::uint16_t kClose = 444;

    // Nothing when the route has neither.
    static Result<std::shared_ptr<const FixedAnswer>> create(const RouteConfig& route);

    // An error without a body of its own, which error_page() then makes.
    [[nodiscard]] bool is_error_page() const { return status_ >= 400 && body_.empty(); }
    [[nodiscard]] bool closes() const { return status_ == kClose && body_.empty(); }
    [[nodiscard]] bool needs_host() const { return target_ && target_->needs_host(); }
    [[nodiscard]] Answer to(const RedirectFacts& facts) const;

    FixedAnswer(const FixedAnswer&) = delete;  // its fields point into it
    FixedAnswer& operator=(const FixedAnswer&) = delete;
    FixedAnswer(FixedAnswer&&) = delete;
    FixedAnswer& operator=(FixedAnswer&&) = delete;
    ~FixedAnswer() = default;

  private:
    FixedAnswer(const RouteConfig& route, std::optional<RedirectTarget> target);

    std::uint16_t status_;
    std::optional<RedirectTarget> target_;  // of a redirect
    std::string body_;
    std::string length_;
    std::array<HeaderField, 2> fields_;
};

}  // namespace bundle
