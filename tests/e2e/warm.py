"""A process that knows the libraries but nothing of the program, and becomes main.py, in a child, for every order.

To start Python and to import SQLAlchemy takes five times as long as most commands do. Run as a script with one end of a
socket as its argument; see command_line.py.
"""

import array
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
from pathlib import Path

LIBRARIES = ("alembic.command", "asyncpg", "psutil", "sqlalchemy.dialects.postgresql.asyncpg", "sqlalchemy.ext.asyncio")
MAIN = Path(__file__).parents[2] / "main.py"
LONGEST = 64_000
"""Bytes of an order: words and environment."""


def next_order(orders: socket.socket) -> list[str] | None:
    """Wait for orders and fork; returns the words in the child that carries them out, None when nobody orders any more."""
    while True:
        text, files, _, _ = socket.recv_fds(orders, LONGEST, 4)
        if not text:
            return None
        if os.fork() == 0:  # the keeper, who waits for the command and tells its code
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            child = os.fork()
            if child == 0:
                orders.close()
                return become(json.loads(text), *files)
            _, status = os.waitpid(child, 0)
            os.write(files[3], array.array("i", [os.waitstatus_to_exitcode(status)]).tobytes())
            os._exit(0)
        for file in files:
            os.close(file)


def become(order: dict[str, object], *files: int) -> list[str]:
    """Take over the order's files and environment; returns its words."""
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(str(order["folder"]))
    return list(order["words"])


if __name__ == "__main__":
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.freeze()  # a child that goes through all of them for garbage copies every page
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers go by themselves
    words = next_order(socket.socket(fileno=int(sys.argv[1])))
    if words is not None:
        sys.argv = [str(MAIN), *words]
        sys.path[0] = str(MAIN.parent)
        runpy.run_path(str(MAIN), run_name="__main__")
