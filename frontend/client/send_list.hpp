// Connections that have something to send when the loop's turn ends: what was submitted to one of
// them meanwhile, for several requests, then leaves by one write.
#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace bundle {

class SendsSoon {
  public:
    virtual void send_now() = 0;

  protected:
    ~SendsSoon() = default;
};

class SendList {
  public:
    void add(SendsSoon& sender) { senders_.push_back(&sender); }
    void forget(const SendsSoon& sender) {
        std::replace(senders_.begin(), senders_.end(), const_cast<SendsSoon*>(&sender),
                     static_cast<SendsSoon*>(nullptr));
    }
    // True when there were some.
    bool run() {
        if (senders_.empty()) return false;
        for (std::size_t i = 0; i < senders_.size(); ++i)
            if (SendsSoon* const sender = std::exchange(senders_[i], nullptr)) sender->send_now();
        senders_.clear();
        return true;
    }

  private:
    std::vector<SendsSoon*> senders_;
};

}  // namespace bundle
