// How values stand in a payload. The layout of a message is written once, as a function over a
// codec; the codec decides whether that measures it, writes it or reads it:
//
//   void layout(auto& codec, auto& file) { codec.number(file.offset); codec.number(file.length); }
#pragma once
#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "shared/base/check.hpp"
#include "shared/http/headers.hpp"

namespace bundle::wire {

static_assert(std::endian::native == std::endian::little,
              "numbers are little-endian on the wire and copied as they lie in memory");
static_assert(std::same_as<std::chrono::steady_clock::duration, std::chrono::nanoseconds>,
              "a moment is sent as nanoseconds of CLOCK_MONOTONIC");

using TextLength = std::uint32_t;

class Measure {
  public:
    void number(std::unsigned_integral auto value) { size_ += sizeof value; }
    template <typename Enum>
    void enumerated(Enum /*value*/, Enum /*last*/) {
        size_ += sizeof(Enum);
    }
    void moment(std::chrono::steady_clock::time_point /*value*/) { size_ += sizeof(std::int64_t); }
    void text(std::string_view value) { size_ += sizeof(TextLength) + value.size(); }
    void fields(const Headers& fields) {
        size_ += sizeof(TextLength);
        for (const HeaderField& field : fields) {
            text(field.name);
            text(field.value);
        }
    }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    std::size_t size_ = 0;
};

// Writes to memory of exactly the measured size: one growth of the string, then plain stores.
class Writer {
  public:
    explicit Writer(char* to) : to_(to) {}

    void number(std::unsigned_integral auto value) { bytes(&value, sizeof value); }
    template <typename Enum>
    void enumerated(Enum value, Enum /*last*/) {
        number(static_cast<std::underlying_type_t<Enum>>(value));
    }
    void moment(std::chrono::steady_clock::time_point value) {
        number(static_cast<std::uint64_t>(value.time_since_epoch().count()));
    }
    void text(std::string_view value) {
        number(static_cast<TextLength>(value.size()));
        bytes(value.data(), value.size());
    }
    void fields(const Headers& fields) {
        number(static_cast<TextLength>(fields.size()));
        for (const HeaderField& field : fields) {
            text(field.name);
            text(field.value);
        }
    }
    [[nodiscard]] const char* end() const { return to_; }

  private:
    void bytes(const void* from, std::size_t count) {
        if (count == 0) return;  // an empty view may point nowhere, which memcpy forbids
        std::memcpy(to_, from, count);
        to_ += count;
    }
    char* to_;
};

// Reads what may come from an enemy. The first value that does not fit makes it bad for good, and
// every later one reads as zero, so that a layout needs no checks of its own.
class Reader {
  public:
    explicit Reader(std::string_view payload) : rest_(payload) {}

    template <std::unsigned_integral Number>
    void number(Number& value) {
        value = 0;
        if (rest_.size() < sizeof value) return spoil();
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_.remove_prefix(sizeof value);
    }
    template <typename Enum>
    void enumerated(Enum& value, Enum last) {
        std::underlying_type_t<Enum> plain{};
        number(plain);
        if (plain > static_cast<std::underlying_type_t<Enum>>(last)) return spoil();
        value = static_cast<Enum>(plain);
    }
    void moment(std::chrono::steady_clock::time_point& value) {
        std::uint64_t plain = 0;
        number(plain);
        // Never before the clock's start; so the difference of any two moments can be had without
        // overflow.
        if (plain > INT64_MAX) return spoil();
        value = std::chrono::steady_clock::time_point(
            std::chrono::nanoseconds(static_cast<std::int64_t>(plain)));
    }
    void text(std::string_view& value) {
        TextLength length = 0;
        number(length);
        if (rest_.size() < length) {
            value = {};
            return spoil();
        }
        value = rest_.substr(0, length);
        rest_.remove_prefix(length);
    }
    void fields(Headers& fields) {
        fields.clear();
        TextLength count = 0;
        number(count);
        // A field is two lengths at least. Checked before memory is taken for as many as the peer
        // claims.
        if (count > rest_.size() / (2 * sizeof(TextLength))) return spoil();
        fields.resize(count);
        for (HeaderField& field : fields) {
            text(field.name);
            text(field.value);
        }
    }

    // What no value has taken yet.
    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] bool good() const { return good_; }
    // Every value fitted and nothing is left over.
    [[nodiscard]] bool finished() const { return good_ && rest_.empty(); }

  private:
    void spoil() {
        good_ = false;
        rest_ = {};
    }
    std::string_view rest_;
    bool good_ = true;
};

}  // namespace bundle::wire
