"""Long calculations in a process of their own: the window stays quick, and what is cancelled ends at once."""

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Event
from typing import Any, TypeVar

from commandcenter.errors import PersonError

T = TypeVar("T")
Told = Callable[[float, str], None]
"""Told the share that is done, 0 to 1, and what is done now."""
_LOOK_S = 0.1
"""So often somebody who waits looks whether to go on."""
_POLITE = 10


class Stopped(PersonError):
    """The person ended it."""


def run_apart(work: Callable[[Any, Told], T], material: Any, told: Told, stop: Event) -> T:
    """Run ``work(material, told)`` in another process and wait for it; for a thread. Raises what it raises of PersonError.

    `work` is a function of a module, `material` and the result can be pickled; both processes are this program. `stop`,
    once set, ends it (Stopped).
    """
    spawning = get_context("spawn")  # a fork would take the window's threads and connections along
    ours, theirs = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_carry_out, args=(work, material, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            if stop.is_set():
                raise Stopped("已取消，没有留下任何结果。", "")
            if ours.poll(_LOOK_S):
                kind, *facts = ours.recv()
                if kind == "done":
                    return facts[0]  # type: ignore[no-any-return]
                if kind == "refused":
                    raise PersonError(*facts)
                told(*facts)
    except EOFError:
        msg = "the process ended without an answer"
        raise RuntimeError(msg) from None
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _carry_out(work: Callable[[Any, Told], Any], material: Any, answer: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who waits, and who ends this then
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    try:
        try:
            result = work(material, lambda share, words: answer.send(("told", share, words)))
        except PersonError as error:
            answer.send(("refused", error.sentence, error.advice))
        else:
            answer.send(("done", result))
    except BrokenPipeError:  # nobody waits any more
        return
