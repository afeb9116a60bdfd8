#include "backend/python/bundle_module.hpp"

#include <fmt/format.h>
#include <pybind11/eval.h>
#include <pybind11/pybind11.h>

#include "backend/output/current_request.hpp"
#include "backend/python/bundle_module_source.hpp"
#include "backend/python/exception.hpp"
#include "backend/python/metrics_source.hpp"
#include "shared/wire/app_metrics.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

py::object request_id() {
    if (current_request_id.empty()) return py::none();
    return py::str(current_request_id.data(), current_request_id.size());
}

}  // namespace

Result<BundleModule> BundleModule::provide() {
    try {
        py::dict names;
        names["__name__"] = "bundle.provider";
        py::exec(kBundleModuleSource.data(), names);
        const py::cpp_function id(&request_id, py::name("request_id"),
                                  "The id of the request that this thread serves, or None.");
        py::object provider =
            names["Provider"](py::str(kMetricsSource.data(), kMetricsSource.size()), id);
        return BundleModule(PyRef(provider.release().ptr()));
    } catch (py::error_already_set& error) {
        error.restore();
        return failure(fmt::format("the module bundle cannot be made\n{}", take_traceback_text()));
    }
}

Result<wire::SealedMemory> BundleModule::count_here() const {
    TRY_ASSIGN(auto memory,
               wire::SealedMemory::create("an application's metrics", wire::kAppMetricsSize));
    const PyRef done(PyObject_CallMethod(provider_.get(), "count_in", "in", memory.fd(),
                                         static_cast<Py_ssize_t>(memory.size())));
    if (!done)
        return failure(fmt::format("its metrics are not counted\n{}", take_traceback_text()));
    return memory;
}

}  // namespace bundle
