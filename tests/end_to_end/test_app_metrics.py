"""bundle.metrics, the application's own metrics on bundle's page, and prometheus_client in its multiprocess mode."""

from prometheus_client.parser import text_string_to_metric_families
from support.gate import Gate
from support.processes import kill, wait_until
from support.raw_client import RawClient, request_bytes

ADMIN = '[admin]\naddress = "unix:{directory}/admin.sock"\n'


def samples(text):
    """{(name, labels): value} without the label app; what the client library of Prometheus cannot read is an error."""
    return {(sample.name, *(value for name, value in sorted(sample.labels.items()) if name != "app")): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples}


def scrape(bundle):
    with RawClient(str(bundle.directory / "admin.sock")) as client:
        return samples(client.request("GET", "/metrics").text)


def pid_of(answer):
    return int(answer.text.split()[0])


def test_one_scrape_sees_all_workers(serve_app):
    counts = serve_app("counts:app", workers=2, more=ADMIN)
    counts.wait_for_workers(2)
    with Gate(counts.directory) as gate, counts.connect() as first:
        first.send(request_bytes("GET", "/wait?5"))
        gate.wait_until_reached()
        second = counts.get("/other?7")

        seen = scrape(counts)
        gate.let_through()
        assert pid_of(first.read_answer()) != pid_of(second)

    assert (seen["demo_requests_total", "/wait"], seen["demo_requests_total", "/other"]) == (1, 1)
    assert (seen["demo_size",], seen["demo_largest",]) == (12, 7)
    assert seen["demo_took_seconds_bucket", "0.5"] == 0
    assert seen["demo_took_seconds_bucket", "1"] == seen["demo_took_seconds_count",] == 2
    assert seen["demo_took_seconds_sum",] == 1.5


def test_what_is_counted_before_the_fork_is_not_counted_again_by_each_worker(serve_app):
    counts = serve_app("counts:app", workers=2, more=ADMIN)
    counts.get("/")

    assert ("demo_requests_total", "/before the fork") not in scrape(counts)


def test_a_dead_workers_counters_stay_and_its_gauges_go(serve_app):
    counts = serve_app("counts:app", more=ADMIN)
    counts.expect_log("worker")
    worker = pid_of(counts.get("/x?5"))

    kill(worker)
    wait_until(lambda: ("demo_size",) not in scrape(counts), "the end of the dead worker's gauge")
    counts.wait_for_workers(1, without=[worker])

    assert scrape(counts)["demo_requests_total", "/x"] == 1
    counts.get("/x?6")
    seen = scrape(counts)
    assert seen["demo_requests_total", "/x"] == 2
    assert seen["demo_size",] == 6
    assert seen["demo_took_seconds_count",] == 2


def test_they_go_on_over_a_reload(serve_app):
    counts = serve_app("counts:app", more=ADMIN)
    counts.get("/x")

    assert counts.command("reload").returncode == 0
    counts.get("/x")

    wait_until(lambda: scrape(counts)["demo_requests_total", "/x"] == 2, "both requests")


def test_labels_without_end_cost_no_more_than_their_room(serve_app):
    counts = serve_app("counts:app", more=ADMIN)
    counts.expect_log("no room for more series")

    assert counts.get("/many").status == 200
    assert counts.get("/many").status == 200

    counts.wait_for_log(r"bundle\.metrics: this worker has no room for more series")
    seen = scrape(counts)
    assert seen["demo_requests_total", "0"] == 2
    assert ("demo_requests_total", "9999") not in seen
    counted = len([name for name in seen if name[0] == "demo_requests_total"])
    assert seen["bundle_app_series_lost_total",] == 10_001 - counted
    assert len([line for line in counts.log.lines() if "no room for more series" in line]) == 1


def test_a_child_that_the_application_forks_counts_nowhere(serve_app):
    counts = serve_app("counts:app", more=ADMIN)

    assert counts.get("/fork").status == 200

    requests = {name[1]: value for name, value in scrape(counts).items() if name[0] == "demo_requests_total"}
    assert requests == {"/fork": 1, "/after the fork": 1}


RELEASE = """
from bundle import metrics

took = metrics.histogram("took_seconds", "", buckets=[BUCKETS])
size = metrics.KIND("size_total", "")


def app(environ, start_response):
    took.observe(0.3)
    size.inc()
    start_response("200 OK", [("Content-Length", "0")])
    return []
"""


def test_a_new_release_says_what_a_metric_is(serve, directory):
    module = directory / "release.py"
    module.write_text(RELEASE.replace("BUCKETS", "0.25, 0.5").replace("KIND", "counter"))
    site = serve(f'[app.main]\nwsgi = "release:app"\ndirectory = "{directory}"\nworkers = 1\n' + ADMIN)
    site.get("/")
    assert scrape(site)["took_seconds_bucket", "0.5"] == 1

    module.write_text(RELEASE.replace("BUCKETS", "1").replace("KIND", "gauge"))
    assert site.command("reload").returncode == 0
    site.get("/")

    seen = scrape(site)
    assert ("took_seconds_bucket", "0.5") not in seen
    assert seen["took_seconds_bucket", "1"] == seen["took_seconds_count",] == seen["size_total",] == 1


def test_an_application_may_ask_for_the_id_of_its_request(serve_app):
    counts = serve_app("counts:app")

    answer = counts.get("/")

    assert answer.text.split()[1:] == ["None", answer.field("x-request-id")]


def test_a_package_of_that_name_of_the_applications_own_comes_first(serve, directory):
    package = directory / "own" / "bundle"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'mine']\n")

    mine = serve(f'[app.main]\nwsgi = "bundle:app"\ndirectory = "{package.parent}"\nworkers = 1\n')

    assert mine.get("/").text == "mine"


def test_prometheus_clients_own_multiprocess_mode_works(serve):
    site = serve("""
[app.main]
wsgi = "multiprocess:app"
directory = "{apps}"
hooks = "multiprocess"
workers = 2
env = { TEST_DIRECTORY = "{directory}", PROMETHEUS_MULTIPROC_DIR = "{directory}" }
""")
    site.expect_log("worker")
    site.wait_for_workers(2)
    with Gate(site.directory) as gate, site.connect() as first:
        first.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()

        seen = samples(site.get("/").text)
        gate.let_through()
        first.read_answer()

    assert (seen["served_total",], seen["alive",]) == (2, 2)
    worker = site.workers()[0]
    gauge = site.directory / f"gauge_livesum_{worker}.db"
    assert gauge.exists()
    kill(worker)
    wait_until(lambda: not gauge.exists(), "the end of the dead worker's gauge")
    assert samples(site.get("/").text)["served_total",] == 3
