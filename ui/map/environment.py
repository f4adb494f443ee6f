"""What the web engine must find in the environment before QApplication exists. Imports no Qt."""

import os
import sys


def prepare_environment() -> None:
    """Make the web engine draw in software and stay quiet; call before QApplication. Values set outside are kept.

    Software first because a duty desk's machine or a remote session often has no usable GPU, and there the canvas
    layer is faster without one (60 against 20 frames a second while dragging). The "null" RHI keeps Qt from probing
    OpenGL merely to describe the GPU to Chromium: nothing is ever drawn through it with the software scene graph.
    """
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QSG_RHI_BACKEND", "null")
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    wanted = ["--disable-gpu", "--log-level=3"]
    # Chromium refuses to start its sandbox as root; for anybody else the sandbox stays on.
    if sys.platform == "linux" and os.geteuid() == 0:
        wanted.append("--no-sandbox")
    flags += [flag for flag in wanted if flag not in flags]
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)
