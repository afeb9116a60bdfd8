"""Clients that come at a given rate whatever the server does, each with one request, and leave when they lose patience.

The application is tests/apps/works.py: its journal tells for whom the workers worked.
"""

import asyncio
import time
from dataclasses import dataclass


@dataclass
class Asked:
    target: str
    begin: float
    seconds: float = 0.0
    status: int = 0  # 0: left without an answer


async def ask(address, asked, patience):
    async def talk():
        reader, writer = await asyncio.open_connection(*address)
        try:
            writer.write(f"GET {asked.target} HTTP/1.1\r\nHost: load.example\r\nConnection: close\r\n\r\n".encode())
            asked.status = int((await reader.read()).split(b" ", 2)[1])
        finally:
            writer.close()

    try:
        await asyncio.wait_for(talk(), patience)
    except (asyncio.TimeoutError, OSError, IndexError):
        asked.status = 0
    asked.seconds = time.monotonic() - asked.begin


async def come(address, name, phases, patience, watch):
    """`phases`: (requests in a second, seconds) one after the other. `watch()` is called at each request."""
    everybody, tasks = [], []
    for rate, seconds in phases:
        due = time.monotonic()  # what a busy machine made late in one phase does not come in the next
        for _ in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            everybody.append(Asked(f"/{name}/{len(everybody)}", time.monotonic()))
            tasks.append(asyncio.create_task(ask(address, everybody[-1], patience)))
            watch()
            due += 1 / rate
    await asyncio.gather(*tasks)
    return everybody


def open_loop(address, phases, patience, *, name="load", watch=lambda: None):
    return asyncio.run(come(address, name, phases, patience, watch))


def share_of_useful_work(journal, everybody):
    """Of the workers' time, what went to requests whose client was there to the end. Each request takes the same time:
    they are counted, since a machine that stands still for a moment makes some of them long."""
    ours = {asked.target: asked.status == 200 for asked in everybody}
    work = [ours[target] for target in journal.read_text().splitlines() if target in ours]
    return sum(work) / len(work)


def p95(everybody):
    """Of their times; who got no answer counts as one that never came."""
    times = sorted(asked.seconds if asked.status == 200 else float("inf") for asked in everybody)
    return times[int(len(times) * 0.95)]
