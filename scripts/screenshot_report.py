"""Make the picture of docs/verdict_report.md: the top of a report as Chromium shows it.

python scripts/screenshot_report.py .voxgate/bundles/NAME.report/verdict.html PICTURE.png
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from voxgate.wiring.printing import find_browser

WIDTH, HEIGHT = 1100, 1250


def screenshot(page: Path, picture: Path) -> None:
    """Write a PNG of the top of `page`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        subprocess.run(
            [
                find_browser(), "--headless=new", "--no-sandbox", "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}",
                f"--screenshot={picture.resolve()}", page.resolve().as_uri(),
            ],
            check=True,
            timeout=120,
            stderr=subprocess.DEVNULL,  # what it says about buses that this machine lacks
        )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004  # the program, a page, a picture
        sys.exit(__doc__)
    screenshot(Path(sys.argv[1]), Path(sys.argv[2]))
