"""PEP 3333, Optional Platform-Specific File Handling."""

import pytest
from apps.pep3333.wrapped import CONTENT, FILES

SENT_BY_DESCRIPTOR = ["a real file", "a named temporary file"]
CLOSING = ["a subclass of FileIO", "an object with read() and close()", "an object that lies about fileno()"]


def wrapped(kind):
    return f"/wrapped/file?{kind.replace(' ', '%20')}"


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_the_semantics_are_the_same_as_if_iter_of_read_had_been_returned(cases, kind, version):
    with cases.connect() as client:
        answer = client.request("GET", wrapped(kind), version=version)

    assert (answer.status, answer.body) == (200, CONTENT)


@pytest.mark.parametrize("kind", SENT_BY_DESCRIPTOR)
def test_the_size_of_a_real_file_is_the_content_length(cases, kind):
    assert cases.get(wrapped(kind)).field("content-length") == str(len(CONTENT))


@pytest.mark.parametrize("file", ["real", "memory"])
def test_transmission_should_begin_at_the_current_position_at_the_time_that_it_begins(cases, file):
    assert cases.get(f"/wrapped/from_its_middle?{file}").body == CONTENT[10:]


@pytest.mark.parametrize("kind", ["a real file", "BytesIO", "an object with only read()"])
@pytest.mark.parametrize("length", [0, 1, 19, 20])
def test_and_continue_until_content_length_bytes_have_been_written(cases, kind, length):
    with cases.connect() as client:
        answer = client.request("GET", wrapped(kind).replace("file?", "with_a_length?"), [("X-Length", str(length))])

        assert answer.body == CONTENT[:length]
        assert client.request("GET", wrapped(kind)).body == CONTENT


@pytest.mark.parametrize("kind", ["a real file", "BytesIO"])
def test_a_file_that_ends_before_its_content_length_is_an_aborted_answer(cases, kind):
    cases.broken_off("GET", wrapped(kind).replace("file?", "with_a_length?"),
                     "a body of 20 bytes where Content-Length says 30", [("X-Length", "30")])


def test_the_optional_block_size_suggestion_is_followed(cases):
    assert cases.get("/wrapped/with_block_size").body == CONTENT

    assert cases.notes() == [7, 7, 7, 7]


def test_the_file_like_object_must_have_a_read_method_that_takes_an_optional_size(cases):
    cases.get(wrapped("an object with only read()"))

    sizes = cases.notes()
    assert sizes
    assert all(isinstance(size, int) and size > 0 for size in sizes)


@pytest.mark.parametrize("kind", CLOSING)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_iterables_close_method_invokes_the_file_like_objects_close_method(cases, kind, method):
    with cases.connect() as client:
        assert client.request(method, wrapped(kind)).status == 200

    assert [note for note in cases.notes() if note == "closed"] == ["closed"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_close_is_called_for_a_file_that_the_server_transmits_itself(cases, method):
    with cases.connect() as client:
        answer = client.request(method, "/wrapped/closed_once")

    assert answer.field("content-length") in (str(len(CONTENT)), None)
    assert cases.notes() == ["closed"]


def test_it_has_a_close_method_if_the_file_like_object_has_one(cases):
    cases.get("/wrapped/attributes")

    assert [note for note in cases.notes() if isinstance(note, list)] == [[True, False, True]]


def test_it_is_not_guaranteed_that_any_wrapper_created_will_actually_be_used(cases):
    assert cases.get("/wrapped/unused").body == b"another body"

    assert cases.notes() == []  # neither read nor closed


def test_the_wrapper_is_an_iterable_that_middleware_can_iterate(cases):
    assert cases.get("/wrapped/by_hand").body == b"0123|4567|89ab|cdef|ghij"


def test_an_error_of_the_file_is_an_error_of_the_application(cases):
    cases.refused("/wrapped/fails", "OSError: the disk is gone")

    assert cases.notes() == ["closed"]


def test_the_wrapper_accepts_one_required_positional_parameter(cases):
    cases.refused("/wrapped/bad_call", "TypeError: file_wrapper")
