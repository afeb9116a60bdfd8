"""Frames, streams and flow control: what RFC 9113 says in its sections 3 to 5 and 6.9. Each test is named for its section."""

import pytest
from hyperframe.frame import (DataFrame, HeadersFrame, PingFrame, PriorityFrame, RstStreamFrame, SettingsFrame,
                              WindowUpdateFrame)
from support.http2_client import (COMPRESSION_ERROR, DATA, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, HEADERS, PING, PREFACE,
                                  PROTOCOL_ERROR, STREAM_CLOSED, WINDOW_UPDATE, Http2Client, raw_frame)

pytestmark = pytest.mark.front

MOST = 2**31 - 1


# --- 3.4: the preface ----------------------------------------------------------------------------------------


def test_3_4_the_server_begins_with_settings(http2):
    client = http2(begin=False)
    client.send_bytes(PREFACE + SettingsFrame(0).serialize())

    assert isinstance(client.read_frame(), SettingsFrame)


def test_3_4_the_preface_may_come_byte_by_byte(http2):
    client = http2(begin=False)
    for byte in PREFACE:
        client.send_bytes(bytes([byte]))
    client.send(SettingsFrame(0))

    assert client.is_served(1)


@pytest.mark.parametrize("preface", [b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\rX"])
def test_3_4_a_broken_preface_ends_the_connection(http2, preface):
    client = http2(begin=False)
    client.send_bytes(preface + SettingsFrame(0).serialize())

    assert client.connection_error() in (None, PROTOCOL_ERROR)


def test_3_4_another_frame_than_settings_behind_the_preface_is_an_error(http2):
    client = http2(begin=False)
    client.send_bytes(PREFACE + PingFrame(0, b"12345678").serialize())

    assert client.connection_error() == PROTOCOL_ERROR


def test_3_4_requests_may_follow_the_preface_at_once(http2):
    client = http2()

    assert client.request(1).status == 200


# --- 4.1 and 4.2: frames -------------------------------------------------------------------------------------


def test_4_1_a_frame_of_an_unknown_type_is_ignored(http2):
    client = http2()
    client.send_bytes(raw_frame(0xFA, 0xFF, 0, b"whatever"))

    assert client.is_served(1)


def test_4_1_unknown_flags_are_ignored(http2):
    client = http2()
    client.send_bytes(raw_frame(PING, 0xFE, 0, b"12345678"))
    client.read_until(lambda: client.pings, "the answer to a PING")

    assert client.pings[0].opaque_data == b"12345678"


def test_4_1_the_reserved_bit_is_ignored(http2):
    client = http2()
    client.send_bytes(raw_frame(PING, 0, 1 << 31, b"12345678"))
    client.read_until(lambda: client.pings, "the answer to a PING")


def test_4_2_a_frame_as_large_as_the_setting_allows_is_taken(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), DataFrame(1, b"x" * 16384, flags=["END_STREAM"]))

    assert b'"body_length": 16384' in client.answer(1).body


def test_4_2_a_larger_data_frame_is_an_error(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False))
    client.send_bytes(raw_frame(DATA, 1, 1, b"x" * 16385))

    assert client.connection_error() == FRAME_SIZE_ERROR


def test_4_2_a_larger_headers_frame_is_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(HEADERS, 5, 1, b"\x82" * 16385))

    assert client.connection_error() == FRAME_SIZE_ERROR


def test_4_3_a_block_that_cannot_be_decoded_is_a_connection_error(http2):
    client = http2()
    client.send(client.headers(1, block=b"\x40"))  # a literal that has neither name nor value

    assert client.connection_error() == COMPRESSION_ERROR


@pytest.mark.parametrize("between", [
    PingFrame(0, b"12345678"), SettingsFrame(0), DataFrame(1, b"x"), WindowUpdateFrame(0, window_increment=1),
    HeadersFrame(3, b"\x82", flags=["END_HEADERS"]), RstStreamFrame(1, error_code=8)],
    ids=lambda frame: type(frame).__name__)
def test_4_3_nothing_comes_between_headers_and_its_continuation(http2, between):
    client = http2()
    client.send(HeadersFrame(1, client.encoded(client.fields()), flags=["END_STREAM"]), between)

    assert client.connection_error() == PROTOCOL_ERROR


