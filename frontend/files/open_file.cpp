#include "frontend/files/open_file.hpp"

#include <fmt/format.h>

#include "frontend/files/mime_types.hpp"
#include "shared/http/date.hpp"

namespace bundle {

namespace {

using std::chrono::nanoseconds;
using std::chrono::system_clock;

std::int64_t in_nanoseconds(const timespec& time) {
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

}  // namespace

FileIdentity FileIdentity::of(const struct stat& facts) {
    return {.device = facts.st_dev,
            .inode = facts.st_ino,
            .size = static_cast<std::uint64_t>(facts.st_size),
            .modified_ns = in_nanoseconds(facts.st_mtim),
            .changed_ns = in_nanoseconds(facts.st_ctim)};
}

OpenFile::OpenFile(FoundFile found)
    : name_(std::move(found.name)),
      fd_(std::move(found.fd)),
      identity_(FileIdentity::of(found.facts)) {
    const nanoseconds now = system_clock::now().time_since_epoch();
    // The kernel's clock for files ticks every few milliseconds: two changes within one tick look
    // like one. What was changed just before it was read may have been changed just after, too.
    changed_just_now_ = nanoseconds(identity_.changed_ns) > now - std::chrono::seconds(1);
    modified_ = std::chrono::sys_seconds(
        std::chrono::floor<std::chrono::seconds>(nanoseconds(identity_.modified_ns)));
    // A time ahead of our own must not be given out (RFC 9110 section 8.8.2.1).
    if (nanoseconds(identity_.modified_ns) <= now) last_modified_ = http_date(modified_);
    if (identity_.size <= kHeldInMemory) read_into_memory();
    make_fields();
}

void OpenFile::read_into_memory() {
    contents_.resize(identity_.size);
    std::size_t length = 0;
    while (length < contents_.size()) {
        const ssize_t got = pread(fd_.get(), contents_.data() + length, contents_.size() - length,
                                  static_cast<off_t>(length));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        length += static_cast<std::size_t>(got);
    }
    struct stat after {};
    const bool is_whole = length == contents_.size() && fstat(fd_.get(), &after) == 0 &&
                          FileIdentity::of(after) == identity_;
    // Otherwise someone is writing it: half old and half new is not a state to keep.
    if (is_whole)
        fd_ = OwnedFd();
    else
        contents_.clear();
}

void OpenFile::make_fields() {
    // Nanoseconds and size, not the inode: the copies of one file on several machines shall have
    // one tag.
    etag_ = fmt::format("\"{:x}-{:x}\"", static_cast<std::uint64_t>(identity_.modified_ns),
                        identity_.size);
    length_ = fmt::format_int(identity_.size).str();
    fields_ = {
        {
         {"Last-Modified", last_modified_},
         {"ETag", etag_},
         {"Accept-Ranges", "bytes"},
         {"Content-Type", mime_type_of(name_)},
         {"Content-Length", length_},
         }
    };
}

bool OpenFile::is_unchanged(const struct stat& facts) const {
    return !changed_just_now_ && FileIdentity::of(facts) == identity_;
}

std::span<const HeaderField> OpenFile::fields() const {
    return std::span(fields_).subspan(last_modified_.empty() ? 1 : 0);
}

std::span<const HeaderField> OpenFile::fields_of_part() const {
    const auto whole = fields();
    return whole.first(whole.size() - 1);
}

std::span<const HeaderField> OpenFile::validators() const {
    return fields().first(last_modified_.empty() ? 1 : 2);
}

void OpenFile::put_into(Answer& answer, std::uint64_t offset, std::uint64_t length) const {
    if (is_in_memory())
        answer.bytes = std::string_view(contents_).substr(offset, length);
    else
        answer.file = {.fd = fd_.get(), .offset = offset, .length = length};
}

}  // namespace bundle
