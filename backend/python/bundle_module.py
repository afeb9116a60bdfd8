"""Lets applications import bundle and bundle.metrics, wherever they are and whatever their import path is."""

import importlib
import os
import sys
from importlib.machinery import ModuleSpec


class Provider:
    """The last of all finders: an application's own package of that name is found before."""

    def __init__(self, metrics_source, request_id):
        self._metrics_source = metrics_source
        self._request_id = request_id
        self._memory = self._worker = None
        sys.meta_path.append(self)

    def find_spec(self, name, path=None, target=None):
        if name == "bundle":
            return ModuleSpec(name, self, is_package=True)
        return ModuleSpec(name, self) if name == "bundle.metrics" and self._is_ours("bundle") else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        if module.__name__ == "bundle":
            module.__doc__ = "What bundle does for the applications that it serves."
            module.request_id = self._request_id
            importlib.import_module("bundle.metrics")
        else:
            exec(compile(self._metrics_source, "bundle/metrics.py", "exec"), module.__dict__)
            self._open(module)

    def count_in(self, descriptor, size):
        """In a worker that has just begun: there is memory for its metrics."""
        self._memory = descriptor, size
        self._worker = os.getpid()
        if self._is_ours("bundle.metrics"):
            self._open(sys.modules["bundle.metrics"])

    def _open(self, metrics):
        if self._worker == os.getpid():  # and no child that the application forked
            metrics._open(*self._memory)

    def _is_ours(self, name):
        spec = getattr(sys.modules.get(name), "__spec__", None)
        return spec is not None and spec.loader is self
