from __future__ import annotations

import pytest

from voxgate.adapters.pages.files import HEADERS, page_files


@pytest.mark.parametrize("package", ["voxgate.adapters.listening", "voxgate.adapters.http"])
def test_a_page_has_its_own_files_and_the_shared_looks(package: str) -> None:
    found = page_files(package)
    assert found.keys() >= {"page.html", "page.css", "page.js", "base.css", "nodes.js", "desk.js"}
    assert found["page.html"][1] == "text/html"
    assert found["page.js"][1] == "text/javascript"
    assert found["base.css"] == page_files("voxgate.adapters.listening")["base.css"]
    assert (
        b'href="page/base.css"' in found["page.html"][0]
        or b'href="base.css"' in found["page.html"][0]
    )


def test_the_policy_begins_with_nothing_and_allows_no_inline_code() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
