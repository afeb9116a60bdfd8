// A file as it was when it was opened, with everything an answer needs standing ready.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/answer.hpp"
#include "frontend/files/file_root.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

// Tells one state of a file from another.
struct FileIdentity {
    dev_t device = 0;
    ino_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;  // also by chmod

    static FileIdentity of(const struct stat& facts);
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

class OpenFile {
  public:
    // A file up to this size is held in memory and its descriptor closed: it is answered by one
    // write.
    static constexpr std::size_t kHeldInMemory = 32 << 10;

    // `found` is a File. A file that cannot be read into memory stays open, and the sender meets
    // the error.
    explicit OpenFile(FoundFile found);
    OpenFile(const OpenFile&) = delete;  // its fields point into it
    OpenFile& operator=(const OpenFile&) = delete;
    OpenFile(OpenFile&&) = delete;
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile() = default;

    // Whether `facts`, asked for later, say that the file has not changed since it was opened.
    [[nodiscard]] bool is_unchanged(const struct stat& facts) const;

    [[nodiscard]] const std::string& name() const { return name_; }  // below its root
    [[nodiscard]] std::uint64_t size() const { return identity_.size; }
    [[nodiscard]] std::string_view etag() const { return etag_; }  // strong, with its quotes
    [[nodiscard]] std::chrono::sys_seconds modified() const { return modified_; }
    // As sent; "" when it lies ahead.
    [[nodiscard]] std::string_view last_modified() const { return last_modified_; }
    [[nodiscard]] std::string_view contents() const { return contents_; }
    [[nodiscard]] bool is_in_memory() const { return !fd_; }

    // Of a 200: Last-Modified, ETag, Accept-Ranges, Content-Type, Content-Length.
    [[nodiscard]] std::span<const HeaderField> fields() const;
    // Of a 206, without what the part itself says: Content-Length stands last in fields().
    [[nodiscard]] std::span<const HeaderField> fields_of_part() const;
    // Of a 304 (RFC 9110 section 15.4.5).
    [[nodiscard]] std::span<const HeaderField> validators() const;

    // `length` bytes from `offset`, which lie in it, as the body of `answer`.
    void put_into(Answer& answer, std::uint64_t offset, std::uint64_t length) const;

  private:
    void read_into_memory();
    void make_fields();

    std::string name_;
    OwnedFd fd_;
    FileIdentity identity_;
    bool changed_just_now_ = false;
    std::chrono::sys_seconds modified_{};
    std::string contents_;
    std::string last_modified_;
    std::string etag_;
    std::string length_;
    std::array<HeaderField, 5> fields_;
};

}  // namespace bundle
