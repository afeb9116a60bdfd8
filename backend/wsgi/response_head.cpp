#include "backend/wsgi/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace bundle {

namespace {

// PEP 3333: it is an error to send these; the connection is not the application's.
constexpr std::string_view kHopByHop[] = {
    "proxy-authenticate", "proxy-authorization", "te",      "trailer",
    "trailers",           "transfer-encoding",   "upgrade",
};
// So are these, but they are in many an application that other servers let pass, and change nothing
// when they are left out.
constexpr std::string_view kAboutTheConnection[] = {"connection", "keep-alive", "proxy-connection"};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [name](std::string_view other) {
        return equals_ignoring_case(name, other);
    });
}

constexpr bool is_token_byte(unsigned char byte) {  // RFC 9110 section 5.6.2
    const bool alphanumeric = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                              (byte >= 'A' && byte <= 'Z');
    return alphanumeric ||
           (byte != 0 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(byte)) !=
                             std::string_view::npos);
}

constexpr auto kTokenBytes = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0; byte < table.size(); ++byte)
        table[byte] = is_token_byte(static_cast<unsigned char>(byte));
    return table;
}();

bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return kTokenBytes[static_cast<unsigned char>(c)];
    });
}

// PEP 3333: no control characters of any kind, tabs included.
bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool must_be_str(PyObject* object, const char* what) {
    if (PyUnicode_Check(object)) return true;
    PyErr_Format(PyExc_TypeError, "%s must be a str, not %.200s: %R", what,
                 Py_TYPE(object)->tp_name, object);
    return false;
}

bool must_be_latin1(PyObject* text, std::string_view& into, const char* what) {
    if (latin1_view(text, into)) return true;
    PyErr_Format(PyExc_ValueError,
                 "%s has a character above U+00FF, which no HTTP field can carry: %R", what, text);
    return false;
}

bool refuse(const char* complaint, PyObject* about) {
    PyErr_Format(PyExc_ValueError, complaint, about);
    return false;
}

bool must_be_pair(PyObject* field) {
    if (PyTuple_Check(field) && PyTuple_GET_SIZE(field) == 2) return true;
    PyErr_Format(PyExc_TypeError, "each header must be a tuple (name, value), not %.200s: %R",
                 Py_TYPE(field)->tp_name, field);
    return false;
}

}  // namespace

bool ResponseHead::parse(PyObject* status, PyObject* headers) {
    if (!PyList_Check(headers)) {
        PyErr_Format(PyExc_TypeError, "the headers must be a list, not %.200s",
                     Py_TYPE(headers)->tp_name);
        return false;
    }
    return parse_status(status) && parse_fields(PyRef(PyList_AsTuple(headers)));
}

bool ResponseHead::parse_interim(std::uint16_t status, PyObject* headers) {
    wire_.status = status;
    wire_.reason = {};
    return parse_fields(PyRef(PySequence_Tuple(headers)));
}

bool ResponseHead::parse_fields(PyRef headers) {
    wire_.fields.clear();
    left_out_ = {};
    content_length_.reset();
    headers_ = std::move(headers);
    if (!headers_) return false;
    const Py_ssize_t count = PyTuple_GET_SIZE(headers_.get());
    wire_.fields.reserve(static_cast<std::size_t>(count) + 1);
    for (Py_ssize_t i = 0; i < count; ++i)
        if (!parse_field(PyTuple_GET_ITEM(headers_.get(), i))) return false;
    return true;
}

// "200 OK": three digits, a space, a reason, which may be empty.
bool ResponseHead::parse_status(PyObject* status) {
    std::string_view text;
    if (!must_be_str(status, "the status") || !must_be_latin1(status, text, "the status"))
        return false;
    if (text.size() < 4 || !std::all_of(text.begin(), text.begin() + 3, is_digit) || text[3] != ' ')
        return refuse(
            "the status must be three digits, a space and a reason, as in '200 OK', not %R",
            status);
    if (has_control(text)) return refuse("the status has a control character: %R", status);
    if (text[0] < '2') return refuse("the status of an answer is 200 or above, not %R", status);
    std::from_chars(text.data(), text.data() + 3, wire_.status);
    wire_.reason = text.substr(4);
    status_ = share(status);
    return true;
}

bool ResponseHead::parse_field(PyObject* field) {
    if (!must_be_pair(field)) return false;
    PyObject* name = PyTuple_GET_ITEM(field, 0);
    PyObject* value = PyTuple_GET_ITEM(field, 1);
    HeaderField parsed;
    if (!must_be_str(name, "a header's name") ||
        !must_be_latin1(name, parsed.name, "a header's name") ||
        !must_be_str(value, "a header's value") ||
        !must_be_latin1(value, parsed.value, "a header's value"))
        return false;
    if (!is_token(parsed.name)) return refuse("not a header name: %R", name);
    if (has_control(parsed.value)) return refuse("a control character in the header %R", field);
    if (is_one_of(kAboutTheConnection, parsed.name)) {
        left_out_ = parsed.name;
        return true;
    }
    if (is_one_of(kHopByHop, parsed.name))
        return refuse("%R is a hop-by-hop header, which is the server's to send (PEP 3333)", name);
    if (equals_ignoring_case(parsed.name, "content-length") && !parse_content_length(parsed.value))
        return refuse("Content-Length must be one number, not %R", value);
    wire_.fields.push_back(parsed);
    return true;
}

bool ResponseHead::parse_content_length(std::string_view value) {
    if (content_length_ || value.empty() || !is_digit(value[0])) return false;
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc{} || end != value.data() + value.size()) return false;
    content_length_ = length;
    return true;
}

void ResponseHead::announce_file(std::uint64_t length) {
    if (wire_.status == 200 && content_length_ == length) wire_.body = wire::AnswerBody::WholeFile;
}

void ResponseHead::add_content_length(std::uint64_t length) {
    if (content_length_) return;
    content_length_ = length;
    added_length_ = std::to_string(length);
    wire_.fields.push_back({"Content-Length", added_length_});
}

}  // namespace bundle
