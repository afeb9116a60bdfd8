#include "frontend/files/open_file.hpp"

#include <fmt/format.h>

#include "shared/base/file_text.hpp"
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
}

OpenFile::OpenFile(FoundFile found, const FileRules& rules) : OpenFile(std::move(found)) {
    type_ = rules.type_of(name_);
    cache_control_ = rules.cache_control_of(name_);
    has_codings_ = rules.has_codings(type_);
    make_fields();
}

OpenFile::OpenFile(FoundFile found, const OpenFile& of, Coding coding)
    : OpenFile(std::move(found)) {
    inherit(of, coding);
    make_fields();
}

OpenFile::OpenFile(const OpenFile& of, Coding coding, std::string compressed)
    : name_(of.name_),
      identity_(of.identity_),
      modified_(of.modified_),
      contents_(std::move(compressed)),
      compressed_by_us_(true),
      last_modified_(of.last_modified_) {
    inherit(of, coding);
    make_fields();
}

OpenFile::OpenFile(FoundFile found, const Headers& said) : OpenFile(std::move(found)) {
    const auto take = [&said](std::string_view name, std::string& into) {
        if (const HeaderField* field = find_field(said, name)) into = field->value;
    };
    take("content-type", type_);
    take("etag", etag_);
    take("last-modified", last_modified_);
    // With a tag of ours beside it, an application's own date would never be looked at.
    const bool has_own_date = find_field(said, "last-modified") != nullptr;
    if (const auto moment = parse_http_date(last_modified_)) modified_ = *moment;
    make_fields(has_own_date ? GetsTag::No : GetsTag::Yes);
}

void OpenFile::inherit(const OpenFile& of, Coding coding) {
    type_ = of.type_;
    cache_control_ = of.cache_control_;
    has_codings_ = true;
    coding_ = coding_name(coding);
}

std::optional<std::string> OpenFile::read() const {
    if (is_in_memory()) return contents_;
    std::string bytes(identity_.size, '\0');
    return read_at(fd_.get(), bytes, 0) ? std::optional(std::move(bytes)) : std::nullopt;
}

void OpenFile::read_into_memory() {
    contents_.resize(identity_.size);
    const bool is_read = read_at(fd_.get(), contents_, 0);
    struct stat after {};
    const bool is_whole =
        is_read && fstat(fd_.get(), &after) == 0 && FileIdentity::of(after) == identity_;
    // Otherwise someone is writing it: half old and half new is not a state to keep.
    if (is_whole)
        fd_ = OwnedFd();
    else
        contents_.clear();
}

void OpenFile::make_fields(GetsTag gets_tag) {
    const auto add = [this](std::string_view name, std::string_view value) {
        if (!value.empty()) fields_.at(field_count_++) = {name, value};
    };
    // Nanoseconds and size, not the inode: the copies of one file on several machines shall have
    // one tag. Another coding is another representation, and needs a tag of its own.
    if (etag_.empty() && gets_tag == GetsTag::Yes)
        etag_ = fmt::format("\"{:x}-{:x}{}{}\"", static_cast<std::uint64_t>(identity_.modified_ns),
                            identity_.size, coding_.empty() ? "" : "-", coding_);
    // Another version of a library makes other bytes of the same file.
    sent_etag_ = (compressed_by_us_ ? "W/" : "") + etag_;
    length_ = fmt::format_int(size()).str();
    add("Last-Modified", last_modified_);
    add("ETag", sent_etag_);
    add("Cache-Control", cache_control_);
    add("Vary", has_codings_ ? "Accept-Encoding" : "");
    validator_count_ = field_count_;
    add("Accept-Ranges", compressed_by_us_ ? "" : "bytes");
    add("Content-Type", type_);
    add("Content-Encoding", coding_);
    add("Content-Length", length_);
}

bool OpenFile::is_unchanged(const struct stat& facts) const {
    return !changed_just_now_ && FileIdentity::of(facts) == identity_;
}

std::span<const HeaderField> OpenFile::fields() const {
    return std::span(fields_).first(field_count_);
}

std::span<const HeaderField> OpenFile::fields_of_part() const {
    return fields().first(field_count_ - 1);
}

std::span<const HeaderField> OpenFile::validators() const {
    return fields().first(validator_count_);
}

void OpenFile::put_into(Answer& answer, std::uint64_t offset, std::uint64_t length) const {
    if (is_in_memory())
        answer.bytes = std::string_view(contents_).substr(offset, length);
    else
        answer.file = {.fd = fd_.get(), .offset = offset, .length = length};
}

}  // namespace bundle
