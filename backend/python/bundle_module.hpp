// The module `bundle` that applications can import: bundle.request_id(), bundle.metrics.
#pragma once
#include "backend/python/py_ref.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/sealed_memory.hpp"

namespace bundle {

class BundleModule {
  public:
    BundleModule() = default;  // of nothing
    // Before the application is imported. It costs next to nothing until somebody imports it.
    static Result<BundleModule> provide();

    // In a worker that has just begun: what its metrics count stands in there from now on.
    [[nodiscard]] Result<wire::SealedMemory> count_here() const;

  private:
    explicit BundleModule(PyRef provider) : provider_(std::move(provider)) {}
    PyRef provider_;
};

}  // namespace bundle
