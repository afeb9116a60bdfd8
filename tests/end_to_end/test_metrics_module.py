"""bundle.metrics as an application sees it, in a process of the test's own: what it refuses, and what happens when a
child, a signal or a __del__ comes in between."""

import gc
import importlib.util
import os
import signal
import struct

import pytest
from support.bundle_process import ROOT

SIZE = 4096


@pytest.fixture
def metrics():
    spec = importlib.util.spec_from_file_location("metrics", ROOT / "backend" / "python" / "metrics.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.memory = os.memfd_create("metrics")
    os.truncate(module.memory, SIZE)
    module._open(module.memory, SIZE)
    yield module
    os.close(module.memory)


def seen(metrics):
    """({name with values of labels: its first value}, how many series were lost), as the front reads them."""
    memory = os.pread(metrics.memory, SIZE, 0)
    used, lost = struct.unpack_from("=II", memory)
    series, at = {}, 8
    while at < used:
        size, kind, bounds, length = struct.unpack_from("=IIII", memory, at)
        assert size >= 24 and size % 8 == 0
        values = bounds + 2 if kind == 5 else 1
        begin = at + 16 + 8 * (values + bounds)
        name, _, *labels = memory[begin:begin + length].decode().split("\0")[:-1]
        key = " ".join([name, *labels[1::2]])
        assert key not in series
        series[key], = struct.unpack_from("=d", memory, at + 16)
        at += size
    return series, lost


@pytest.mark.parametrize(("labels", "why"), [
    (["a", "a"], "the label a is there twice"), (["__name__"], "begin with __"), (["__x"], "begin with __"),
    (["le"], "bundle's own"), (["a b"], "is no name")])
def test_labels_that_no_scrape_could_read_are_refused(metrics, labels, why):
    with pytest.raises(ValueError, match=why):
        metrics.counter("orders", "", labels)


def test_labels_are_a_list_and_no_text(metrics):
    with pytest.raises(TypeError, match=r"labels is a list of names, \['kind'\]"):
        metrics.counter("orders", "", "kind")


@pytest.mark.parametrize("buckets", [[1, 1, 2], [2, 1], [float("nan")], [1, float("inf"), 2], [-float("inf"), 1]])
def test_buckets_that_do_not_rise_are_refused(metrics, buckets):
    with pytest.raises(ValueError, match="each greater than the one before"):
        metrics.histogram("took", buckets=buckets)


def test_the_last_bucket_may_be_written_down(metrics):
    assert metrics.histogram("took", buckets=[1, float("inf")]).bounds == (1,)


@pytest.mark.parametrize("part", ["bucket", "sum", "count"])
def test_what_looks_like_a_part_of_a_histogram_is_refused(metrics, part):
    metrics.histogram("first")
    metrics.gauge(f"second_{part}")

    with pytest.raises(ValueError, match="a part of first"):
        metrics.gauge(f"first_{part}")
    with pytest.raises(ValueError, match=f"a part of second_{part}"):
        metrics.histogram("second")


def test_mistakes_are_answered_with_what_to_do(metrics):
    orders = metrics.counter("orders", "", ["kind"])
    took = metrics.histogram("took", "", ["kind", "size"])

    with pytest.raises(ValueError, match=r"orders_total has labels: .labels\(kind\) comes first"):
        orders.inc()
    with pytest.raises(ValueError, match=r"took has labels: .labels\(kind, size\) comes first"), took.time():
        pass
    for values, named in ((("1",), {"kind": 2}), ((), {}), ((), {"sort": 1}), ((1, 2), {}), ((), {"kind": 1, "x": 2})):
        with pytest.raises(ValueError, match="orders_total has the labels kind: each is given once"):
            orders.labels(*values, **named)
    with pytest.raises(ValueError, match="across is 'avg'; it can be 'sum', 'max', 'min'"):
        metrics.gauge("size", across="avg")


def test_a_forked_child_counts_nowhere(metrics):
    orders = metrics.counter("orders", "", ["kind"])
    orders.labels("before").inc()

    child = os.fork()
    if child == 0:
        orders.labels("before").inc()
        for number in range(100):
            orders.labels(f"of the child {number}").inc()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    orders.labels("after").inc()

    assert seen(metrics) == ({"orders_total before": 1, "orders_total after": 1}, 0)


def test_a_child_may_be_forked_while_another_thread_counts(metrics):
    orders = metrics.counter("orders")
    with metrics._lock:
        child = os.fork()
        if child == 0:
            import threading
            counts = threading.Thread(target=orders.inc, daemon=True)
            counts.start()
            counts.join(5)
            os._exit(1 if counts.is_alive() else 0)

    assert os.waitpid(child, 0)[1] == 0


def test_what_is_told_to_count_while_it_counts_counts(metrics):
    """A __del__ that the garbage collector calls at each allocation, and a signal that comes as often as it can."""
    collected = metrics.counter("collected", "", ["number"])
    alarms = metrics.counter("alarms", "", ["number"])
    counted = metrics.counter("counted", "", ["number"])
    died, rung = [], []

    class Counts:
        def __init__(self):
            self.itself = self

        def __del__(self):
            collected.labels(str(len(died) % 5)).inc()
            died.append(1)

    def ring(*_):
        rung.append(1)
        alarms.labels(str(len(rung) % 5)).inc()

    threshold = gc.get_threshold()
    signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, 1e-4, 1e-4)
    gc.set_threshold(1)
    try:
        for number in range(5000):
            Counts()
            counted.labels(str(number % 20)).inc()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        gc.set_threshold(*threshold)
    gc.collect()

    series, lost = seen(metrics)
    sums = {}
    for key, value in series.items():
        name = key.split("_")[0]
        sums[name] = sums.get(name, 0) + value
    assert sums == {"collected": 5000, "alarms": len(rung), "counted": 5000}
    assert lost == 0


def test_a_series_without_room_is_told_of(metrics, capsys):
    orders = metrics.counter("orders", "", ["number"])
    for _ in range(2):
        for number in range(200):
            orders.labels(number).inc()

    series, lost = seen(metrics)
    assert 50 < len(series) == 200 - lost
    assert capsys.readouterr().err.count("no room for more series") == 1
