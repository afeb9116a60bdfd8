// What the application gave to start_response(), checked: from here on it is safe to put on a wire.
#pragma once
#include <cstdint>
#include <optional>

#include "backend/python/py_ref.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

// The views in `fields` point into the strings that `status` and `headers` keep alive.
class ResponseHead {
  public:
    // Replaces what was there. False with a Python exception that names the application's mistake.
    bool parse(PyObject* status, PyObject* headers);

    // An interim answer of that status instead (RFC 8297). `headers` may be any iterable.
    bool parse_interim(std::uint16_t status, PyObject* headers);

    // The body's length is known now. Nothing changes when the application gave one itself.
    void add_content_length(std::uint64_t length);

    // The body is one whole file, sent as such. Nothing changes unless it is a 200 of that length.
    void announce_file(std::uint64_t length);

    // What start_response() was given: a str and a tuple; null before that.
    [[nodiscard]] PyObject* status() const { return status_.get(); }
    [[nodiscard]] PyObject* headers() const { return headers_.get(); }
    [[nodiscard]] const wire::AnswerHead& wire() const { return wire_; }
    // A field about the connection that the application gave and that is not sent; "" for none.
    [[nodiscard]] std::string_view left_out() const { return left_out_; }
    [[nodiscard]] std::optional<std::uint64_t> content_length() const { return content_length_; }
    // RFC 9110 6.4.1: these have no body, whatever their fields say.
    [[nodiscard]] bool is_bodiless() const { return wire_.status == 204 || wire_.status == 304; }

  private:
    bool parse_status(PyObject* status);
    bool parse_fields(PyRef headers);
    bool parse_field(PyObject* field);
    bool parse_content_length(std::string_view value);

    wire::AnswerHead wire_;
    std::string_view left_out_;
    std::optional<std::uint64_t> content_length_;
    std::string added_length_;
    PyRef status_;
    PyRef headers_;  // a tuple of our own: the application may change its list after the call
};

}  // namespace bundle
