"""Metrics of the application: counters, gauges and histograms that bundle adds up over all workers and shows on its
/metrics.

    from bundle import metrics

    orders = metrics.counter("shop_orders_total", "Orders that were placed.", ["kind"])
    orders.labels("book").inc()
    metrics.gauge("shop_carts", "Carts that are not empty.").set(12)
    with metrics.histogram("shop_search_seconds", "Time of a search.").time():
        ...

What is counted before a worker has been forked, by an import for example, is counted by nobody, and so is what a child
counts that the application itself forks.
"""

import functools
import math
import mmap
import os
import re
import struct
import sys
import threading
import time
from array import array

__all__ = ["counter", "gauge", "histogram"]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
_RESERVED = frozenset(("app", "le"))
_COUNTER, _GAUGES, _HISTOGRAM = 1, {"sum": 2, "max": 3, "min": 4}, 5
_PARTS = ("_bucket", "_sum", "_count")  # the lines of a histogram
_METHODS = ("inc", "dec", "set", "observe", "time")
_metrics = {}  # by their names
# A signal handler or a __del__ may count while its thread counts already. Who has the lock calls nothing that could
# wait for another thread.
_lock = threading.RLock()


class _Memory:
    """Where this worker counts, for the front to read: shared/wire/app_metrics.hpp of bundle's sources says how."""

    _HEAD = struct.Struct("=IIII")

    def __init__(self):
        self._shared = self._cells = self._numbers = None
        self._size = self._used = self._lost = 0

    def open(self, descriptor, size):
        self._shared = mmap.mmap(descriptor, size)
        self._cells = memoryview(self._shared).cast("d")
        self._numbers = memoryview(self._shared).cast("I")
        self._size = size
        self._used = self._numbers[0] = 8

    def place(self, series, kind, bounds, texts):
        """Gives a series its cells. Without room they are nobody's."""
        count = len(bounds) + 2 if kind == _HISTOGRAM else 1
        text = b"".join(part.encode("utf-8", "replace").replace(b"\0", b"") + b"\0" for part in texts)
        fixed = array("d", bounds).tobytes() + text
        begin = self._HEAD.size + 8 * count
        size = (begin + len(fixed) + 7) // 8 * 8
        head = self._HEAD.pack(size, kind, len(bounds), len(text))
        nobodys = array("d", bytes(8 * count))
        with _lock:
            if series._cells is not None:
                return
            at = self._used
            if at + size <= self._size:
                # Up to the calls below nothing can come between; whoever does then finds this series placed.
                self._used = at + size
                series._at = (at + 16) // 8
                series._cells = self._cells  # where all is zero
                self._shared[at + begin:at + begin + len(fixed)] = fixed
                self._shared[at:at + 16] = head
                self._numbers[0] = self._used  # from now on it is seen
                return
            series._at = 0
            series._cells = nobodys
            if self._shared is None:
                return
            self._lost += 1
            self._numbers[1] = self._lost
            is_first = self._lost == 1
        if is_first:
            print("bundle.metrics: this worker has no room for more series, what they count is lost; does a label "
                  "have values without end?", file=sys.stderr)


_memory = _Memory()


class _Series:
    """One combination of the values of a metric's labels."""

    __slots__ = ("_at", "_cells", "_metric", "_values")

    def __init__(self, metric, values):
        self._metric, self._values = metric, values
        self._cells, self._at = None, 0

    def _place(self):
        metric = self._metric
        texts = [metric.name, metric.help]
        for label, value in zip(metric.label_names, self._values):
            texts += [label, value]
        _memory.place(self, metric.kind, metric.bounds, texts)

    def _add(self, amount):
        if self._cells is None:
            self._place()
        with _lock:
            self._cells[self._at] += amount


class _CounterSeries(_Series):
    __slots__ = ()

    def inc(self, amount=1):
        if amount < 0:
            raise ValueError("a counter only goes up")
        self._add(amount)


class _GaugeSeries(_Series):
    __slots__ = ()

    def set(self, value):
        if self._cells is None:
            self._place()
        with _lock:
            self._cells[self._at] = value

    def inc(self, amount=1):
        self._add(amount)

    def dec(self, amount=1):
        self._add(-amount)


class _HistogramSeries(_Series):
    __slots__ = ()

    def observe(self, value):
        bounds = self._metric.bounds
        index = 0
        while index < len(bounds) and value > bounds[index]:
            index += 1
        if self._cells is None:
            self._place()
        with _lock:
            self._cells[self._at + index] += 1
            self._cells[self._at + len(bounds) + 1] += value

    def time(self):
        return _Timer(self)


