"""Templates escape, and know no name that they were not given."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from voxgate.reporting.environment import open_templates


def test_html_is_escaped_and_an_unknown_name_is_an_error() -> None:
    templates = open_templates()
    assert templates.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        templates.from_string("{{ y }}").render(x=1)


def test_markdown_is_text_on_one_line() -> None:
    template = open_templates().from_string("{% autoescape false %}{{ x|md }}{% endautoescape %}")
    assert template.render(x="a\n# b | <i> [c](d)") == r"a \# b \| &lt;i&gt; \[c\](d)"
