"""The compression of heads: RFC 7541. Each test is named for its section."""

import json

import pytest
from hyperframe.frame import HeadersFrame, PingFrame, SettingsFrame
from support.http2_client import COMPRESSION_ERROR

pytestmark = pytest.mark.front

GET, HTTP, SLASH = b"\x82", b"\x86", b"\x84"  # of the static table: :method GET, :scheme http, :path /
AUTHORITY = b"\x41\x0ctest.example"  # a literal that enters the dynamic table
REQUEST = GET + HTTP + SLASH + AUTHORITY


def ask(client, block, stream=1):
    client.send(HeadersFrame(stream, block, flags=["END_HEADERS", "END_STREAM"]))


def environ(client, block, stream=1):
    ask(client, block, stream)
    return json.loads(client.answer(stream).body)["environ"]


def test_6_1_fields_come_from_the_static_table(http2):
    assert environ(http2(), REQUEST)["PATH_INFO"] == "/"


def test_6_1_the_index_0_is_an_error(http2):
    client = http2()
    ask(client, REQUEST + b"\x80")

    assert client.connection_error() == COMPRESSION_ERROR


def test_2_3_3_an_index_beyond_the_tables_is_an_error(http2):
    client = http2()
    ask(client, REQUEST + b"\xff\x80\x01")

    assert client.connection_error() == COMPRESSION_ERROR


def test_2_3_2_a_field_of_the_dynamic_table_comes_again(http2):
    client = http2()
    first = environ(client, REQUEST + b"\x40\x06x-some\x05thing")
    second = environ(client, GET + HTTP + SLASH + b"\xbf" + b"\xbe", 3)  # the two newest, :authority first

    assert first["HTTP_X_SOME"] == second["HTTP_X_SOME"] == "thing"
    assert second["HTTP_HOST"] == "test.example"


def test_6_2_2_a_literal_without_indexing_does_not_enter_the_table(http2):
    client = http2()
    environ(client, REQUEST + b"\x00\x06x-some\x05thing")
    ask(client, GET + HTTP + SLASH + b"\xbf", 3)  # there is one entry, and this is the second

    assert client.connection_error() == COMPRESSION_ERROR


def test_6_2_3_a_literal_that_is_never_indexed_is_taken(http2):
    assert environ(http2(), REQUEST + b"\x10\x06x-some\x05thing")["HTTP_X_SOME"] == "thing"


def test_5_2_a_string_may_be_in_huffman_code(http2):
    coded = b"\x10\x06x-some\x89\x25\xa8\x49\xe9\x5b\xb8\xe8\xb4\xbf"  # custom-value, RFC 7541 appendix C.4.3

    assert environ(http2(), REQUEST + coded)["HTTP_X_SOME"] == "custom-value"


def test_5_2_padding_longer_than_7_bits_is_an_error(http2):
    client = http2()
    ask(client, REQUEST + b"\x10\x06x-some\x82\x1f\xff")  # "a", then 11 bits

    assert client.connection_error() == COMPRESSION_ERROR


def test_5_2_padding_that_is_not_all_ones_is_an_error(http2):
    client = http2()
    ask(client, REQUEST + b"\x10\x06x-some\x81\x18")

    assert client.connection_error() == COMPRESSION_ERROR


def test_5_2_the_end_of_string_symbol_is_an_error(http2):
    client = http2()
    ask(client, REQUEST + b"\x10\x06x-some\x84\xff\xff\xff\xff")

    assert client.connection_error() == COMPRESSION_ERROR


def test_5_1_an_integer_that_is_too_large_is_an_error(http2):
    client = http2()
    ask(client, REQUEST + b"\x10\x7f\xff\xff\xff\xff\xff\xff\xff\xff\x7f")

    assert client.connection_error() == COMPRESSION_ERROR


@pytest.mark.parametrize("block", [b"\x10\x06x-so", b"\x10\x06x-some\x05thi", b"\x7f"], ids=["name", "value", "index"])
def test_5_2_a_block_that_ends_within_a_field_is_an_error(http2, block):
    client = http2()
    ask(client, REQUEST + block)

    assert client.connection_error() == COMPRESSION_ERROR


def test_6_3_the_table_may_be_emptied(http2):
    client = http2()
    environ(client, REQUEST)

    assert environ(client, b"\x20" + REQUEST, 3)["HTTP_HOST"] == "test.example"


def test_6_3_what_was_in_an_emptied_table_is_gone(http2):
    client = http2()
    environ(client, REQUEST)
    ask(client, b"\x20" + GET + HTTP + SLASH + b"\xbe", 3)

    assert client.connection_error() == COMPRESSION_ERROR


def test_6_3_a_table_larger_than_the_setting_is_an_error(http2):
    client = http2()
    ask(client, b"\x3f\xe2\x1f" + REQUEST)  # 4097

    assert client.connection_error() == COMPRESSION_ERROR


def test_4_2_the_size_of_the_table_changes_at_the_beginning_of_a_block(http2):
    client = http2()
    ask(client, REQUEST + b"\x20")

    assert client.connection_error() == COMPRESSION_ERROR


def test_4_2_answers_keep_to_the_clients_table(http2):
    client = http2(settings={SettingsFrame.HEADER_TABLE_SIZE: 0, SettingsFrame.INITIAL_WINDOW_SIZE: 1 << 20})
    client._decoder.max_allowed_table_size = 0
    client.send(PingFrame(0, b"settings"))
    for stream in (1, 3, 5):
        assert client.request(stream).status == 200


def test_4_3_a_field_larger_than_the_table_empties_it(http2):
    client = http2()
    environ(client, REQUEST)
    large = b"\x40\x06x-some\x7f\x81\x1f" + b"v" * 4096
    environ(client, REQUEST + large, 3)
    ask(client, GET + HTTP + SLASH + b"\xbe", 5)

    assert client.connection_error() == COMPRESSION_ERROR


def test_2_2_both_directions_have_tables_of_their_own(http2):
    client = http2()
    for number in range(20):
        assert client.request(1 + 2 * number, more=[("x-number", str(number))]).status == 200
