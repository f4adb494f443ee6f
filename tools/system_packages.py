"""The shared libraries and the font that Qt needs from the system: looked for, installed where that is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

QT_FILES = (
    "lib/libQt6WebEngineCore.so.6",
    "lib/libQt6WebEngineWidgets.so.6",
    "lib/libQt6OpenGLWidgets.so.6",
    "libexec/QtWebEngineProcess",
    "plugins/platforms/libqxcb.so",
    "plugins/platforms/libqoffscreen.so",
    "plugins/platforms/libqvnc.so",
    "plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
    "plugins/xcbglintegrations/libqxcb-egl-integration.so",
    "plugins/xcbglintegrations/libqxcb-glx-integration.so",
)
"""What is loaded at some time; the loader itself tells what they lack."""

PACKAGES = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libGLX.so.0": ("libgl1",),
    "libGLdispatch.so.0": ("libgl1",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libX11.so.6": ("libx11-6",),
    "libXcomposite.so.1": ("libxcomposite1",),
    "libXdamage.so.1": ("libxdamage1",),
    "libXext.so.6": ("libxext6",),
    "libXfixes.so.3": ("libxfixes3",),
    "libXrandr.so.2": ("libxrandr2",),
    "libXrender.so.1": ("libxrender1",),
    "libXtst.so.6": ("libxtst6",),
    "libasound.so.2": ("libasound2t64", "libasound2"),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libdrm.so.2": ("libdrm2",),
    "libexpat.so.1": ("libexpat1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libgbm.so.1": ("libgbm1",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libgthread-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libnspr4.so": ("libnspr4",),
    "libnss3.so": ("libnss3",),
    "libnssutil3.so": ("libnss3",),
    "libplc4.so": ("libnspr4",),
    "libplds4.so": ("libnspr4",),
    "libsmime3.so": ("libnss3",),
    "libstdc++.so.6": ("libstdc++6",),
    "libudev.so.1": ("libudev1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-dri3.so.0": ("libxcb-dri3-0",),
    "libxcb-glx.so.0": ("libxcb-glx0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxcb.so.1": ("libxcb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxkbfile.so.1": ("libxkbfile1",),
    "libzstd.so.1": ("libzstd1",),
}
"""Library -> its Debian package, the newer name first (Debian 13 and Ubuntu 24.04 renamed some to …t64)."""

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_NAMES = ("cjk", "sourcehan", "wqy", "droidsansfallback", "uming", "ukai", "simsun", "msyh", "harmonyos", "lxgw")


def provide_for_qt(python):
    """See to everything Qt needs of the system; on Windows and macOS it brings everything along."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_libraries(python)
    unknown = sorted(missing - PACKAGES.keys())
    packages = {PACKAGES[library] for library in missing - set(unknown)}
    if not has_chinese_font():
        packages.add(("fonts-noto-cjk",))
    if packages:
        provide(sorted(packages))
        missing = missing_libraries(python)
        unknown = sorted(missing)
    if unknown:
        sys.exit(f"These system libraries are missing and have to be installed by hand: {', '.join(unknown)}.")


def missing_libraries(python):
    """Return the names of the shared libraries that Qt's own files ask for in vain."""
    where = "import importlib.util as u; print(u.find_spec('PySide6').submodule_search_locations[0])"
    found = subprocess.run([python, "-c", where], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    files = [path for path in (Path(found, "Qt", name) for name in QT_FILES) if path.exists()]
    told = subprocess.run(["ldd", *files], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return {line.split()[0] for line in told.splitlines() if line.endswith("=> not found")}


def has_chinese_font():
    """Say whether a font with Chinese characters is installed."""
    if shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True).stdout.strip():
        return True
    files = (path for folder in FONT_FOLDERS for path in Path(folder).expanduser().rglob("*.[ot]t[cf]"))
    return any(name in path.name.lower().replace("-", "") for path in files for name in FONT_NAMES)


def provide(packages):
    """Install Debian packages, each given as its possible names; without the right to do so, say the one line to run."""
    if not shutil.which("apt-get"):
        names = ", ".join(names[-1] for names in packages)
        sys.exit(f"Please install with this system's package manager what Debian calls: {names}; then retry.")
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        prefix = ["sudo", "-n"]
    else:
        line = " ".join(existing(names) for names in packages)
        sys.exit(f"Please run this line, then retry:\n  sudo apt-get update && sudo apt-get install -y {line}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    print("      refreshing the package lists", flush=True)
    quiet(apt + ["update"])
    names = [existing(names) for names in packages]
    print(f"      installing {' '.join(names)}", flush=True)
    if quiet(apt + ["install", "-y", "--no-install-recommends", *names]) != 0:
        sys.exit(f"apt-get could not install the packages above; run it by hand: apt-get install {' '.join(names)}")


def existing(names):
    """Return the first of the names that this system's package lists know, otherwise the last."""
    for name in names[:-1]:
        known = subprocess.run(["apt-cache", "show", name], capture_output=True)
        if known.returncode == 0 and known.stdout.strip():
            return name
    return names[-1]


def quiet(command):
    """Run a command; show what it said only if it failed."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        print("\n".join(line for line in done.stdout.splitlines()[-15:] if "://" not in line), file=sys.stderr)
    return done.returncode
