#include "tests/support/request_outcome.hpp"

#include <algorithm>

namespace bundle::http1 {

namespace {

class Listener {
  public:
    explicit Listener(const HeadLimits& limits) : parser_(limits) {}

    // Until `part` is used up or a request is refused.
    void hear(std::string_view part) {
        fed_ += part.size();
        while (heard_.status == 0) {
            const auto progress = in_body_ ? read_body(part) : parser_.read_head(part, head_);
            if (progress == Progress::Refused) {
                heard_.status = parser_.refusal().status;
                heard_.reason = parser_.refusal().reason;
            }
            if (progress != Progress::Done) return;
            if (in_body_) finish(fed_ - part.size());
            in_body_ = !in_body_;
            if (part.empty() && !in_body_) return;
        }
    }

    HeardConnection outcome() {
        heard_.incomplete = heard_.status == 0 && parser_.has_begun();
        return heard_;
    }

  private:
    Progress read_body(std::string_view& part) {
        pieces_.clear();
        const auto progress = parser_.read_body(part, pieces_);
        for (const auto piece : pieces_) body_ += piece;
        return progress;
    }

    void finish(std::size_t end) {
        heard_.requests.push_back(
            {std::string(head_.method), head_.path, std::string(head_.query), body_, end});
        body_.clear();
        parser_.reset();
    }

    RequestParser parser_;
    RequestHead head_;
    bool in_body_ = false;
    std::string body_;
    std::vector<std::string_view> pieces_;
    std::size_t fed_ = 0;
    HeardConnection heard_;
};

}  // namespace

HeardConnection heard_in_parts(std::string_view bytes, std::size_t step, const HeadLimits& limits) {
    Listener listener(limits);
    while (!bytes.empty()) {
        listener.hear(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
    }
    return listener.outcome();
}

std::string told(const HeardConnection& heard) {
    std::string text;
    for (const HeardRequest& request : heard.requests) {
        if (!text.empty()) text += ' ';
        text += request.method + " " + request.path;
        if (!request.query.empty()) text += "?" + request.query;
        if (!request.body.empty()) text += "(" + request.body + ")";
    }
    const std::string end = heard.status != 0  ? std::to_string(heard.status)
                            : heard.incomplete ? "..."
                                               : "";
    return text.empty() || end.empty() ? text + end : text + " " + end;
}

}  // namespace bundle::http1
