"""Print an HTML file as PDF by the browser that is installed; none comes with voxgate."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from voxgate.errors import AssetError, ExternalServiceError
from voxgate.files import write_path
from voxgate.tether import tethered

__all__ = ["PROGRAMS", "find_browser", "print_page"]

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TIMEOUT_S = 120.0
_SANDBOX = ("--no-sandbox",) if os.geteuid() == 0 else ()
"""Chromium has none for root, and the page has no script to run in it."""
_SHOWN = 300


def find_browser() -> str:
    """Return the path of a Chromium.

    Raises:
        AssetError: there is none; says what to install.
    """
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise AssetError(
            f"a PDF is printed by Chromium, and none of {', '.join(PROGRAMS)} is on the PATH. "
            "Install it (`apt-get install chromium`), or open the HTML file and print it there."
        )
    return found


def print_page(page: Path, pdf: Path) -> None:
    """Print `page` to `pdf`, whole or not at all. The page gets no network.

    Raises:
        AssetError: there is no Chromium.
        ExternalServiceError: it failed, or took longer than two minutes.
        StorageError: the disk refused.
    """
    browser = find_browser()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        write_path(pdf) as temporary,
    ):
        arguments = [
            browser, "--headless=new", *_SANDBOX, "--disable-gpu", "--no-first-run",
            "--disable-dev-shm-usage", "--no-pdf-header-footer", "--proxy-server=127.0.0.1:9",
            f"--user-data-dir={profile}", f"--print-to-pdf={temporary}", page.resolve().as_uri(),
        ]  # fmt: skip
        said = _run(arguments)
        if not temporary.is_file() or not temporary.read_bytes().startswith(b"%PDF"):
            raise ExternalServiceError(
                f"{browser} printed no PDF of {page}: {said[-_SHOWN:].strip() or 'no reason given'}"
                ". Open the HTML file and print it there."
            )


def _run(arguments: list[str]) -> str:
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with tethered(arguments, **options) as process:
        try:
            _, said = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            raise ExternalServiceError(
                f"{arguments[0]} did not print within {TIMEOUT_S:.0f} s. Open the HTML file and "
                "print it there."
            ) from None
    return str(said)
