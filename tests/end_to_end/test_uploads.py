"""Request bodies: from memory, from a spooled file by descriptor, and never more than the limit."""

import hashlib
import os

import pytest
from support.raw_client import chunked, request_bytes

MEGABYTE = 1 << 20


@pytest.fixture
def uploads(serve_app):
    return serve_app("uploads:app", workers=1, more='[http]\nmax_body = "100M"\n')


def a_body(size):
    piece = os.urandom(MEGABYTE)
    return (piece * (size // MEGABYTE + 1))[:size]


@pytest.mark.front
@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 3 * MEGABYTE + 7])
def test_a_body_of_any_size_arrives_whole(uploads, size):
    body = a_body(size)

    answer = uploads.post("/", body).json

    assert answer["length"] == size
    assert answer["sha256"] == hashlib.sha256(body).hexdigest()


def test_64_megabytes_arrive_by_descriptor(uploads):
    body = a_body(64 * MEGABYTE)

    answer = uploads.post("/", body, deadline=60).json

    assert answer["sha256"] == hashlib.sha256(body).hexdigest()
    assert [file["size"] for file in answer["spooled"]] == [len(body)]


@pytest.mark.front
def test_a_large_chunked_body_is_spooled_too(uploads):
    body = a_body(5 * MEGABYTE)

    with uploads.connect() as client:
        client.send(request_bytes("POST", "/", [("Transfer-Encoding", "chunked")]))
        client.send(chunked(*(body[at:at + 70000] for at in range(0, len(body), 70000))))
        answer = client.read_answer().json

    assert answer["sha256"] == hashlib.sha256(body).hexdigest()
    assert answer["content_length"] == str(len(body))
    assert [file["size"] for file in answer["spooled"]] == [len(body)]


def test_a_small_body_stays_in_memory(uploads):
    assert uploads.post("/", b"x" * 1000).json["spooled"] == []


def test_a_worker_keeps_no_descriptor_of_an_earlier_upload(uploads):
    for _ in range(3):
        uploads.post("/", a_body(MEGABYTE))

    assert uploads.post("/", b"").json["spooled"] == []


@pytest.mark.front
def test_nothing_of_an_upload_stays_in_the_temp_directory(uploads):
    uploads.post("/", a_body(MEGABYTE))

    assert [str(path) for path in (uploads.directory / "temp").rglob("*") if path.is_file()] == []


@pytest.mark.front
def test_a_body_over_the_limit_is_refused_by_its_length(serve_app):
    uploads = serve_app("uploads:app", more='[http]\nmax_body = "1M"\n')

    with uploads.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", str(MEGABYTE + 1))]))

        assert client.read_answer().status == 413


@pytest.mark.front
def test_a_client_that_leaves_in_the_middle_of_its_upload_costs_nothing(uploads):
    with uploads.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", str(MEGABYTE))]) + b"x" * 100000)

    assert uploads.post("/", b"after").json["length"] == 5


@pytest.mark.front
def test_a_body_that_does_not_come_ends_the_connection(serve_app):
    uploads = serve_app("uploads:app", more='[http]\nbody_timeout = "1s"\n')

    with uploads.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", "10")]) + b"some")
        answer = client.read_answer()

        assert answer.status == 408
        assert client.is_closed()
