"""Being told to end: SIGTERM and Ctrl-C as an event that work looks at, so that nothing is cut off in the middle."""

import asyncio
import signal
from contextlib import suppress


def told_to_end() -> asyncio.Event:
    """An event of the running loop that is set by SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C interrupts, and ends without asking
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
    return stop
