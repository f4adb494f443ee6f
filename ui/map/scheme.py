"""The one custom scheme that serves the map: ``cc://app/page``, ``cc://app/asset/<file>``, ``cc://app/blob/<n>``.

Nothing of the map comes from a network. One host for everything, because Chromium lets a fetch across hosts of a
custom scheme fail silently.

Importing this module imports QtWebEngineCore. The scheme must be registered before the first web engine profile
exists, *not* before QApplication (tried on offscreen and X11 with Qt 6.11): so both can wait for the first paint.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

import xstatic.pkg.leaflet
from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

NAME = b"cc"
HOST = "app"
PAGE = QUrl("cc://app/page")

_OURS = Path(__file__).parents[2] / "resources" / "map"
_LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
_CHANNEL = ":/qtwebchannel/qwebchannel.js"
_KINDS = {".js": b"text/javascript", ".css": b"text/css", ".png": b"image/png"}


def register_scheme() -> None:
    """Make the scheme known; call before the first profile. Calling again does nothing."""
    if not QWebEngineUrlScheme.schemeByName(NAME).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(NAME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flag = QWebEngineUrlScheme.Flag
    scheme.setFlags(flag.SecureScheme | flag.CorsEnabled | flag.FetchApiAllowed | flag.ContentSecurityPolicyIgnored)
    QWebEngineUrlScheme.registerScheme(scheme)


class SchemeHandler(QWebEngineUrlSchemeHandler):
    """Answers the page's requests; a blob is handed out once and forgotten."""

    def __init__(self, page: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._blobs: dict[str, tuple[bytes, bytes]] = {}
        self._numbers = itertools.count(1)

    def publish(self, data: bytes, kind: bytes = b"application/octet-stream") -> str:
        """Offer `data` for one fetch; returns its path."""
        path = f"/blob/{next(self._numbers)}"
        self._blobs[path] = (data, kind)
        return path

    def forget(self) -> None:
        """Drop every blob that nobody fetched."""
        self._blobs.clear()

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer from memory or from our own files; anything else is not found."""
        url = job.requestUrl()
        found = self._find(url.path()) if url.host() == HOST else None
        if found is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        data, kind = found
        buffer = QBuffer(job)
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(kind, buffer)

    def _find(self, path: str) -> tuple[bytes, bytes] | None:
        if path == PAGE.path():
            return self._page().encode(), b"text/html"
        if path.startswith("/blob/"):
            return self._blobs.pop(path, None)
        if path.startswith("/asset/"):
            return _asset(path.removeprefix("/asset/"))
        return None


def _asset(name: str) -> tuple[bytes, bytes] | None:
    kind = _KINDS.get(Path(name).suffix)
    if kind is None or "/" in name or "\\" in name:
        return None
    if name == "qwebchannel.js":
        file = QFile(_CHANNEL)
        file.open(QIODevice.OpenModeFlag.ReadOnly)
        return bytes(file.readAll().data()), kind
    for folder in (_OURS, _LEAFLET, _LEAFLET / "images"):
        if (folder / name).is_file():
            return (folder / name).read_bytes(), kind
    return None
