"""Carrying out a command: open the centre, wait for the answer, print it; whatever goes wrong is one sentence."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace

from commandcenter.cli.answer import Progress, show
from commandcenter.config import Settings, load_settings
from commandcenter.errors import PersonError

log = logging.getLogger(__name__)


def speak_utf8() -> None:
    """Say and read UTF-8 whatever the locale says (LANG=C, a Windows console)."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def settings_of(options: argparse.Namespace) -> Settings:
    """The installation's settings with what the command line says; the log is started."""
    settings = load_settings()
    if options.db:
        settings = replace(settings, database_url=options.db)
    from commandcenter.logs import start_logging

    try:
        start_logging(settings.data_dir)
    except OSError:
        raise PersonError(
            f"不能在文件夹 {settings.data_dir} 中写日志。", "请检查权限，或用 CC_DATA_DIR 换一个文件夹。"
        ) from None
    return settings


def run(options: argparse.Namespace) -> int:
    """Carry out ``options.command``; returns the exit code."""

    def carry_out(progress: Progress) -> int:
        from commandcenter.services.centre import open_centre

        settings = settings_of(options)
        if options.offline:
            answer = options.command(options, progress)
        else:
            with open_centre(settings, progress) as centre:
                answer = asyncio.run(options.command(options, centre, progress))
        progress.close()
        show(answer, as_json=options.json)
        sys.stdout.flush()
        return int(answer.code)

    return guarded(carry_out, Progress())


def guarded(work: Callable[[Progress], int], progress: Progress) -> int:
    """Do `work`; whatever goes wrong is one sentence on stderr and a non-zero code."""
    try:
        return work(progress)
    except PersonError as error:
        progress.close()
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe has gone: not our concern, and no traceback at the end either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        progress.close()
        print("已中断，没有做完的不会留下。", file=sys.stderr)
        return 130
    except Exception:
        progress.close()
        log.exception("a command failed")
        print("程序出了错，详情已记入日志。请把 logs/commandcenter.log 交给维护人员。", file=sys.stderr)
        return 1
