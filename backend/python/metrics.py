"""Metrics of the application: counters, gauges and histograms that bundle adds up over all workers and shows on its
/metrics.

    from bundle import metrics

    orders = metrics.counter("shop_orders_total", "Orders that were placed.", ["kind"])
    orders.labels("book").inc()
    metrics.gauge("shop_carts", "Carts that are not empty.").set(12)
    with metrics.histogram("shop_search_seconds", "Time of a search.").time():
        ...

What is counted before a worker has been forked, by an import for example, is counted by nobody.
"""

import functools
import mmap
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
_metrics = {}  # by their names
_lock = threading.Lock()


class _Memory:
    """Where this worker counts, for the front to read: shared/wire/app_metrics.hpp of bundle's sources says how."""

    _HEAD = struct.Struct("=IIII")

    def __init__(self):
        self._shared = None
        self._used = 8
        self._told_full = False

    def open(self, descriptor, size):
        self._shared = mmap.mmap(descriptor, size)
        self._cells = memoryview(self._shared).cast("d")
        self._numbers = memoryview(self._shared).cast("Q")
        self._used = self._numbers[0] = 8

    def place(self, kind, texts, bounds):
        """The cells of a new series and where its values begin in them. Without room they are nobody's."""
        count = len(bounds) + 2 if kind == _HISTOGRAM else 1
        text = b"".join(part.encode("utf-8", "replace").replace(b"\0", b"") + b"\0" for part in texts)
        fixed = self._HEAD.size + 8 * (count + len(bounds))
        size = (fixed + len(text) + 7) // 8 * 8
        if self._shared is None or self._used + size > len(self._shared):
            self._tell_full()
            return array("d", bytes(8 * count)), 0
        at, cell = self._used, (self._used + self._HEAD.size) // 8  # where all is zero
        self._HEAD.pack_into(self._shared, at, size, kind, len(bounds), len(text))
        for index, bound in enumerate(bounds):
            self._cells[cell + count + index] = bound
        self._shared[at + fixed:at + fixed + len(text)] = text
        self._used = self._numbers[0] = at + size  # from now on it is seen
        return self._cells, cell

    def _tell_full(self):
        if self._shared is None or self._told_full:
            return
        self._told_full = True
        print("bundle.metrics: this worker has no room for more series, what they count is lost; does a label have "
              "values without end?", file=sys.stderr)


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
        self._cells, self._at = _memory.place(metric.kind, texts, metric.bounds)

    def _add(self, amount):
        with _lock:
            if self._cells is None:
                self._place()
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
        with _lock:
            if self._cells is None:
                self._place()
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
        with _lock:
            if self._cells is None:
                self._place()
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
        if not label_names:  # its own series then
            self._own = self._labelled(())
            for method in ("inc", "dec", "set", "observe", "time"):
                if hasattr(self._own, method):
                    setattr(self, method, getattr(self._own, method))

    def labels(self, *values, **named):
        if named:
            values += tuple(named[label] for label in self.label_names[len(values):] if label in named)
        if len(values) != len(self.label_names) or len(named) > len(values):
            raise ValueError(f"{self.name} has the labels {', '.join(self.label_names) or 'none'}")
        return self._labelled(tuple(map(str, values)))

    def _labelled(self, values):
        series = self._series.get(values)
        if series is None:
            series = self._series.setdefault(values, self._make(self, values))
        return series

    def _forget_places(self):
        for series in self._series.values():
            series._cells = None


def _declared(kind, series, name, help, labels, bounds=()):
    labels = tuple(labels)
    for given in (name, *labels):
        if not _NAME.match(given):
            raise ValueError(f"{given!r} is no name for a metric or a label")
    if name.startswith("bundle_") or _RESERVED.intersection(labels):
        raise ValueError(f"{name}: bundle_ and the labels app and le are bundle's own")
    metric = _Metric(kind, series, name, help, labels, bounds)
    known = _metrics.setdefault(name, metric)
    if (known.kind, known.label_names, known.bounds) != (kind, labels, bounds):
        raise ValueError(f"{name} is there already, as another kind or with other labels")
    return known


def counter(name, help="", labels=()):
    """How often: .inc(amount=1). Its name ends in _total."""
    name = name if name.endswith("_total") else name + "_total"
    return _declared(_COUNTER, _CounterSeries, name, help, labels)


def gauge(name, help="", labels=(), across="sum"):
    """How much there is now: .set(value), .inc(), .dec(). `across` the workers: "sum", "max" or "min"."""
    return _declared(_GAUGES[across], _GaugeSeries, name, help, labels)


def histogram(name, help="", labels=(), buckets=BUCKETS):
    """How large, in buckets: .observe(value); how long: with .time(): or @.time()."""
    return _declared(_HISTOGRAM, _HistogramSeries, name, help, labels, tuple(sorted(map(float, buckets))))


def _open(descriptor, size):
    """In a worker that has just begun."""
    global _lock
    _lock = threading.Lock()  # another thread may have had it when we were forked
    _memory.open(descriptor, size)
    for metric in _metrics.values():
        metric._forget_places()
