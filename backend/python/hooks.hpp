// The functions of an application's hooks module, with gunicorn's names and arguments: hooks.py has
// them, and the objects they are given. All of this needs the GIL.
//
// An error is the traceback of what a function raised. Without a module nothing is ever called.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "backend/python/py_ref.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// For hooks whose trouble changes nothing else.
void complain(const Result<void>& hooked);

class Hooks {
  public:
    Hooks() = default;
    static Result<Hooks> load(const AppConfig& app);

    // In the arbiter.
    [[nodiscard]] Result<void> on_starting() const { return call("on_starting"); }
    [[nodiscard]] Result<void> nworkers_changed(std::uint32_t now,
                                                std::optional<std::uint32_t> before) const {
        if (!before) return call("nworkers_changed", PyRef(Py_BuildValue("(IO)", now, Py_None)));
        return call("nworkers_changed", PyRef(Py_BuildValue("(II)", now, *before)));
    }
    [[nodiscard]] Result<void> on_reload() const { return call("on_reload"); }
    [[nodiscard]] Result<void> when_ready() const { return call("when_ready"); }
    [[nodiscard]] Result<void> pre_fork(std::uint32_t slot) const {
        return call("pre_fork", PyRef(Py_BuildValue("(I)", slot)));
    }
    [[nodiscard]] Result<void> born(pid_t pid) const {
        return call("born", PyRef(Py_BuildValue("(i)", pid)));
    }
    [[nodiscard]] Result<void> child_exit(pid_t pid) const {
        return call("child_exit", PyRef(Py_BuildValue("(i)", pid)));
    }
    [[nodiscard]] Result<void> on_exit() const { return call("on_exit"); }

    // In a worker.
    [[nodiscard]] Result<void> post_fork() const { return call("post_fork"); }
    [[nodiscard]] Result<void> post_worker_init() const { return call("post_worker_init"); }
    [[nodiscard]] bool has_worker_abort() const { return has_worker_abort_; }
    [[nodiscard]] Result<void> worker_abort() const { return call("worker_abort"); }
    [[nodiscard]] Result<void> worker_int() const { return call("worker_int"); }
    [[nodiscard]] Result<void> worker_exit() const { return call("worker_exit"); }

    // Around each request; null when the module has neither pre_request nor post_request.
    // begin_request(environ) returns what end_request(it, environ, status or None, headers, bytes
    // of the body) is given.
    [[nodiscard]] PyObject* begin_request() const { return begin_request_.get(); }
    [[nodiscard]] PyObject* end_request() const { return end_request_.get(); }
    [[nodiscard]] explicit operator bool() const { return static_cast<bool>(hooks_); }

  private:
    // `arguments` is a tuple; null is an empty one.
    [[nodiscard]] Result<void> call(const char* hook, const PyRef& arguments = nullptr) const;

    PyRef hooks_;
    PyRef begin_request_;
    PyRef end_request_;
    bool has_worker_abort_ = false;
};

}  // namespace bundle
