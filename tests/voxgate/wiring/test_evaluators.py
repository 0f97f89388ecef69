from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks.measuring.checkout_caches import _INSTRUMENT_CODE
from voxgate.code_digest import import_closure
from voxgate.errors import EvaluatorError, TextError
from voxgate.files import digest_file
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.text.comparisons import comparison_rules
from voxgate.wiring import evaluators
from voxgate.wiring.evaluators import (
    build_quality_predictor,
    build_recogniser,
    build_speaker_encoder,
    published_normaliser,
    text_normaliser,
)

PARAMS = load_params(Path(__file__).parents[3] / "params.yaml")


@pytest.mark.assets
def test_what_is_built_is_what_params_yaml_names_and_its_code_names_what_is_cached(
    assets_dir: Path,
) -> None:
    settings = Settings(assets_dir=assets_dir)
    recogniser = build_recogniser(PARAMS.evaluate, settings)
    encoder = build_speaker_encoder(PARAMS.evaluate, settings)

    evaluators = PARAMS.evaluate.evaluators
    pinned = {evaluators[role].sha256 for role in ("whisper-base", "ge2e")}
    assert {recogniser.identity.weights_sha256, encoder.identity.weights_sha256} == pinned
    quality = build_quality_predictor(PARAMS.evaluate)
    built = {type(each).__module__ for each in (recogniser, encoder, quality)}
    assert built <= import_closure(_INSTRUMENT_CODE)


@pytest.mark.assets
def test_other_windows_are_another_instrument(assets_dir: Path) -> None:
    settings = Settings(assets_dir=assets_dir)
    usual = build_recogniser(PARAMS.evaluate, settings)
    short = build_recogniser(
        PARAMS.evaluate, settings, name="whisper-base", windows_s=(10, 30), window_margin_s=1.0
    )

    assert usual.identity.weights_sha256 == short.identity.weights_sha256
    assert usual.identity != short.identity
    assert usual.identity.options["window"] == {"windows_s": [10, 15, 20, 30], "margin_s": 5.0}


@pytest.mark.assets
def test_the_device_of_the_settings_is_honoured(
    assets_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    settings = Settings(assets_dir=assets_dir, device="cuda")
    for build in (build_recogniser, build_speaker_encoder):
        with pytest.raises(EvaluatorError, match="VOXGATE_DEVICE is cuda"):
            build(PARAMS.evaluate, settings)


@pytest.mark.assets
def test_the_judges_precision_is_that_of_params_yaml_and_a_check_may_have_its_own(
    assets_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cpu.get_capabilities", dict)
    settings = Settings(assets_dir=assets_dir)
    short = PARAMS.evaluate.model_copy(update={"precision": "bfloat16"})
    with pytest.raises(EvaluatorError, match=r"evaluate\.precision is bfloat16"):
        build_recogniser(short, settings)
    checking = build_recogniser(short, settings, precision="float32")
    assert checking.identity.options["precision"] == "float32"


def test_words_are_judged_as_they_are_spoken_and_published_figures_as_whisper_counts_them() -> None:
    text = "Mr. Smith's colour (it costs $1), TWENTY-one!"
    assert text_normaliser()(text) == "mister smith is color it costs one dollar two one"
    assert published_normaliser()(text) == "mister smith is color 21"


def test_each_normaliser_is_named_with_its_rules() -> None:
    judged, published = text_normaliser(), published_normaliser()
    assert (judged.name, published.name) == ("spoken-form-en", "EnglishTextNormalizer")
    assert len({judged.fingerprint, published.fingerprint}) == 2


def test_a_language_without_a_front_end_cannot_be_judged() -> None:
    with pytest.raises(TextError, match="'xx' has no text front end"):
        text_normaliser("xx")


@pytest.mark.parametrize(
    "module", ["normalisation", "numbers", "number_words", "cardinals", "comparison"]
)
def test_a_changed_line_of_the_rules_is_another_normaliser(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = text_normaliser().fingerprint
    monkeypatch.setattr(
        "voxgate.wiring.evaluators.digest_file",
        lambda path: "changed" if path.name == f"{module}.py" else digest_file(path),
    )
    text_normaliser.cache_clear()
    try:
        assert text_normaliser().fingerprint != before
    finally:
        text_normaliser.cache_clear()


def test_published_figures_of_other_languages_keep_their_diacritics() -> None:
    japanese = published_normaliser("ja")
    assert japanese("がんばって、ＡＢ！").split() == "が ん ば っ て a b".split()
    assert japanese.name == "BasicTextNormalizer, by characters"
    assert published_normaliser("ko")("오늘은 날씨가, 좋다") == "오늘은 날씨가 좋다"


def test_what_a_word_normaliser_does_not_give_is_made_of_its_words() -> None:
    judged = text_normaliser()
    assert judged.unit == "word"
    assert judged.characters("It's $1") == judged("It's $1")
    assert judged.toneless("It's $1") is None
    assert judged.languages("It's $1") == frozenset()


def test_each_text_is_read_once_to_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = comparison_rules("en")
    texts = [f"Room {number} is free on the 3rd." for number in range(200)]
    compared = [*map(text_normaliser("en"), [*texts, "Room 5 你好 5"])]
    read: list[str] = []

    def spoken(text: str) -> str:
        read.append(text)
        return rules.spoken(text)

    monkeypatch.setattr(evaluators, "comparison_rules", lambda _: replace(rules, spoken=spoken))
    normalise = text_normaliser.__wrapped__("en")
    assert [*map(normalise, texts)] == compared[:-1]
    assert read == texts
    assert normalise("Room 5 你好 5") == compared[-1]
