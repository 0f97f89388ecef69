"""Pages that open without any request."""

import re

import pandas as pd
import pytest

from tests.fakes.chromium import chromium
from voxgate.adapters.great_expectations.offline_pages import make_offline
from voxgate.adapters.great_expectations.suites import run_suites
from voxgate.corpus.validation.expectations import Expectation, Suite


def offline(tmp_path, page):
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    make_offline(tmp_path)
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def render(folder):
    """Let the library write its pages of a suite with one check that fails and one that holds."""
    checks = (
        Expectation(kind="between", column="cer", minimum=0.0, maximum=0.3),
        Expectation(kind="in_set", column="status", values=("accepted", "fixed")),
    )
    frame = pd.DataFrame({"cer": [0.0, 0.9], "status": ["fixed", "accepted"]})
    suite = Suite(name="clips", rows="all", expectations=checks)
    run_suites([suite], {"all": frame}, docs_dir=folder)


def test_rendered_pages_load_and_run_nothing_and_say_the_result(tmp_path):
    render(tmp_path)
    pages = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    assert len(pages) >= 3
    for path, page in pages.items():
        loading = re.findall(r"""(?:src|href|action|srcset)\s*=\s*["']?(https?:|//)[^"'>]*""", page)
        assert loading == [], path
        assert "<script" not in page
        assert "Content-Security-Policy" in page
    validation = next(page for path, page in pages.items() if "validations" in path.parts)
    for said in ("cer", "status", "accepted", "Failed", "0.3"):
        assert said in validation
    index = pages[tmp_path / "index.html"]
    link = re.search(r'href="(validations/[^"]+\.html)"', index)
    assert link is not None
    assert (tmp_path / link.group(1)).is_file()


def test_a_browser_shows_what_failed_and_asks_nobody(tmp_path):
    render(tmp_path)
    page = next(tmp_path.glob("validations/**/*.html"))
    with chromium() as browser:
        browser.open(page.as_uri())
        browser.wait("document.querySelectorAll('td').length > 0")
        words = browser.value(
            "[...document.querySelectorAll('td i')].map("
            "icon => getComputedStyle(icon, '::before').content).join()"
        )
        assert '"FAILED"' in words
        assert '"passed"' in words
        assert browser.value("performance.getEntriesByType('resource').length") == 0
        assert browser.problems == []


@pytest.mark.parametrize(
    "remote",
    [
        '<script src="https://x.example/a.js"></script>',
        "<script>fetch('https://x.example')</script>",
        '<SCRIPT SRC="//x.example/a.js"></SCRIPT>',
        '<link rel="stylesheet" href="https://x.example/a.css"/>',
        '<img src="http://x.example/a.png">',
        '<img srcset="https://x.example/a.png 2x">',
        '<a href="https://x.example">',
        '<a href="javascript:alert(1)">',
        '<iframe src="https://x.example"></iframe>',
        '<form action="https://x.example">',
        '<p style="background: url(https://x.example)">',
        "<p onclick=\"go('https://x.example')\">",
        "<style>@import 'https://x.example/a.css';</style>",
    ],
)
def test_nothing_remote_is_left(tmp_path, remote):
    page = offline(tmp_path, f"<!DOCTYPE html><html><head></head><body>{remote}kept</body></html>")
    assert "x.example" not in page
    assert "javascript" not in page
    assert "kept" in page


def test_what_is_local_stays_as_it_was(tmp_path):
    body = '<a href="../index.html#a">&lt;b&gt; &amp; &#8212; é</a><img src="static/a.png"><br>'
    page = offline(tmp_path, f"<!DOCTYPE html><html><head><title>t</title></head>{body}</html>")
    assert page.startswith("<!DOCTYPE html>")
    assert body in page
