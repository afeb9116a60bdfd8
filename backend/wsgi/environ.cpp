#include "backend/wsgi/environ.hpp"

#include <charconv>
#include <chrono>

#include "shared/base/version.hpp"

namespace bundle {

const std::array<const char*, EnvironBuilder::kKeys> EnvironBuilder::kNames = {
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "CONTENT_LENGTH",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "REQUEST_URI",
    "RAW_URI",
    "HTTPS",
    "wsgi.url_scheme",
    "wsgi.input",
    "wsgi.errors",
    "wsgi.early_hints",
    "bundle.extend_deadline",
    "bundle.client_gone",
    "bundle.request_id",
    "bundle.queue_time",
    "bundle.deadline",
};

namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::size_t kRememberedFields = 32;
constexpr std::size_t kRememberedValue = 256;  // bytes

bool set_named(PyObject* dict, const char* name, const PyRef& value) {
    return value && PyDict_SetItemString(dict, name, value.get()) == 0;
}

// What follows the mount: "/shop/cart" below "/shop" is "/cart".
std::string_view path_info(const wire::Request& request) {
    return request.path.starts_with(request.mount) ? request.path.substr(request.mount.size())
                                                   : request.path;
}

// PEP 3333: SERVER_NAME and SERVER_PORT are never empty; on a unix socket without a Host there is
// neither.
std::string_view server_name(const wire::Request& request) {
    return request.server_name.empty() ? "localhost" : request.server_name;
}
std::string_view server_port(const wire::Request& request) {
    if (!request.server_port.empty()) return request.server_port;
    return request.scheme == "https" ? "443" : "80";
}

}  // namespace

PyObject* LastValue::of(std::string_view bytes) {
    std::string_view last;
    if (value_ && latin1_view(value_.get(), last) && bytes == last) return value_.get();
    value_ = latin1_str(bytes);
    return value_.get();
}

bool EnvironBuilder::prepare(const GatewayFacts& facts, PyObject* file_wrapper) {
    for (std::size_t key = 0; key < kKeys; ++key) {
        keys_[key].reset(PyUnicode_InternFromString(kNames[key]));
        if (!keys_[key]) return false;
    }
    on_ = latin1_str("on");
    return on_ && field_names_.seed() && set_constants(facts, file_wrapper);
}

bool EnvironBuilder::set_constants(const GatewayFacts& facts, PyObject* file_wrapper) {
    template_.reset(PyDict_New());
    if (!template_) return false;
    for (std::size_t key = 0; key < kKeys; ++key) {
        if (key == ContentLength || key == Https) continue;  // not in every request
        if (!set(template_.get(), static_cast<Key>(key), Py_None)) return false;
    }
    PyObject* environ = template_.get();
    const std::string software = "bundle/" + std::string(kBundleVersion);
    return set_named(environ, "SERVER_SOFTWARE", latin1_str(software)) &&
           set_named(environ, "wsgi.version", PyRef(Py_BuildValue("(ii)", 1, 0))) &&
           set_named(environ, "wsgi.multithread", PyRef(PyBool_FromLong(facts.multithread))) &&
           set_named(environ, "wsgi.multiprocess", PyRef(PyBool_FromLong(facts.multiprocess))) &&
           set_named(environ, "wsgi.run_once", share(Py_False)) &&
           set_named(environ, "wsgi.input_terminated", share(Py_True)) &&
           set_named(environ, "wsgi.file_wrapper", share(file_wrapper));
}

PyRef EnvironBuilder::build(const wire::Request& request, const RequestObjects& objects) {
    PyRef environ(PyDict_Copy(template_.get()));
    if (!environ || !set(environ.get(), Input, objects.input.get()) ||
        !set(environ.get(), Errors, objects.errors.get()) ||
        !set(environ.get(), EarlyHints, objects.early_hints.get()) ||
        !set(environ.get(), ExtendDeadline, objects.extend_deadline.get()) ||
        !set(environ.get(), ClientGone, objects.client_gone.get()) ||
        !set_request_line(environ.get(), request) || !set_connection(environ.get(), request) ||
        !set_times(environ.get(), request) || !set_tls(environ.get(), request) ||
        !set_fields(environ.get(), request))
        return nullptr;
    return environ;
}

bool EnvironBuilder::set(PyObject* environ, Key key, PyObject* value) const {
    return value != nullptr && PyDict_SetItem(environ, keys_[key].get(), value) == 0;
}

