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
from commandcenter.errors import PersonError, Unreachable

log = logging.getLogger(__name__)

AWAY = "请核对 --db 或 CC_DATABASE_URL 的地址，确认服务器已启动、网络通畅，然后再运行一次。"
"""What to do about a server that does not answer: a command keeps nothing to look at, and does not try again."""


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
        print(_for_commands(error), file=sys.stderr)
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


def _for_commands(error: PersonError) -> PersonError:
    """The sentence, without advice that is meant for desks."""
    if isinstance(error, Unreachable):
        from commandcenter.db.errors import unreachable  # loaded long ago where there was somebody to reach

        if error.advice == unreachable().advice:
            return Unreachable(error.sentence, AWAY)
    return error
