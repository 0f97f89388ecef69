"""The model card says the same as the page, in Markdown, and fits into the registry."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes.reported import HOSTILE, make_bundle, make_surroundings
from voxgate.gate.verdict import judge
from voxgate.reporting.document import Surroundings
from voxgate.reporting.model_card import MAX_DESCRIPTION, describe_version, render_card


def test_it_has_use_data_figures_evaluators_limits_and_licences() -> None:
    bundle = make_bundle()
    card = render_card(bundle, make_surroundings(bundle))
    headings = [line[3:] for line in card.splitlines() if line.startswith("## ")]
    assert headings == [
        "Verdict", "Intended use", "Training data", "Evaluation", "Limits", "Licences",
        "Provenance", "Not in this card",
    ]  # fmt: skip
    assert f"# voice-en version 4: {judge(bundle.case).decision}" in card
    assert "consent scope **evaluation**: measuring and comparing voices" in card
    assert "- clips accepted: 412" in card
    assert "- transcriber: base (ffffffffffff)" in card
    assert "- recordings of speaker-1: CC BY 4.0; attribution: the recording studio" in card
    assert card == render_card(bundle, make_surroundings(bundle))


def test_a_bundle_alone_says_that_the_licences_were_not_at_hand() -> None:
    card = render_card(make_bundle(), Surroundings())
    assert card.startswith("# Voice step-000600: ")
    assert "The consent records of the data version were not at hand" in card


def test_what_others_wrote_is_no_markup() -> None:
    bundle = make_bundle()
    around = make_surroundings(bundle)
    speaker = replace(around.training.speakers[0], attribution=HOSTILE)
    around = replace(around, training=replace(around.training, speakers=(speaker,)))
    card = render_card(bundle, around)
    assert "<script" not in card
    assert "&lt;script&gt;" in card


def test_a_description_is_bounded_and_says_where_the_rest_is() -> None:
    short = "# voice\n"
    assert describe_version(short) == short
    long = describe_version("a line of a card\n" * 1000)
    assert len(long) <= MAX_DESCRIPTION
    assert long.endswith("The rest is in the artifact report/model_card.md of the run.\n")
