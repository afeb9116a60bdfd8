"""A client for bodies of many megabytes: a few at a time, each on a connection of its own, looked at to its last byte.

wrk reads 8 KiB at a time and holds a whole upload for each connection; here the kernel does nearly all of the work."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

MOST = 100  # transfers of each client, however long the time
TIMEOUT = 60  # seconds without a byte
BUFFER = 1 << 20
LAST_CHUNK = b"0\r\n\r\n"


class TransferError(Exception):
    """A stack that errs is not fast: such figures may not stand beside the others."""


def read_to_end(client, buffer):
    """The first kilobyte or so, the last bytes, and how many there were."""
    start, end, length = b"", b"", 0
    while count := client.recv_into(buffer):
        length += count
        if len(start) < 1024:
            start += buffer[:count]
        end = (end + bytes(buffer[max(0, count - len(LAST_CHUNK)):count]))[-len(LAST_CHUNK):]
    return start, end, length


def check_whole(head, end, length, size):
    """That an answer of `size` bytes came whole: `length` bytes arrived, the head's not counted."""
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if fields.get(b"transfer-encoding") == b"chunked":
        whole = length > size and end == LAST_CHUNK
    else:
        whole = length == size == int(fields.get(b"content-length", -1))
    if not whole:
        raise TransferError(f"{length:,} bytes arrived of {size:,}; the head was {head!r}")


def transfer(port, head, body, size, buffer):
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
        client.sendall(head)
        if body:
            client.sendall(body)
        start, end, length = read_to_end(client, buffer)
    answer, _, _ = bytes(start).partition(b"\r\n\r\n")
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise TransferError(f"answered with {answer!r}")
    if not body:
        check_whole(answer, end, length - len(answer) - 4, size)


def transfer_until(deadline, *what):
    """How long each took, in seconds."""
    times, buffer = [], memoryview(bytearray(BUFFER))
    while not times or (time.monotonic() < deadline and len(times) < MOST):
        began = time.monotonic()
        transfer(*what, buffer)
        times.append(time.monotonic() - began)
    return times


def run_transfers(stack, target, seconds, *, connections, upload=0, download=0):
    """Transfers one after the other by each of the clients: the time that all took, and that of each."""
    method, body = ("POST", bytes(upload)) if upload else ("GET", b"")
    head = (f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{stack.port}\r\nConnection: close\r\n"
            + (f"Content-Length: {upload}\r\n" if upload else "") + "\r\n").encode()
    began = time.monotonic()
    with ThreadPoolExecutor(connections) as clients:
        running = [clients.submit(transfer_until, began + seconds, stack.port, head, body, download)
                   for _ in range(connections)]
        times = [one for client in running for one in client.result()]
    return time.monotonic() - began, times
