"""A page is printed by the browser that is there; without one it is said what to install."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fakes.reported import make_bundle, make_surroundings
from voxgate.adapters.chromium.printing import PROGRAMS, find_browser, print_page
from voxgate.errors import AssetError, ExternalServiceError
from voxgate.reporting.page import render_page


def test_without_a_browser_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssetError, match="apt-get install chromium"):
        print_page(tmp_path / "page.html", tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()


def test_a_browser_that_prints_nothing_is_an_error_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho 'no space for fonts' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert find_browser() == str(program)
    with pytest.raises(ExternalServiceError, match="no space for fonts"):
        print_page(tmp_path / "page.html", tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()


@pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="no chromium on this machine")
def test_a_report_is_printed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    bundle = make_bundle()
    page.write_text(render_page(bundle, make_surroundings(bundle)), encoding="utf-8")
    print_page(page, tmp_path / "page.pdf")
    printed = (tmp_path / "page.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") >= 5
