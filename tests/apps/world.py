"""What applications do with Python's own world: processes, threads, signals, logging, the end. The path names it."""

import asyncio
import atexit
import concurrent.futures
import io
import json
import logging
import multiprocessing
import os
import random
import resource
import secrets
import signal
import subprocess
import sys
import threading
import uuid
import warnings

from gates import pass_gate

logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
logger = logging.getLogger("world")
logger.info("configured at import")
print("printed at import")
atexit.register(print, "run at exit")
signals = []
signal.signal(signal.SIGUSR1, lambda number, _: signals.append(number))


def double(number):
    return 2 * number


def by_processes(method):
    with multiprocessing.get_context(method).Pool(2) as pool:
        return pool.map(double, range(5))


def send_double(connection, number):
    connection.send(double(number))


def by_one_process(method):
    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    process = context.Process(target=send_double, args=(there, 21))
    process.start()
    received = here.recv()
    process.join()
    return [received, process.exitcode]


def wait_for_ever():
    threading.Event().wait()


def terminated_child():
    process = multiprocessing.get_context("fork").Process(target=wait_for_ever)
    process.start()
    process.terminate()
    process.join(5)
    exit_code = process.exitcode
    process.kill()
    process.join()
    return exit_code


def forked(child):
    pid = os.fork()
    if pid == 0:
        child()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def print_and_exit():
    print("from a forked child")
    os._exit(7)


async def asynchronously():
    program = await asyncio.create_subprocess_exec("echo", "awaited", stdout=asyncio.subprocess.PIPE)
    said, _ = await program.communicate()
    numbers = await asyncio.gather(*(asyncio.to_thread(double, number) for number in range(3)))
    return [said.decode(), *numbers]


def in_threads():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(double, range(4)))
    return [numbers, threading.current_thread() is threading.main_thread()]


def own_signal():
    signals.clear()
    os.kill(os.getpid(), signal.SIGUSR1)
    return [number == signal.SIGUSR1 for number in signals]


def interrupted_by_alarm():
    def raise_timeout(*_):
        raise TimeoutError("the alarm rang")
    signal.signal(signal.SIGALRM, raise_timeout)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        wait_for_ever()
    except TimeoutError as error:
        return str(error)


def broken_pipe():
    reading, writing = os.pipe()
    os.close(reading)
    try:
        os.write(writing, b"to nobody")
    except BrokenPipeError as error:
        return type(error).__name__
    finally:
        os.close(writing)


def programs():
    shell = subprocess.run("yes | head -1; echo $((6 * 7)) >&2", shell=True, capture_output=True, text=True, check=True)
    python = subprocess.run([sys.executable, "-c", "import signal; print(signal.getsignal(signal.SIGINT).__name__)"],
                            capture_output=True, text=True, check=True)
    return [shell.stdout, shell.stderr, python.stdout]


def chance():
    pass_gate("chance")
    return [os.getpid(), random.random(), secrets.token_hex(), str(uuid.uuid4()), random.Random().random()]


def recursion():
    return recursion()


def no_memory():
    return bytearray(1 << 62)


def memory_limit():
    limits = resource.getrlimit(resource.RLIMIT_AS)
    in_use = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + (64 << 20), limits[1]))
    try:
        pieces = []
        while True:
            pieces.append(bytes(1 << 20))
    finally:
        del pieces
        resource.setrlimit(resource.RLIMIT_AS, limits)


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no text today")


def fail(error):
    raise error


def fail_in_chain():
    try:
        fail(KeyError("the cause"))
    except KeyError as error:
        raise RuntimeError("the effect") from error


def leave_a_thread():
    threading.Thread(target=wait_for_ever, name="left behind").start()
    return threading.active_count()


def leave_a_busy_thread():
    def run():
        while True:
            sum(range(1000))
    threading.Thread(target=run, name="busy").start()
    return threading.active_count()


def log():
    logger.warning("logged in a request")
    print("printed in a request", flush=True)
    warnings.warn("warned in a request")
    os.write(2, b"written to the descriptor\n")
    subprocess.run(["sh", "-c", "echo said by a program"], check=True)
    thread = threading.Thread(target=logger.error, args=("logged in a thread",))
    thread.start()
    thread.join()


def surroundings():
    return {"stdin": sys.stdin.read(), "directory": os.getcwd(), "argv": sys.argv[:1] != [],
            "executable": os.path.basename(sys.executable), "main": type(sys.modules["__main__"]).__name__,
            "main thread": threading.current_thread() is threading.main_thread(),
            "encoding": [sys.stdout.encoding, sys.getfilesystemencoding()], "signals": len(signals)}


WAYS = {
    "/fork-pool": lambda: by_processes("fork"),
    "/spawn-pool": lambda: by_processes("spawn"),
    "/forkserver": lambda: by_one_process("forkserver"),
    "/fork-process": lambda: by_one_process("fork"),
    "/spawn-process": lambda: by_one_process("spawn"),
    "/terminate": terminated_child,
    "/fork": lambda: forked(print_and_exit),
    "/fork-sys-exit": lambda: forked(sys.exit),
    "/fork-raise": lambda: forked(lambda: fail(RuntimeError("in the child"))),
    "/fork-return": lambda: forked(lambda: None),
    "/asyncio": lambda: asyncio.run(asynchronously()),
    "/threads": in_threads,
    "/signal": own_signal,
    "/alarm": interrupted_by_alarm,
    "/broken-pipe": broken_pipe,
    "/programs": programs,
    "/chance": chance,
    "/recursion": recursion,
    "/no-memory": no_memory,
    "/memory-limit": memory_limit,
    "/huge-text": lambda: fail(RuntimeError("x" * (10 << 20))),
    "/unprintable": lambda: fail(Unprintable()),
    "/surrogates": lambda: fail(RuntimeError("half a pair: \ud800\x1b[2J")),
    "/chain": fail_in_chain,
    "/group": lambda: fail(ExceptionGroup("many", [ValueError("one of many")])),
    "/keyboard-interrupt": lambda: fail(KeyboardInterrupt()),
    "/generator-exit": lambda: fail(GeneratorExit()),
    "/stop-iteration": lambda: fail(StopIteration("by hand")),
    "/sys-exit": lambda: sys.exit("leaving"),
    "/os-exit": lambda: os._exit(9),
    "/thread": leave_a_thread,
    "/busy-thread": leave_a_busy_thread,
    "/log": log,
    "/surroundings": surroundings,
    "/stdout": lambda: isinstance(sys.stdout, io.TextIOBase) and sys.stdout.fileno(),
}


def app(environ, start_response):
    told = json.dumps(WAYS[environ["PATH_INFO"]]()).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [told]
