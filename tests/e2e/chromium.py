"""A real Chromium without a window, led over its debugging pipe: keys, files, its accessibility tree, what it fetched."""

import base64
import fcntl
import json
import os
import select
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
SECONDS = 30.0
_KEYS = {
    "Tab": ("Tab", 9, ""), "Enter": ("Enter", 13, "\r"), " ": ("Space", 32, " "), "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""), "Escape": ("Escape", 27, ""),
}  # fmt: skip
_SHIFT = 8


class Browser:
    """One program with one tab of a phone's size."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAM is not None
        orders, told = os.pipe(), os.pipe()
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in (orders[0], told[1])]
        words = [
            PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank",
        ]  # fmt: skip
        nowhere = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
        self.pid = os.posix_spawn(
            PROGRAM,
            words,
            os.environ | {"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"},
            file_actions=[*nowhere, *((os.POSIX_SPAWN_DUP2, end, fd) for end, fd in zip(theirs, (3, 4), strict=True))],
        )
        for end in (orders[0], told[1], *theirs):
            os.close(end)
        self._out, self._in = orders[1], told[0]
        self._rest = b""
        self._count = 0
        self.events: list[dict[str, Any]] = []
        self.session = ""
        [tab] = [each for each in self.ask("Target.getTargets")["targetInfos"] if each["type"] == "page"]
        self.session = self.ask("Target.attachToTarget", targetId=tab["targetId"], flatten=True)["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.ask(f"{part}.enable")
        self.ask("Emulation.setDeviceMetricsOverride", **PHONE)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One order and its answer; events that come meanwhile are kept."""
        self._count += 1
        order = {"id": self._count, "method": method, "params": parameters}
        os.write(self._out, json.dumps(order | ({"sessionId": self.session} if self.session else {})).encode() + b"\0")
        end = time.monotonic() + SECONDS
        while True:
            said = self._next(end)
            if said.get("id") == self._count:
                assert "error" not in said, (method, said["error"])
                return dict(said["result"])

    def _next(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the browser says nothing"
            more = os.read(self._in, 1 << 20)
            assert more, "the browser has ended"
            self._rest += more
        one, _, self._rest = self._rest.partition(b"\0")
        said: dict[str, Any] = json.loads(one)
        if "method" in said:
            self.events.append(said)
        return said

    def until(self, method: str, since: int = 0) -> dict[str, Any]:
        """The parameters of the next event of that name after the first `since` events."""
        end = time.monotonic() + SECONDS
        while True:
            for event in self.events[since:]:
                if event["method"] == method:
                    return dict(event["params"])
            since = len(self.events)
            self._next(end)

    def heard(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every event of that name so far."""
        return [event["params"] for event in self.events if event["method"] == method]

    @contextmanager
    def loading(self) -> Iterator[None]:
        """A block whose deed brings another page."""
        since = len(self.events)
        yield
        self.until("Page.loadEventFired", since)

    def open(self, url: str) -> None:
        """Go to an address and wait for its page."""
        with self.loading():
            self.ask("Page.navigate", url=url)

    def value(self, script: str) -> Any:
        """The value of an expression in the page; also where the page's own scripts are off."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def wait(self, script: str) -> None:
        """Until an expression is true; asked again after whatever happens."""
        end = time.monotonic() + SECONDS
        while not self.value(script):
            assert time.monotonic() < end, script

    def press(self, key: str, *, shift: bool = False) -> None:
        """A key goes down and up."""
        code, number, text = _KEYS[key]
        facts = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": _SHIFT if shift else 0}
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **facts)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **facts)

    def write(self, text: str) -> None:
        """Text as an input method gives it."""
        self.ask("Input.insertText", text=text)

    def focus(self) -> str:
        """Id, name or element that has the focus."""
        return str(
            self.value("(e => e.id || (e.value && e.name + '=' + e.value) || e.tagName)(document.activeElement)")
        )

    def tab_to(self, wanted: str) -> list[str]:
        """Tab until that one has the focus; returns what was passed, itself last."""
        passed: list[str] = []
        while wanted not in passed:
            assert len(passed) < 30, passed
            self.press("Tab")
            passed.append(self.focus())
        return passed

    def tree(self) -> list[dict[str, Any]]:
        """What a screen reader is told: role, name, and properties by name; of what it is told of at all."""
        found = []
        for node in self.ask("Accessibility.getFullAXTree")["nodes"]:
            if not node["ignored"]:
                facts = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
                said = {part: node.get(part, {}).get("value", "") for part in ("role", "name", "description", "value")}
                found.append(facts | said)
        return found

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def complaints(self) -> list[str]:
        """What its console would show in red or yellow."""
        said: list[Mapping[str, Any]] = [each["entry"] for each in self.heard("Log.entryAdded")]
        found = [
            f"{each['level']}: {each['text']} {each.get('url', '')}" for each in said if each["level"] != "verbose"
        ]
        found += [str(each["exceptionDetails"]) for each in self.heard("Runtime.exceptionThrown")]
        return found + [str(each["args"]) for each in self.heard("Runtime.consoleAPICalled")]

    def fetched(self) -> list[str]:
        """Every address it asked for."""
        return [each["request"]["url"] for each in self.heard("Network.requestWillBeSent")]

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self.session = ""
        self.ask("Browser.close")
        os.waitpid(self.pid, 0)
        os.close(self._out)
        os.close(self._in)


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own in `folder`, ended with the block."""
    made = Browser(folder)
    try:
        yield made
    finally:
        made.close()
