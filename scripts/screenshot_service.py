"""Make the picture of docs/http_api.md: the page of a running speech service after one sentence.

python -m scripts.screenshot_service http://127.0.0.1:8080/ PICTURE.png [WIDTH [dark]]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.fakes.chromium import Browser, chromium

WIDTH = 1100
PAUSE_S = 3.0
TEXT = "Good morning. Your appointment is on Tuesday, March 2nd, at 9:30."


def screenshot(browser: Browser, url: str, picture: Path, *, width: int = WIDTH) -> None:
    """Let the page of an open service speak once, and write a PNG of all of it."""
    browser.open(url)
    browser.wait("document.querySelector('#service')?.hidden === false")
    browser.value("document.querySelector('#text').focus()")
    browser.call("Input.insertText", text=TEXT)
    browser.value("document.querySelector('#speech').requestSubmit()")
    browser.wait("document.querySelector('#audio').duration > 0")
    browser.wait("document.querySelectorAll('#recent tbody th').length > 1")
    time.sleep(PAUSE_S)  # the figures are asked for again
    size = {"width": width, "height": 1, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **size)
    height = browser.value("document.documentElement.scrollHeight")
    browser.call("Emulation.setDeviceMetricsOverride", **size | {"height": height})
    browser.value("requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = 1 }))")
    browser.wait("window.drawn === 1")
    browser.screenshot(picture, width=width, height=height)


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 5:  # noqa: PLR2004  # the program, an address, a picture, a width, dark
        sys.exit(__doc__)
    address, target, *rest = sys.argv[1:]
    with chromium() as opened:
        if "dark" in rest:
            scheme = [{"name": "prefers-color-scheme", "value": "dark"}]
            opened.call("Emulation.setEmulatedMedia", features=scheme)
        screenshot(opened, address, Path(target), width=int(rest[0]) if rest else WIDTH)
