"""What each type of frame may hold: RFC 9113 in its section 6. Each test is named for its section."""

import struct

import pytest
from hyperframe.frame import (DataFrame, GoAwayFrame, PingFrame, PushPromiseFrame, SettingsFrame)
from support.http2_client import FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, NO_ERROR, PROTOCOL_ERROR, raw_frame
from support.http2_client import (CONTINUATION, DATA, GOAWAY, HEADERS, PING, PRIORITY, RST_STREAM, SETTINGS)

pytestmark = pytest.mark.front


# --- 6.1 and 6.2: DATA, HEADERS ------------------------------------------------------------------------------


def test_6_1_data_on_stream_0_is_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(DATA, 0, 0, b"x"))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_1_padding_of_data_is_not_part_of_the_body(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False),
                DataFrame(1, b"abc", pad_length=200, flags=["END_STREAM", "PADDED"]))

    assert b'"body_length": 3' in client.answer(1).body


def test_6_1_padding_longer_than_the_frame_is_an_error(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False))
    client.send_bytes(raw_frame(DATA, 0x9, 1, b"\x06xxxxx"))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_2_headers_may_be_padded(http2):
    client = http2()
    frame = client.headers(1, flags=["PADDED"])
    frame.pad_length = 100
    client.send(frame)

    assert client.answer(1).status == 200


def test_6_2_padding_longer_than_the_headers_is_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(HEADERS, 0xD, 1, b"\xff\x82"))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_2_a_priority_within_headers_is_taken(http2):
    client = http2()
    frame = client.headers(1, flags=["PRIORITY"])
    frame.depends_on, frame.stream_weight = 0, 100
    client.send(frame)

    assert client.answer(1).status == 200


# --- 6.3 to 6.8 ----------------------------------------------------------------------------------------------


def test_6_3_priority_on_stream_0_is_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(PRIORITY, 0, 0, b"\0\0\0\1\x10"))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_3_priority_has_5_bytes(http2):
    client = http2()
    client.send_bytes(raw_frame(PRIORITY, 0, 1, b"\0\0\0\0"))

    assert client.connection_error() == FRAME_SIZE_ERROR


def test_6_4_rst_stream_on_stream_0_is_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(RST_STREAM, 0, 0, b"\0\0\0\x08"))

    assert client.connection_error() == PROTOCOL_ERROR


@pytest.mark.parametrize("length", [3, 5])
def test_6_4_rst_stream_has_4_bytes(http2, length):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False))
    client.send_bytes(raw_frame(RST_STREAM, 0, 1, b"\0" * length))

    assert client.connection_error() == FRAME_SIZE_ERROR


def test_6_5_settings_are_acknowledged(http2):
    client = http2()
    client.read_until(lambda: client.settings_acknowledged == 1, "an acknowledgement")
    client.send(SettingsFrame(0))
    client.read_until(lambda: client.settings_acknowledged == 2, "another acknowledgement")


def test_6_5_settings_on_a_stream_are_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(SETTINGS, 0, 1))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_5_an_acknowledgement_is_empty(http2):
    client = http2()
    client.send_bytes(raw_frame(SETTINGS, 1, 0, b"\0\3\0\0\0\x64"))

    assert client.connection_error() == FRAME_SIZE_ERROR


def test_6_5_settings_have_6_bytes_each(http2):
    client = http2()
    client.send_bytes(raw_frame(SETTINGS, 0, 0, b"\0\3\0\0\0"))

    assert client.connection_error() == FRAME_SIZE_ERROR


@pytest.mark.parametrize(("setting", "value", "error"), [
    (2, 2, PROTOCOL_ERROR), (4, 1 << 31, FLOW_CONTROL_ERROR), (5, 16383, PROTOCOL_ERROR), (5, 1 << 24, PROTOCOL_ERROR)],
    ids=["ENABLE_PUSH", "INITIAL_WINDOW_SIZE", "MAX_FRAME_SIZE-low", "MAX_FRAME_SIZE-high"])
def test_6_5_2_a_setting_out_of_its_range_is_an_error(http2, setting, value, error):
    client = http2()
    client.send_bytes(raw_frame(SETTINGS, 0, 0, struct.pack(">HI", setting, value)))

    assert client.connection_error() == error


