// What [dev] means in the processes of an application: a traceback for whoever met it, a stand-in
// for an application that cannot be loaded, and news for the master of what was imported. Of a
// configuration without [dev], none of it. All of this needs the GIL.
#pragma once
#include <pybind11/pybind11.h>

#include <string>

#include "backend/python/py_ref.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class Development {
  public:
    Development() = default;
    static Result<Development> begin(const Config& config);

    // As load_application(), but with dev.tracebacks what cannot be loaded is told in the log, and
    // shown to clients by what stands in for it.
    [[nodiscard]] Result<pybind11::object> load(const AppConfig& app) const;

    // What answers each request with `trace`, in place of an application.
    [[nodiscard]] Result<pybind11::object> stand_in(const std::string& trace) const;

    // Whoever writes an application is shown what it answers, and why it does not.
    [[nodiscard]] bool shows_failures() const { return static_cast<bool>(traceback_page_); }

    // Called with a traceback, an environ and a start_response, it returns the body; null where
    // clients are shown none.
    [[nodiscard]] PyObject* traceback_page() const { return traceback_page_.get(); }

    // Each save is a reload.
    [[nodiscard]] bool reloads() const { return static_cast<bool>(folders_); }
    // The level of what happens with each of them.
    [[nodiscard]] LogLevel usual() const { return reloads() ? LogLevel::Debug : LogLevel::Info; }
    // The master hears where the modules lie that were imported since the last time.
    void tell_sources() const {
        if (folders_) report({});
    }

  private:
    void report(const std::string& trace) const;

    PyRef names_;  // of development.py
    PyRef traceback_page_;
    PyRef folders_;  // null: nobody wants to know
    std::string master_;
};

}  // namespace bundle
