// The GIL, let go for as long as this lives.
#pragma once
#include <Python.h>

namespace bundle {

// Other threads of the application run while this one waits for something.
class WithoutGil {
  public:
    WithoutGil() : state_(PyEval_SaveThread()) {}
    WithoutGil(const WithoutGil&) = delete;
    WithoutGil& operator=(const WithoutGil&) = delete;
    ~WithoutGil() { PyEval_RestoreThread(state_); }

  private:
    PyThreadState* state_;
};

}  // namespace bundle
