"""The applications' side of tests/support/gate.py."""

import os


def path_of(name):
    return os.path.join(os.environ["TEST_DIRECTORY"], f"{name}.fifo")


def pass_gate(name="gate"):
    gate = os.open(path_of(name), os.O_RDONLY)  # waits until the test stands on the other side
    try:
        if not os.read(gate, 1):
            raise EOFError(f"the test left gate {name}")
    finally:
        os.close(gate)
