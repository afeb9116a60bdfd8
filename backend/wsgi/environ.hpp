// A request as the application sees it: the environ dictionary of PEP 3333.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "backend/python/py_ref.hpp"
#include "backend/wsgi/field_names.hpp"
#include "backend/wsgi/gateway.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

// A str that is nearly always the one of the request before, such as "GET" or the server's name.
class LastValue {
  public:
    // Borrowed, good until the next call; nullptr with a Python exception.
    PyObject* of(std::string_view bytes);

  private:
    PyRef value_;
};

// The field that stood in this place in the request before: clients send the same names in the same
// order, and proxies and keep-alive connections the same values.
struct LastField {
    std::string name;
    PyRef key;
    LastValue value;
};

// What a request has of its own: wsgi.input and wsgi.errors, wsgi.early_hints,
// bundle.extend_deadline, bundle.client_gone.
struct RequestObjects {
    PyRef input;
    PyRef errors;
    PyRef early_hints;
    PyRef extend_deadline;
    PyRef client_gone;
};

// Copies a template and sets what this request says. The template has the constants and, as place
// holders, the keys that every request sets: so the copy is large enough from the start. A key that
// a request may lack is never in it, or one client's field would be seen by the next.
class EnvironBuilder {
  public:
    // False with a Python exception. `file_wrapper` becomes wsgi.file_wrapper.
    bool prepare(const GatewayFacts& facts, PyObject* file_wrapper);

    // A new dict; empty with a Python exception.
    PyRef build(const wire::Request& request, const RequestObjects& objects);

  private:
    enum Key : std::size_t {
        RequestMethod,
        ScriptName,
        PathInfo,
        QueryString,
        ContentLength,
        ServerName,
        ServerPort,
        ServerProtocol,
        RemoteAddr,
        RemotePort,
        RequestUri,
        RawUri,
        Https,
        UrlScheme,
        Input,
        Errors,
        EarlyHints,
        ExtendDeadline,
        ClientGone,
        RequestId,
        QueueTime,
        Deadline,
        kKeys
    };
    static const std::array<const char*, kKeys> kNames;

    bool set(PyObject* environ, Key key, PyObject* value) const;
    bool set(PyObject* environ, Key key, std::string_view value) const;
    bool set_constants(const GatewayFacts& facts, PyObject* file_wrapper);
    bool set_request_line(PyObject* environ, const wire::Request& request);
    bool set_connection(PyObject* environ, const wire::Request& request);
    bool set_times(PyObject* environ, const wire::Request& request) const;
    bool set_tls(PyObject* environ, const wire::Request& request);
    bool set_fields(PyObject* environ, const wire::Request& request);
    bool add_field(PyObject* environ, const HeaderField& field, LastField& last);

    std::array<PyRef, kKeys> keys_;
    PyRef template_;
    PyRef on_;  // HTTPS=on
    FieldNames field_names_;
    std::vector<LastField> last_fields_;
    std::vector<LastField> last_tls_;
    LastValue method_, mount_, server_name_, server_port_, protocol_, scheme_, remote_addr_;
};

}  // namespace bundle