class _Timer:
    """Observes the seconds of a block, or of each call of the function that it decorates."""

    def __init__(self, series):
        self._series = series

    def __enter__(self):
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_):
        self._series.observe(time.perf_counter() - self._began)

    def __call__(self, function):
        @functools.wraps(function)
        def timed(*arguments, **named):
            with _Timer(self._series):
                return function(*arguments, **named)
        return timed


class _Metric:
    def __init__(self, kind, series, name, help, label_names, bounds=()):
        self.kind, self.name, self.help, self.label_names, self.bounds = kind, name, help, label_names, bounds
        self._make = series
        self._series = {}
        own = None if label_names else self._labelled(())
        for method in _METHODS:
            if hasattr(series, method):
                setattr(self, method, self._needs_labels if own is None else getattr(own, method))

    def _needs_labels(self, *_, **__):
        raise ValueError(f"{self.name} has labels: .labels({', '.join(self.label_names)}) comes first")

    def labels(self, *values, **named):
        if named:
            rest = self.label_names[len(values):]
            values += tuple(named.pop(label) for label in rest if label in named)
        if len(values) != len(self.label_names) or named:
            raise ValueError(f"{self.name} has the labels {', '.join(self.label_names) or 'none'}: each is given once")
        return self._labelled(tuple(map(str, values)))

    def _labelled(self, values):
        series = self._series.get(values)
        if series is None:
            series = self._series.setdefault(values, self._make(self, values))
        return series

    def _forget_places(self):
        for series in self._series.values():
            series._cells = None


def _check_names(name, labels):
    for given in (name, *labels):
        if not _NAME.match(given):
            raise ValueError(f"{given!r} is no name for a metric or a label")
    if name.startswith("bundle_") or _RESERVED.intersection(labels):
        raise ValueError(f"{name}: bundle_ and the labels app and le are bundle's own")
    for label in labels:
        if label.startswith("__"):
            raise ValueError(f"{name}: labels that begin with __, as {label}, are for Prometheus' own use")
        if labels.count(label) > 1:
            raise ValueError(f"{name}: the label {label} is there twice")


def _same_lines(kind, name):
    """The name of another metric with lines that nobody could tell from this one's."""
    if kind == _HISTOGRAM:
        return next((name + part for part in _PARTS if name + part in _metrics), None)
    for part in _PARTS:
        base = name[:-len(part)] if name.endswith(part) else ""
        if base in _metrics and _metrics[base].kind == _HISTOGRAM:
            return base
    return None


def _declared(kind, series, name, help, labels, bounds=()):
    if isinstance(labels, str):
        raise TypeError(f"{name}: labels is a list of names, [{labels!r}] for one")
    labels = tuple(labels)
    _check_names(name, labels)
    if other := _same_lines(kind, name):
        raise ValueError(f"{name} would be taken for a part of {other}: {', '.join(_PARTS)} behind the name of a "
                         "histogram are its own")
    metric = _Metric(kind, series, name, help, labels, bounds)
    known = _metrics.setdefault(name, metric)
    if (known.kind, known.label_names, known.bounds) != (kind, labels, bounds):
        raise ValueError(f"{name} is there already, as another kind or with other labels or buckets")
    return known


def counter(name, help="", labels=()):
    """How often: .inc(amount=1). Its name ends in _total."""
    name = name if name.endswith("_total") else name + "_total"
    return _declared(_COUNTER, _CounterSeries, name, help, labels)


def gauge(name, help="", labels=(), across="sum"):
    """How much there is now: .set(value), .inc(), .dec(). `across` the workers: "sum", "max" or "min"."""
    if across not in _GAUGES:
        raise ValueError(f"{name}: across is {across!r}; it can be {', '.join(map(repr, _GAUGES))}")
    return _declared(_GAUGES[across], _GaugeSeries, name, help, labels)


def histogram(name, help="", labels=(), buckets=BUCKETS):
    """How large, in buckets: .observe(value); how long: with .time(): or @.time()."""
    buckets = list(buckets)
    bounds = tuple(map(float, buckets))
    if bounds and bounds[-1] == math.inf:  # is always there
        bounds = bounds[:-1]
    if not all(map(math.isfinite, bounds)) or any(low >= high for low, high in zip(bounds, bounds[1:])):
        raise ValueError(f"{name}: buckets are numbers, each greater than the one before: {buckets}")
    return _declared(_HISTOGRAM, _HistogramSeries, name, help, labels, bounds)


def _open(descriptor, size):
    """In a worker that has just begun."""
    _memory.open(descriptor, size)
    for metric in _metrics.values():
        metric._forget_places()


def _begin_anew():
    """In a child, whoever forked it: what it counts is its own, until it is a worker and has memory for the front."""
    global _lock, _memory
    _lock = threading.RLock()  # another thread may have had it
    _memory = _Memory()
    for metric in _metrics.values():
        metric._forget_places()


os.register_at_fork(after_in_child=_begin_anew)