# --- 5.1: streams --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [
    DataFrame(1, b"x", flags=["END_STREAM"]), RstStreamFrame(1, error_code=8), WindowUpdateFrame(1, window_increment=1)],
    ids=lambda frame: type(frame).__name__)
def test_5_1_a_frame_on_an_idle_stream_is_a_connection_error(http2, frame):
    client = http2()
    client.send(frame)

    assert client.connection_error() in (PROTOCOL_ERROR, STREAM_CLOSED)


def test_5_1_priority_on_an_idle_stream_is_allowed(http2):
    client = http2()
    client.send(PriorityFrame(3, depends_on=0, stream_weight=10))

    assert client.is_served(1)


def test_5_1_data_on_a_stream_that_the_client_has_ended_is_an_error(http2):
    client = http2()
    client.send(client.headers(1), DataFrame(1, b"x", flags=["END_STREAM"]))

    assert client.connection_error() == STREAM_CLOSED


def test_5_1_headers_on_a_stream_that_the_client_has_ended_are_an_error(http2):
    client = http2()
    client.send(client.headers(1), client.headers(1))

    assert client.connection_error() in (STREAM_CLOSED, PROTOCOL_ERROR)


def test_5_1_frames_on_a_stream_that_was_reset_do_not_harm_the_others(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), RstStreamFrame(1, error_code=8))
    client.send(WindowUpdateFrame(1, window_increment=1))

    assert client.is_served(3)


@pytest.mark.parametrize("stream", [2, 100])
def test_5_1_1_a_stream_of_a_client_has_an_odd_number(http2, stream):
    client = http2()
    client.send(client.headers(stream))

    assert client.connection_error() == PROTOCOL_ERROR


def test_5_1_1_a_new_stream_has_a_higher_number(http2):
    """Which could also be one that has just been closed; so what comes on it is passed over."""
    client = http2()
    client.request(5)
    client.send(client.headers(3))

    assert client.is_served(7)
    assert 3 not in client.answers


def test_5_1_1_numbers_may_be_left_out(http2):
    client = http2()

    assert client.request(7).status == 200
    assert client.request(101).status == 200


def test_5_1_1_headers_on_stream_0_are_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(HEADERS, 5, 0, client.encoded(client.fields())))

    assert client.connection_error() == PROTOCOL_ERROR


def test_5_1_2_the_limit_of_streams_is_announced(http2):
    client = http2()
    client.wait_for_settings()

    assert client.settings[SettingsFrame.MAX_CONCURRENT_STREAMS] == 100


def test_5_1_2_streams_beyond_the_limit_are_an_error(http2):
    client = http2()
    client.wait_for_settings()
    for number in range(101):
        client.send(client.headers(1 + 2 * number, client.fields("POST"), end=False))

    assert client.connection_error() == PROTOCOL_ERROR


def test_5_1_2_streams_that_are_over_do_not_count(http2):
    client = http2()
    for number in range(150):
        assert client.request(1 + 2 * number).status == 200


def test_5_4_1_goaway_tells_of_the_last_stream_that_was_processed(http2):
    client = http2()
    client.request(1)
    client.request(3)
    client.send_bytes(raw_frame(HEADERS, 5, 0, b"\x82"))

    assert client.connection_error() == PROTOCOL_ERROR
    assert client.goaway.last_stream_id == 3


def test_5_5_an_unknown_frame_within_a_block_is_an_error(http2):
    client = http2()
    client.send(HeadersFrame(1, client.encoded(client.fields()), flags=["END_STREAM"]))
    client.send_bytes(raw_frame(0xFA, 0, 1, b"x"))

    assert client.connection_error() == PROTOCOL_ERROR


def test_5_5_an_unknown_frame_on_an_open_stream_is_ignored(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False))
    client.send_bytes(raw_frame(0xFA, 0, 1, b"x"))
    client.send(DataFrame(1, b"abc", flags=["END_STREAM"]))

    assert b'"body_length": 3' in client.answer(1).body


# --- 5.2 and 6.9: flow control -------------------------------------------------------------------------------


def test_5_2_no_more_is_sent_than_the_streams_window_allows(http2):
    client = http2(settings={SettingsFrame.INITIAL_WINDOW_SIZE: 10})
    client.send(client.headers(1))
    client.read_until(lambda: 1 in client.answers and len(client.answers[1].body) == 10, "10 bytes")
    client.send(PingFrame(0, b"12345678"))
    client.read_until(lambda: client.pings, "the answer to a PING")

    assert len(client.answers[1].body) == 10
    client.send(WindowUpdateFrame(1, window_increment=1 << 20))
    assert len(client.answer(1).body) > 10


