#include "frontend/route/fixed_answer.hpp"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "frontend/answer/redirect.hpp"
#include "frontend/files/mime_types.hpp"

namespace bundle {

namespace {

// "=/robots.txt" and "/data.json" say what they are; else the body's first byte does.
std::string_view content_type_of(std::string_view path, std::string_view body) {
    if (const auto slash = path.rfind('/'); path.find('.', slash) != std::string_view::npos)
        return mime_type_of(path);
    if (body.starts_with('<')) return "text/html; charset=utf-8";
    if (body.starts_with('{') || body.starts_with('[')) return "application/json";
    return "text/plain; charset=utf-8";
}

}  // namespace

FixedAnswer::FixedAnswer(const RouteConfig& route, std::optional<RedirectTarget> target)
    : status_(static_cast<std::uint16_t>(target ? route.status : route.returned)),
      target_(std::move(target)),
      body_(route.body),
      length_(fmt::format_int(body_.size()).str()),
      fields_{
          {{"Content-Length", length_}, {"Content-Type", content_type_of(route.path, body_)}}
} {}

Result<std::shared_ptr<const FixedAnswer>> FixedAnswer::create(const RouteConfig& route) {
    std::optional<RedirectTarget> target;
    if (!route.redirect.empty()) {
        TRY_ASSIGN(target, RedirectTarget::parse(route.redirect));
    } else if (route.returned == 0) {
        return nullptr;
    }
    return std::shared_ptr<const FixedAnswer>(new FixedAnswer(route, std::move(target)));
}

Answer FixedAnswer::to(const RedirectFacts& facts) const {
    if (target_) return redirect_to(status_, target_->filled_in(facts));
    const std::span<const HeaderField> fields(fields_);
    // What a 200 would have had, a 304 might say (RFC 9110 section 8.6); there is none.
    const bool has_none = is_error_page() || status_ == 304;
    const std::size_t needed = has_none ? 0 : body_.empty() ? 1 : fields.size();
    return {.status = status_,
            .fields = fields.first(needed),
            .bytes = body_,
            .file = {},
            .owner = shared_from_this()};
}

}  // namespace bundle
