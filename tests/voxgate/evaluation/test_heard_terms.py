from __future__ import annotations

from pathlib import Path

from tests.fakes.evaluation_workspace import SPEAKER, EvaluationWorkspace
from tests.fakes.voice import ToneVoice
from tests.fakes.voice_package import CARD
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.evaluation.evidence import read_evidence
from voxgate.evaluation.heard_terms import MOST_SENTENCES, TERM_CLASS, term_prompts
from voxgate.evaluation.plan import item_seed
from voxgate.files import digest_file
from voxgate.voice.card import write_card

LEXICON = (
    "zyrtec\tZ ER1 T EH0 K\tTake zyrtec twice a day\n"
    "digium\tD IH1 JH IY0 AH0 M\n"
    "oslo\tAA1 Z L OW0\tThey left oslo by train\n"
)


def with_lexicon(folder: Path, lines: str = LEXICON) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "lexicon.en.tsv"
    path.write_text(lines)
    write_card(folder, CARD.model_copy(update={"files": {path.name: digest_file(path)}}))
    return folder


def test_terms_with_a_sentence_are_prompts_of_their_own_class(tmp_path: Path) -> None:
    asked = term_prompts(with_lexicon(tmp_path), "en")
    assert [term.written for term, _ in asked] == ["zyrtec", "oslo"]
    first = asked[0][1]
    assert (first.prompt_class, first.text) == (TERM_CLASS, "Take zyrtec twice a day")
    assert first.id.startswith("en-term-")
    assert term_prompts(tmp_path, "zh") == []


def test_a_long_lexicon_is_not_all_spoken(tmp_path: Path) -> None:
    letters = [f"{a}{b}" for a in "bcdfgh" for b in "aeiouyklmn"]
    lines = "".join(f"{word}x\tB\tSay {word}x now\n" for word in letters)
    assert len(letters) > MOST_SENTENCES
    assert len(term_prompts(with_lexicon(tmp_path, lines), "en")) == MOST_SENTENCES


def test_the_chosen_checkpoint_says_them_beside_the_fixed_prompts(tmp_path: Path) -> None:
    site, voice = EvaluationWorkspace(tmp_path), ToneVoice()
    packages = site.workspace.stage_dir("train") / "checkpoints"
    for name in site.checkpoints:
        with_lexicon(packages / name)
    for (_, prompt), heard in zip(
        term_prompts(packages / site.checkpoints[0], "en"),
        ("take zyrtec twice a day", "they left also by train"),
        strict=True,
    ):
        wave = from_pcm16(to_pcm16(voice.wave(prompt.text, item_seed(prompt.id, 0))))
        site.transcriber.hears(wave, heard)
        site.encoder.speaks(wave, SPEAKER)
    site.evaluate(voice)
    evidence = read_evidence(site.workspace.stage_dir("evaluate") / "evidence.json")
    terms = evidence.data["terms"]
    assert (terms["checked"], terms["differing"]) == (3, [])
    assert [(row["term"], row["errors"], row["units"]) for row in terms["heard"]] == [
        ("zyrtec", 0, 5),
        ("oslo", 1, 5),
    ]
    assert terms["heard"][1]["heard"] == "they left also by train"
    assert not any("term" in row.prompt_id for row in evidence.rows)


def test_evidence_of_a_voice_without_lexicons_says_nothing_of_terms(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    site.evaluate(ToneVoice())
    evidence = read_evidence(site.workspace.stage_dir("evaluate") / "evidence.json")
    assert "terms" not in evidence.data
