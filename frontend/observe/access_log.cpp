#include "frontend/observe/access_log.hpp"

#include <algorithm>
#include <utility>

namespace bundle {

namespace {

// A turn of the loop that serves more than this writes more than once.
constexpr std::size_t kGatheredAtMost = 64 << 10;
// Of what a reader, who has been slow for a while, has not taken.
constexpr std::size_t kMostUnread = 4 << 20;

}  // namespace

void AccessLog::continue_in(OwnedFd file) {
    flush();
    end_messages();
    stream_ = LogStream(file.get());
    file_.reset();
    if (stream_.is_null()) return;  // the lines need not be made
    file_ = std::make_shared<const OwnedFd>(std::move(file));
    if (stream_.is_regular_file() && !writer_) writer_.emplace();
}

void AccessLog::continue_in(LogService service) {
    flush();
    end_messages();
    file_.reset();
    pending_.clear();
    line_begun_ = false;
    messages_.emplace(std::move(service));
}

void AccessLog::end_messages() {
    if (messages_) lost_ += messages_->lost();
    messages_.reset();
}

void AccessLog::append(const AccessLine& line, const AccessRecord& record,
                       std::chrono::system_clock::time_point now) {
    if (!is_on()) return;
    clock_.set(now);
    line.append_to(pending_, record, clock_);
    if (messages_) {
        pending_.pop_back();  // the end of the line
        messages_->add(pending_, record, clock_);
        pending_.clear();
        if (messages_->size() >= kGatheredAtMost) flush();
    } else if (pending_.size() >= std::max(flush_above_, kGatheredAtMost)) {
        flush();
    }
}

void AccessLog::flush() {
    if (!has_pending()) return;
    if (messages_) {
        const std::uint64_t before = messages_->lost();
        messages_->send();
        error_ = EAGAIN;
        fails_ = messages_->lost() > before;
        return;
    }
    if (stream_.is_regular_file()) {
        const std::size_t size = pending_.size();
        writer_->write(file_, std::exchange(pending_, {}));
        pending_.reserve(size);  // of the next, once
        return;
    }
    const bool may_go_on = write_pending(std::chrono::milliseconds::zero());
    error_ = may_go_on ? EAGAIN : errno;
    fails_ = drop_beyond(may_go_on ? kMostUnread : 0);
    flush_above_ = pending_.size() + kGatheredAtMost;
}

void AccessLog::finish() {
    constexpr std::chrono::seconds kPatience{5};
    if (!messages_ && !stream_.is_regular_file()) write_pending(kPatience);
    flush();
}

bool AccessLog::write_pending(std::chrono::milliseconds patience) {
    using std::chrono::milliseconds;
    const auto until = std::chrono::steady_clock::now() + patience;
    std::size_t written = 0;
    ssize_t taken = 0;
    while (written < pending_.size()) {
        taken = stream_.write_some(std::string_view(pending_).substr(written), patience);
        if (taken <= 0) break;
        written += static_cast<std::size_t>(taken);
        if (patience > milliseconds::zero())
            patience = std::max(
                milliseconds::zero(),
                std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now()));
    }
    if (written > 0) line_begun_ = pending_[written - 1] != '\n';
    pending_.erase(0, written);
    return taken >= 0;
}

// A line of which a part is kept, or was written, is kept whole.
bool AccessLog::drop_beyond(std::size_t kept) {
    if (pending_.size() <= kept) return false;
    const std::size_t end = kept > 0 || line_begun_ ? pending_.find('\n', kept) + 1 : 0;
    const auto dropped = static_cast<std::uint64_t>(
        std::count(pending_.begin() + static_cast<std::ptrdiff_t>(end), pending_.end(), '\n'));
    lost_ += dropped;
    pending_.erase(end);
    return dropped > 0;
}

}  // namespace bundle
