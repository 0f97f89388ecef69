"""Make the picture of docs/http_api.md: the page of a campaign whose proof sample waits.

python -m scripts.screenshot_campaign http://127.0.0.1:8080/campaigns/spring-reminders PICTURE.png
[WIDTH]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fakes.chromium import Browser, chromium

WIDTH = 1000


def screenshot(browser: Browser, url: str, picture: Path, *, width: int = WIDTH) -> None:
    """Play the first file of an open campaign, and write a PNG of all of its page."""
    browser.open(url)
    browser.wait("document.querySelector('.clips li button') !== null")
    browser.wait("document.querySelector('#campaign').hidden === false")
    browser.call(
        "Runtime.evaluate",
        expression="document.querySelector('#cells li button:enabled').click()",
        userGesture=True,
    )
    browser.wait("document.querySelector('#cells audio')?.ended === true")
    size = {"width": width, "height": 1, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **size)
    height = browser.value("document.documentElement.scrollHeight")
    browser.call("Emulation.setDeviceMetricsOverride", **size | {"height": height})
    browser.value("requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = 1 }))")
    browser.wait("window.drawn === 1")
    browser.screenshot(picture, width=width, height=height)


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:  # noqa: PLR2004  # the program, an address, a picture, a width
        sys.exit(__doc__)
    address, target, *rest = sys.argv[1:]
    with chromium() as opened:
        screenshot(opened, address, Path(target), width=int(rest[0]) if rest else WIDTH)
