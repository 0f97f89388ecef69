"""Make the pictures of docs/reviewing.md: the page of a running `voxgate corpus review`.

python -m scripts.screenshot_review http://127.0.0.1:PORT/TOKEN/ FOLDER [dark]

It rejects nothing and accepts the first clips that are open, so run it on a copy of a checkout.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.fakes.chromium import Browser, chromium

WIDTH = 1100
ACCEPTED = 3
PACE_S = 4.0
TRIMS = 6


def _picture(browser: Browser, path: Path) -> None:
    size = {"width": WIDTH, "height": 1, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **size)
    height = browser.value("document.documentElement.scrollHeight")
    browser.call("Emulation.setDeviceMetricsOverride", **size | {"height": height})
    time.sleep(0.3)  # the waveform is drawn anew
    browser.screenshot(path, width=WIDTH, height=height)


def _wait_for_another(browser: Browser, before: str) -> str:
    ready = "document.querySelector('#clip').dataset.ready"
    browser.wait(f"{ready} !== undefined && {ready} !== '{before}'")
    return str(browser.value(ready))


def take_pictures(browser: Browser, url: str, folder: Path) -> None:
    """Write review_doubtful.png and review_corrected.png."""
    browser.open(url)
    browser.wait("document.querySelector('#clip') !== null")
    number = _wait_for_another(browser, "")
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=WIDTH, height=900, deviceScaleFactor=1, mobile=False,
    )  # fmt: skip
    _picture(browser, folder / "review_doubtful.png")
    for _ in range(ACCEPTED):
        time.sleep(PACE_S)
        browser.press("a")
        number = _wait_for_another(browser, number)
    for _ in range(TRIMS):
        browser.press("ArrowLeft", shift=True)
    browser.press("e")
    browser.value("document.querySelector('#text').selectionStart -= 1")
    browser.call("Input.insertText", text=", please.")
    _picture(browser, folder / "review_corrected.png")


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:  # noqa: PLR2004  # the program, an address, a folder, dark
        sys.exit(__doc__)
    address, target, *rest = sys.argv[1:]
    with chromium() as opened:
        if "dark" in rest:
            scheme = [{"name": "prefers-color-scheme", "value": "dark"}]
            opened.call("Emulation.setEmulatedMedia", features=scheme)
        take_pictures(opened, address, Path(target))
