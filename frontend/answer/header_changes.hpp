// What the configuration changes in the fields of answers: `headers` of a site and its routes,
// `hsts`.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/answer/head_writer.hpp"

namespace bundle {

class HeaderChanges {
  public:
    // The last word on a name counts: what was said of it before is forgotten.
    void set(std::string_view name, std::string_view value);  // in place of the answer's own
    void remove(std::string_view name);
    void append(std::string_view name, std::string_view value);  // beside the answer's own
    // Only where the answer says nothing of it: an application knows more of its page than we do.
    void set_if_missing(std::string_view name, std::string_view value);

    [[nodiscard]] bool empty() const { return changes_.empty(); }
    // Whether the name is no longer the answer's, nor ours, to speak of.
    [[nodiscard]] bool decide(std::string_view name) const;

    // One answer on its way.
    class Pass {
      public:
        explicit Pass(const HeaderChanges* changes) : changes_(changes) {}
        // Asked once for each of the answer's fields.
        bool keeps(std::string_view name) {
            return changes_ == nullptr || changes_->keeps(name, seen_);
        }
        void append_to(HeadWriter& out) const {
            if (changes_ != nullptr) changes_->append_to(out, seen_);
        }

      private:
        const HeaderChanges* changes_;  // nullptr: none
        std::uint64_t seen_ = 0;        // a bit for each change that the answer makes needless
    };

  private:
    enum class Kind : std::uint8_t { Set, Remove, Append, SetIfMissing };
    struct Change {
        Kind kind;
        std::string name;
        std::string value;
    };

    void forget(std::string_view name);
    void add(Kind kind, std::string_view name, std::string_view value);
    bool keeps(std::string_view name, std::uint64_t& seen) const;
    void append_to(HeadWriter& out, std::uint64_t seen) const;

    std::vector<Change> changes_;
};

}  // namespace bundle
