"""The conformance suite for PEP 3333: each test is named for the sentence that it checks, in the order of the PEP."""

import pytest
from support.raw_client import BadAnswer, request_bytes

SITE = """
[app.main]
wsgi = "pep3333.cases:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }
"""


class Cases:
    """The applications of tests/apps/pep3333 in one worker: one request is over when the next one begins."""

    def __init__(self, bundle):
        self.bundle = bundle
        self.connect, self.get, self.post = bundle.connect, bundle.get, bundle.post

    def notes(self):
        """What the applications noted since the last time."""
        return self.get("/~notes").json

    def log_of(self, answer, pattern):
        """The line that matches, from the first one on that names the answer's request."""
        request = f"request_id={answer.field('x-request-id')}"
        self.bundle.wait_for_log(request)
        begin = next(number for number, line in enumerate(self.bundle.log.lines()) if request in line)
        return self.bundle.wait_for_log(pattern, begin=begin)

    def broken_off(self, method, target, why, fields=(), version="1.1"):
        """An answer that must not look as if it were whole. Of what was sent before, the client may get nothing."""
        begin = len(self.bundle.log.lines())
        with self.connect() as client:
            client.send(request_bytes(method, target, fields, version=version))
            with pytest.raises((BadAnswer, ConnectionResetError)):
                client.read_answer(method)
        self.bundle.wait_for_log(why, begin=begin)

    def refused(self, target, pattern, fields=()):
        """A 500 of ours, whose log names the mistake."""
        answer = self.get(target, fields)
        assert answer.status == 500
        self.log_of(answer, pattern)
        return answer


@pytest.fixture(scope="module")
def cases_of_module(serve_for_module):
    bundle = serve_for_module(SITE)
    # Errors are this application's purpose; each test looks for its own.
    bundle.expect_log(r"application (error|mistake)|wsgi\.errors")
    return Cases(bundle)


@pytest.fixture
def cases(cases_of_module):
    cases_of_module.notes()  # whatever a test before this one left
    return cases_of_module
