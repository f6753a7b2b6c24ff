"""A headless Chromium, driven over WebDriver's own HTTP (W3C), for the few pages a browser shows."""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import pytest
import requests

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def browser_or_skip() -> "Browser":
    """A browser; skips the test where Debian's chromium and chromium-driver are not there."""
    if shutil.which("chromedriver") is None or shutil.which("chromium") is None:
        pytest.skip("chromium and chromium-driver are not installed")
    return Browser()


class Browser:
    """One window. Use as a context."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="browser-"))
        self._driver: subprocess.Popen[str] | None = None
        self._http = requests.Session()
        self._http.trust_env = False
        self._at = ""

    def __enter__(self) -> Self:
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._driver.stdout is not None
        port = next(
            found[1]
            for line in self._driver.stdout
            if (found := re.search(r"started successfully on port (\d+)", line))
        )
        arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={self._folder}",
        ]
        options = {"binary": shutil.which("chromium"), "args": arguments}
        made = self._ask(
            f"http://127.0.0.1:{port}/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        )
        self._at = f"http://127.0.0.1:{port}/session/{made['sessionId']}"
        return self

    def __exit__(self, *_error: object) -> None:
        if self._at:
            self._http.delete(self._at, timeout=20)
        if self._driver is not None:
            self._driver.terminate()
            self._driver.wait()
            assert self._driver.stdout is not None
            self._driver.stdout.close()
        self._http.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def open(self, address: str) -> None:
        self._ask(f"{self._at}/url", {"url": address})

    def click(self, css: str) -> None:
        self._ask(f"{self._at}/element/{self._find(css)}/click", {})

    def text(self, css: str) -> str:
        return str(self._get(f"element/{self._find(css)}/text"))

    def wait_for(self, address: str) -> None:
        """Wait until a page is there: a click comes back before the page it leads to."""
        for _ in range(600):
            if self.address == address and self._get("title"):
                return
            time.sleep(0.05)
        raise AssertionError(self.address)

    @property
    def address(self) -> str:
        return str(self._get("url"))

    @property
    def title(self) -> str:
        return str(self._get("title"))

    def _find(self, css: str) -> str:
        return str(self._ask(f"{self._at}/element", {"using": "css selector", "value": css})[ELEMENT])

    def _get(self, what: str) -> Any:
        return self._http.get(f"{self._at}/{what}", timeout=30).json()["value"]

    def _ask(self, address: str, body: dict[str, Any]) -> Any:
        answer = self._http.post(address, json=body, timeout=60)
        value = answer.json()["value"]
        assert answer.ok, value
        return value
