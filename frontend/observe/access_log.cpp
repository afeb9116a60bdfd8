#include "frontend/observe/access_log.hpp"

#include <algorithm>
#include <utility>

namespace bundle {

namespace {

// A turn of the loop that serves more than this writes more than once.
constexpr std::size_t kGatheredAtMost = 64 << 10;

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
    } else if (pending_.size() >= kGatheredAtMost) {
        flush();
    }
}

void AccessLog::flush() {
    if (messages_) return messages_->send();
    if (stream_.is_regular_file()) {
        const std::size_t size = pending_.size();
        if (size == 0) return;
        writer_->write(file_, std::exchange(pending_, {}));
        pending_.reserve(size);  // of the next, once
        return;
    }
    std::size_t written = 0;
    while (written < pending_.size()) {
        const std::size_t taken = stream_.write_some(std::string_view(pending_).substr(written),
                                                     std::chrono::milliseconds::zero());
        if (taken == 0) break;
        written += taken;
    }
    if (written < pending_.size()) return drop_unwritten(written);
    pending_.clear();
    line_begun_ = false;
}

void AccessLog::drop_unwritten(std::size_t written) {
    const bool between_lines = written == 0 ? !line_begun_ : pending_[written - 1] == '\n';
    const std::size_t rest = between_lines ? written : pending_.find('\n', written) + 1;
    lost_ += static_cast<std::uint64_t>(
        std::count(pending_.begin() + static_cast<std::ptrdiff_t>(rest), pending_.end(), '\n'));
    pending_.erase(rest);
    pending_.erase(0, written);
    line_begun_ = !pending_.empty();
}

}  // namespace bundle