bool EnvironBuilder::set(PyObject* environ, Key key, std::string_view value) const {
    return set(environ, key, latin1_str(value).get());
}

bool EnvironBuilder::set_request_line(PyObject* environ, const wire::Request& request) {
    const PyRef target = latin1_str(request.target);
    return set(environ, RequestMethod, method_.of(request.method)) &&
           set(environ, ScriptName, mount_.of(request.mount)) &&
           set(environ, PathInfo, path_info(request)) && set(environ, QueryString, request.query) &&
           set(environ, ServerProtocol, protocol_.of(request.protocol)) &&
           set(environ, RequestUri, target.get()) && set(environ, RawUri, target.get());
}

bool EnvironBuilder::set_connection(PyObject* environ, const wire::Request& request) {
    if (request.scheme == "https" && !set(environ, Https, on_.get())) return false;
    return set(environ, UrlScheme, scheme_.of(request.scheme)) &&
           set(environ, ServerName, server_name_.of(server_name(request))) &&
           set(environ, ServerPort, server_port_.of(server_port(request))) &&
           set(environ, RemoteAddr, remote_addr_.of(request.remote_addr)) &&
           set(environ, RemotePort, request.remote_port) &&
           set(environ, RequestId, request.request_id);
}

// The deadline is a moment of time.monotonic(); None when the request has none.
bool EnvironBuilder::set_times(PyObject* environ, const wire::Request& request) const {
    const Seconds waited = wire::Moment::clock::now() - request.queued;
    if (!set(environ, QueueTime, PyRef(PyFloat_FromDouble(waited.count())).get())) return false;
    if (request.deadline == wire::Moment{}) return true;
    const Seconds deadline = request.deadline.time_since_epoch();
    return set(environ, Deadline, PyRef(PyFloat_FromDouble(deadline.count())).get());
}

// The front decides which variables there are; nearly always it is the same ones in the same order.
bool EnvironBuilder::set_tls(PyObject* environ, const wire::Request& request) {
    if (last_tls_.size() < request.tls.size()) last_tls_.resize(request.tls.size());
    for (std::size_t i = 0; i < request.tls.size(); ++i) {
        const HeaderField& variable = request.tls[i];
        LastField& last = last_tls_[i];
        if (!last.key || last.name != variable.name) {
            last.key = latin1_str(variable.name);
            last.name = variable.name;
        }
        PyObject* const value = last.value.of(variable.value);
        if (!last.key || value == nullptr || PyDict_SetItem(environ, last.key.get(), value) != 0)
            return false;
    }
    return true;
}

bool EnvironBuilder::set_fields(PyObject* environ, const wire::Request& request) {
    bool has_length = request.body_place != wire::BodyPlace::None;
    const std::size_t remembered = std::min(request.fields.size(), kRememberedFields);
    if (last_fields_.size() < remembered) last_fields_.resize(remembered);
    LastField passing;
    std::size_t place = 0;
    for (const HeaderField& field : request.fields) {
        LastField& last = place < last_fields_.size() ? last_fields_[place] : passing;
        ++place;
        // The length is what arrived, whatever was announced. HTTP_PROXY would be taken for a
        // setting by HTTP clients in the application ("httpoxy").
        if (field.name == "content-length")
            has_length = true;
        else if (field.name != "proxy" && !add_field(environ, field, last))
            return false;
    }
    if (!has_length) return true;
    std::array<char, 20> digits{};
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), request.body_length);
    return set(environ, ContentLength,
               std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

bool EnvironBuilder::add_field(PyObject* environ, const HeaderField& field, LastField& last) {
    if (!last.key || last.name != field.name) {
        last.key = field_names_.key(field.name);
        last.name = field.name;
    }
    // A large one is not kept beyond its request.
    const PyRef value = field.value.size() <= kRememberedValue ? share(last.value.of(field.value))
                                                               : latin1_str(field.value);
    if (!last.key || !value) return false;
    PyObject* key = last.key.get();
    const Py_ssize_t before = PyDict_GET_SIZE(environ);
    PyObject* stored = PyDict_SetDefault(environ, key, value.get());
    if (stored == nullptr) return false;
    // Whether it was there before is told by the size: short strings are shared, so the same object
    // may be both.
    if (PyDict_GET_SIZE(environ) != before) return true;
    const char* separator = field.name == "cookie" ? "; " : ",";
    const PyRef joined(PyUnicode_FromFormat("%U%s%U", stored, separator, value.get()));
    return joined && PyDict_SetItem(environ, key, joined.get()) == 0;
}

}  // namespace bundle
