"""PEP 3333, what the application returns, and how the server iterates it."""

import pytest
from apps.pep3333.bodies import KINDS, MISTAKES, WHOLE
from support.gate import Gate
from support.raw_client import request_bytes


def of_kind(name):
    return name.replace(" ", "%20")


@pytest.mark.parametrize("kind", KINDS)
def test_the_application_must_return_an_iterable_yielding_zero_or_more_bytestrings(cases, kind):
    answer = cases.get(f"/bodies/kind?{of_kind(kind)}")

    assert (answer.status, answer.body) == (200, WHOLE)
    assert cases.notes() in ([], ["closed"])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_no_iterable_of_bytestrings_is_a_500_and_the_log_names_it(cases, mistake):
    cases.refused(f"/bodies/mistake?{of_kind(mistake)}", MISTAKES[mistake][1])


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_the_server_treats_bytestrings_as_binary_and_does_not_alter_line_endings(cases, version):
    with cases.connect() as client:
        answer = client.request("GET", "/bodies/lines", version=version)

    assert answer.body == b"dos\r\nunix\nmac\r" + bytes(range(256)) + b"\r\n\r\n"


@pytest.mark.parametrize("name", ["starts_when_iterated", "starts_after_empty_pieces"])
def test_servers_must_not_assume_that_start_response_has_been_called_before_they_iterate(cases, name):
    answer = cases.get(f"/bodies/{name}")

    assert (answer.status, answer.body) == (202, WHOLE)


@pytest.mark.parametrize("name", ["starts_after_its_body", "never_starts"])
def test_applications_must_invoke_start_response_before_the_first_body_bytestring(cases, name):
    cases.refused(f"/bodies/{name}", r"the body began before start_response\(\) was called")
    assert cases.notes() in ([], ["closed"])


def test_servers_must_not_directly_use_any_other_attributes_of_the_iterable(cases):
    cases.get("/bodies/watched")

    assert cases.notes() == ["close", "closed"]


@pytest.mark.parametrize("name", ["yielded", "yielded_with_a_length", "written"])
def test_wsgi_servers_must_not_delay_the_transmission_of_any_block(cases, name):
    with Gate(cases.bundle.directory) as gate, cases.connect() as client:
        client.send(request_bytes("GET", f"/streams/{name}"))
        head = client.read_head()
        for number in (1, 2, 3):
            piece = client.read_exactly(7) if head.field("content-length") else client.read_chunk()
            assert piece == b"piece %d" % number  # while the application stands before the next one
            gate.let_through()
        assert head.field("content-length") or client.read_chunk() == b""
    assert cases.get("/bodies/lines").status == 200
