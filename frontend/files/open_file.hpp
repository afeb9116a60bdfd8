// A file as it was when it was opened, with everything an answer needs standing ready.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/answer.hpp"
#include "frontend/compression/content_coding.hpp"
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
    OpenFile(FoundFile found, const FileRules& rules);
    // `found` is `of` in that coding: its compressed twin.
    OpenFile(FoundFile found, const OpenFile& of, Coding coding);
    // `of` in that coding, compressed by us.
    OpenFile(const OpenFile& of, Coding coding, std::string compressed);
    // `found` is what an application answers with: its type, and its tag and date if it has them,
    // are those of `said`.
    OpenFile(FoundFile found, const Headers& said);
    OpenFile(const OpenFile&) = delete;  // its fields point into it
    OpenFile& operator=(const OpenFile&) = delete;
    OpenFile(OpenFile&&) = delete;
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile() = default;

    // Whether `facts`, asked for later, say that the file has not changed since it was opened.
    [[nodiscard]] bool is_unchanged(const struct stat& facts) const;

    [[nodiscard]] const std::string& name() const { return name_; }  // below its root
    [[nodiscard]] std::uint64_t size() const {
        return compressed_by_us_ ? contents_.size() : identity_.size;
    }
    // Strong, with its quotes. That of what we have compressed is sent as a weak one.
    [[nodiscard]] std::string_view etag() const { return etag_; }
    [[nodiscard]] std::chrono::sys_seconds modified() const { return modified_; }
    // As sent; "" when it lies ahead.
    [[nodiscard]] std::string_view last_modified() const { return last_modified_; }
    [[nodiscard]] std::string_view contents() const { return contents_; }
    [[nodiscard]] bool is_in_memory() const { return !fd_; }
    [[nodiscard]] std::string_view type() const { return type_; }
    // Whether the answer depends on Accept-Encoding.
    [[nodiscard]] bool has_codings() const { return has_codings_; }
    // All of it, from memory or the disk; nothing when it cannot be read to its end.
    [[nodiscard]] std::optional<std::string> read() const;

    // Of a 200: Last-Modified, ETag, Cache-Control, Vary, Accept-Ranges, Content-Type,
    // Content-Encoding, Content-Length, as far as it has them.
    [[nodiscard]] std::span<const HeaderField> fields() const;
    // Of a 206, without what the part itself says: Content-Length stands last in fields().
    [[nodiscard]] std::span<const HeaderField> fields_of_part() const;
    // Of a 304 (RFC 9110 section 15.4.5).
    [[nodiscard]] std::span<const HeaderField> validators() const;

    // `length` bytes from `offset`, which lie in it, as the body of `answer`.
    void put_into(Answer& answer, std::uint64_t offset, std::uint64_t length) const;

  private:
    explicit OpenFile(FoundFile found);

    void read_into_memory();
    void inherit(const OpenFile& of, Coding coding);
    enum class GetsTag : std::uint8_t { No, Yes };  // where it has none of its own
    void make_fields(GetsTag gets_tag = GetsTag::Yes);

    std::string name_;
    OwnedFd fd_;
    FileIdentity identity_;
    bool changed_just_now_ = false;
    std::chrono::sys_seconds modified_{};
    std::string contents_;
    std::string type_;
    std::string cache_control_;
    bool has_codings_ = false;
    std::string_view coding_;  // "": the bytes as they are
    bool compressed_by_us_ = false;
    std::string last_modified_;
    std::string etag_;
    std::string sent_etag_;
    std::string length_;
    std::array<HeaderField, 8> fields_;
    std::size_t field_count_ = 0;
    std::size_t validator_count_ = 0;
};

}  // namespace bundle
