"""The centre's entrance: understands the command line and hands over, to a command or to the window."""

import sys

from commandcenter.cli.parser import parse
from commandcenter.cli.run import run, speak_utf8


def main() -> int:
    """Do what the command line says; returns the exit code."""
    speak_utf8()
    options = parse()
    if options.command is not None:
        return run(options)
    from ui.start import start

    return start(options)


if __name__ == "__main__":
    sys.exit(main())
