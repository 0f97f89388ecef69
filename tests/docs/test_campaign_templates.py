"""docs/campaign_templates.md shows what templates and lists become, and every reason."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import pytest

from voxgate.campaigns.lists.recipients import RecipientRow, RejectedRow, read_recipients
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.slots import SlotValue, declarations, parse_slot
from voxgate.campaigns.templates.template import Template
from voxgate.campaigns.templates.values import read_value
from voxgate.errors import TemplateError
from voxgate.strict_yaml import parse_yaml
from voxgate.text.front_ends import open_front_end

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "campaign_templates.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
VALUES = re.findall(r"^\| `([a-z ]+)` \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
REFUSED = re.findall(r"^\| `([^`]*\{.*?)` \| ", PAGE, re.MULTILINE)
ENGLISH = open_front_end("en")


def block(kind: str, at: int = 0) -> str:
    return [text for language, text in BLOCKS if language == kind][at]


@pytest.fixture(scope="module")
def reminder() -> Template:
    [(name, written)] = parse_yaml(block("yaml"), "page")["templates"].items()
    return parse_template(name, written["text"], written["slots"], ENGLISH)


def test_the_template_is_cut_as_the_page_says(reminder: Template) -> None:
    assert "\n".join(sentence.written for sentence in reminder.sentences) == block("").strip()


def test_the_list_is_read_as_the_page_says(reminder: Template) -> None:
    found = list(read_recipients(io.BytesIO(block("csv").encode()), {"reminder": reminder}))
    rejected = [
        f"{row.number} {row.recipient_id} {row.code}"
        for row in found
        if isinstance(row, RejectedRow)
    ]
    assert "\n".join(rejected) == block("", 1).strip()
    assert sum(isinstance(row, RecipientRow) for row in found) == 2


def test_every_declaration_has_its_row() -> None:
    assert sorted(kind for kind, *_ in VALUES) == sorted(declarations())


@pytest.mark.parametrize(("declaration", "raw", "written", "said"), VALUES)
def test_a_value_is_written_and_said_as_the_page_says(
    declaration: str, raw: str, written: str, said: str
) -> None:
    slot = parse_slot(declaration)
    assert slot is not None
    value = read_value(slot, raw)
    assert isinstance(value, SlotValue)
    assert value.spoken == written
    assert ENGLISH.normalise(f"Here: {written}.") == f"Here, {said}."


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_page_calls_refused_is_refused(text: str) -> None:
    slots = {"n": "name", "x": "text", "m": "number"}
    with pytest.raises(TemplateError):
        parse_template("t", text, {s: k for s, k in slots.items() if f"{{{s}}}" in text}, ENGLISH)


def test_the_page_has_refused_templates() -> None:
    assert len(REFUSED) == 3


def test_every_code_of_the_sources_is_explained() -> None:
    codes: set[str] = set()
    for path in [
        p
        for room in ("templates", "lists")
        for p in (ROOT / "voxgate/campaigns" / room).glob("*.py")
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "ValueFault",
                "LineFault",
                "RejectedRow",
            ):
                codes |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "code" and isinstance(word.value, ast.Constant)
                }
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_refused":
                assert isinstance(node.args[0], ast.Constant)
                codes.add(node.args[0].value)
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ", PAGE.partition("| code |")[2], re.MULTILINE)
    explained = {code for row in rows for code in re.findall(r"`(\w+)`", row)}
    assert explained == codes
