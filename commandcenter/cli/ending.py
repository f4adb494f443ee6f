"""Being told to end, as an event that work looks at, so that nothing is cut off in the middle."""

import asyncio
import signal
import sys
from contextlib import suppress
from threading import Thread


def told_to_end(*, with_input: bool = False) -> asyncio.Event:
    """An event of the running loop that is set by SIGTERM or SIGINT; `with_input`: also when standard input closes.

    The latter ends a child together with the program that started it, however that one ends, on every system.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C interrupts, and ends without asking
            loop.add_signal_handler(each, stop.set)
    if with_input:

        def wait() -> None:
            sys.stdin.buffer.read()
            with suppress(RuntimeError):  # the loop has ended before the input
                loop.call_soon_threadsafe(stop.set)

        Thread(target=wait, daemon=True).start()
    return stop