def test_5_2_a_window_of_nothing_lets_the_head_through(http2):
    client = http2(settings={SettingsFrame.INITIAL_WINDOW_SIZE: 0})
    client.send(client.headers(1))
    client.read_until(lambda: 1 in client.answers and client.answers[1].heads, "the head")

    assert client.answers[1].status == 200
    assert not client.answers[1].ended


def test_5_2_a_stream_without_window_does_not_stop_the_others(http2):
    client = http2(settings={SettingsFrame.INITIAL_WINDOW_SIZE: 0})
    client.send(client.headers(1))
    client.read_until(lambda: 1 in client.answers and client.answers[1].heads, "the head")
    client.send(client.headers(3), WindowUpdateFrame(3, window_increment=1 << 20))

    assert client.answer(3).ended
    assert not client.answers[1].ended


def test_5_2_windows_are_given_as_a_body_is_taken(http2):
    client = http2()
    client.wait_for_settings()
    window = client.settings[SettingsFrame.INITIAL_WINDOW_SIZE]
    client.send(client.headers(1, client.fields("POST"), end=False))
    for _ in range(window // 16384):
        client.send(DataFrame(1, b"x" * 16384))
    client.read_until(lambda: client.windows.get(1, 0) > 0, "WINDOW_UPDATE")
    client.send(DataFrame(1, b"", flags=["END_STREAM"]))

    assert f'"body_length": {window}'.encode() in client.answer(1).body


def test_6_9_an_increment_of_0_on_a_stream_is_an_error_of_the_stream(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), WindowUpdateFrame(1, window_increment=0))

    assert client.connection_error_or_reset(1) == PROTOCOL_ERROR


def test_6_9_an_increment_of_0_on_the_connection_is_an_error(http2):
    client = http2()
    client.send(WindowUpdateFrame(0, window_increment=0))

    assert client.connection_error() == PROTOCOL_ERROR


@pytest.mark.parametrize("length", [3, 5])
def test_6_9_a_window_update_has_4_bytes(http2, length):
    client = http2()
    client.send_bytes(raw_frame(WINDOW_UPDATE, 0, 0, b"\0" * (length - 1) + b"\1"))

    assert client.connection_error() == FRAME_SIZE_ERROR


def test_6_9_1_a_streams_window_above_its_maximum_is_an_error_of_the_stream(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), WindowUpdateFrame(1, window_increment=MOST))

    assert client.reset_of(1) == FLOW_CONTROL_ERROR
    assert client.is_served(3)


def test_6_9_1_the_connections_window_above_its_maximum_is_an_error(http2):
    client = http2()
    client.send(WindowUpdateFrame(0, window_increment=MOST))

    assert client.connection_error() == FLOW_CONTROL_ERROR


def test_6_9_2_a_larger_initial_window_is_for_open_streams_too(http2):
    client = http2(settings={SettingsFrame.INITIAL_WINDOW_SIZE: 1})
    client.send(client.headers(1))
    client.read_until(lambda: 1 in client.answers and client.answers[1].body, "a byte")
    client.send(SettingsFrame(0, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 1 << 20}))

    assert client.answer(1).ended


def test_6_9_2_a_window_may_become_negative(http2):
    client = http2(settings={SettingsFrame.INITIAL_WINDOW_SIZE: 10})
    client.send(client.headers(1))
    client.read_until(lambda: 1 in client.answers and len(client.answers[1].body) == 10, "10 bytes")
    client.send(SettingsFrame(0, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 2}),
                WindowUpdateFrame(1, window_increment=9))
    client.read_until(lambda: len(client.answers[1].body) == 11, "the 11th byte")
    client.send(PingFrame(0, b"12345678"))
    client.read_until(lambda: client.pings, "the answer to a PING")

    assert len(client.answers[1].body) == 11


def test_two_connections_are_served_beside_each_other(http2_site):
    with Http2Client(http2_site.address) as one, Http2Client(http2_site.address) as other:
        one.send(one.headers(1))
        other.send(other.headers(1))

        assert one.answer(1).status == other.answer(1).status == 200