def test_6_5_2_an_unknown_setting_is_ignored(http2):
    client = http2()
    client.send_bytes(raw_frame(SETTINGS, 0, 0, struct.pack(">HI", 0xFF, 1)))

    assert client.is_served(1)


def test_6_5_2_the_limit_of_heads_is_announced(http2):
    client = http2()
    client.wait_for_settings()

    assert client.settings[SettingsFrame.MAX_HEADER_LIST_SIZE] == 64 << 10


def test_6_5_2_answers_keep_to_the_clients_frame_size(http2):
    client = http2(settings={SettingsFrame.MAX_FRAME_SIZE: 1 << 20, SettingsFrame.INITIAL_WINDOW_SIZE: 1 << 20})
    client.send(client.headers(1))
    frames = []
    while not (frames and "END_STREAM" in frames[-1].flags):
        frames.append(client.read_frame())

    assert all(len(frame.serialize()) <= 9 + 16384 for frame in frames)


def test_6_6_a_client_does_not_push(http2):
    client = http2()
    client.send(PushPromiseFrame(1, 2, client.encoded(client.fields()), flags=["END_HEADERS"]))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_7_a_ping_is_answered_with_its_data(http2):
    client = http2()
    client.send(PingFrame(0, b"87654321"))
    client.read_until(lambda: client.pings, "the answer to a PING")

    assert client.pings[0].opaque_data == b"87654321"
    assert "ACK" in client.pings[0].flags


def test_6_7_an_answer_to_a_ping_is_not_answered(http2):
    client = http2()
    client.send(PingFrame(0, b"unwanted", flags=["ACK"]), PingFrame(0, b"12345678"))
    client.read_until(lambda: client.pings, "the answer to a PING")

    assert client.pings[0].opaque_data == b"12345678"


def test_6_7_a_ping_on_a_stream_is_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(PING, 0, 1, b"12345678"))

    assert client.connection_error() == PROTOCOL_ERROR


@pytest.mark.parametrize("length", [7, 9])
def test_6_7_a_ping_has_8_bytes(http2, length):
    client = http2()
    client.send_bytes(raw_frame(PING, 0, 0, b"x" * length))

    assert client.connection_error() == FRAME_SIZE_ERROR


def test_6_8_goaway_on_a_stream_is_an_error(http2):
    client = http2()
    client.send_bytes(raw_frame(GOAWAY, 0, 1, b"\0" * 8))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_8_what_was_asked_before_a_goaway_of_the_client_is_answered(http2):
    client = http2()
    client.send(client.headers(1), GoAwayFrame(0, last_stream_id=0, error_code=NO_ERROR))

    assert client.answer(1).status == 200


# --- 6.10: CONTINUATION --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [2, 5])
def test_6_10_a_head_may_come_in_pieces(http2, pieces):
    client = http2()
    block = client.encoded(client.fields())
    cuts = [len(block) * index // pieces for index in range(pieces + 1)]
    parts = [block[begin:end] for begin, end in zip(cuts, cuts[1:])]
    client.send_bytes(raw_frame(HEADERS, 1, 1, parts[0]))
    for part in parts[1:-1]:
        client.send_bytes(raw_frame(CONTINUATION, 0, 1, part))
    client.send_bytes(raw_frame(CONTINUATION, 4, 1, parts[-1]))

    assert client.answer(1).status == 200


@pytest.mark.parametrize("stream", [0, 3])
def test_6_10_a_continuation_belongs_to_the_stream_of_its_headers(http2, stream):
    client = http2()
    client.send_bytes(raw_frame(HEADERS, 1, 1, b"\x82") + raw_frame(CONTINUATION, 4, stream, b"\x86"))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_10_a_continuation_without_headers_is_an_error(http2):
    client = http2()
    client.request(1)
    client.send_bytes(raw_frame(CONTINUATION, 4, 1, b"\x82"))

    assert client.connection_error() == PROTOCOL_ERROR


def test_6_10_a_continuation_behind_the_end_of_a_head_is_an_error(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False))
    client.send_bytes(raw_frame(CONTINUATION, 4, 1, b"\x82"))

    assert client.connection_error() == PROTOCOL_ERROR
