from __future__ import annotations

import shutil
from pathlib import Path

import jiwer
import numpy as np
import pytest
import torch

from tests.fakes.spoken_prompts import SpokenPrompt, spoken_prompts
from tests.fakes.tiny_whisper import tiny_whisper
from voxgate.adapters.assets.catalogue import find_asset
from voxgate.adapters.whisper.decoding import LanguageGuess
from voxgate.adapters.whisper.encoding import FULL_WINDOW, WindowPolicy
from voxgate.adapters.whisper.model import LoadedWhisper
from voxgate.adapters.whisper.recogniser import WhisperRecogniser, load_recogniser
from voxgate.errors import EvaluatorError, WeightsError
from voxgate.params.evaluate import EvaluatorSource
from voxgate.types import EvaluatorIdentity


def source(name: str) -> EvaluatorSource:
    return EvaluatorSource(kind="whisper", source=name, sha256=find_asset(name).sha256)


def load(assets_dir: Path, name: str, **options: object) -> WhisperRecogniser:
    chosen: dict[str, object] = {"threads": 2, "batch_size": 4, **options}
    return load_recogniser(source(name), assets_dir=assets_dir, **chosen)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def tiny(assets_dir: Path) -> WhisperRecogniser:
    """Return tiny.en over the full window, four clips at a time."""
    return load(assets_dir, "whisper-tiny.en", windows=FULL_WINDOW)


@pytest.fixture(scope="module")
def prompts() -> list[SpokenPrompt]:
    """Return four spoken sentences of different lengths."""
    return spoken_prompts(speakers=4, each=1)


def normalised(text: str) -> str:
    from whisper.normalizers import EnglishTextNormalizer

    return str(EnglishTextNormalizer()(text))


@pytest.mark.slow
@pytest.mark.assets
def test_transcripts_equal_those_of_openai_whisper(
    tiny: WhisperRecogniser, assets_dir: Path, prompts: list[SpokenPrompt]
) -> None:
    import whisper

    from voxgate.adapters.whisper.model import load_whisper

    network = load_whisper(assets_dir / "whisper-tiny.en").network
    options = whisper.DecodingOptions(language="en", without_timestamps=True, fp16=False)
    for prompt, found in zip(prompts, tiny.transcribe([p.wave for p in prompts]), strict=True):
        mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(prompt.wave))
        expected = whisper.decode(network, mel, options)
        assert found.text == expected.text
        assert found.mean_log_probability == pytest.approx(expected.avg_logprob, abs=1e-4)
        assert found.no_speech_probability == pytest.approx(expected.no_speech_prob, abs=1e-4)


@pytest.mark.slow
@pytest.mark.assets
def test_text_does_not_depend_on_the_batch(
    tiny: WhisperRecogniser, prompts: list[SpokenPrompt]
) -> None:
    waves = [prompt.wave for prompt in prompts]

    together = [found.text for found in tiny.transcribe(waves)]
    alone = [tiny.transcribe([wave])[0].text for wave in reversed(waves)]

    assert together == alone[::-1]


@pytest.mark.assets
def test_real_speech_is_understood(tiny: WhisperRecogniser, prompts: list[SpokenPrompt]) -> None:
    heard = tiny.transcribe([prompt.wave for prompt in prompts])

    expected = [normalised(prompt.text) for prompt in prompts]
    assert jiwer.wer(expected, [normalised(t.text) for t in heard]) < 0.1
    assert not any(t.capped for t in heard)


@pytest.mark.assets
def test_alignment_tells_the_right_text_from_a_wrong_one(
    tiny: WhisperRecogniser, prompts: list[SpokenPrompt]
) -> None:
    prompt, other = prompts[0], prompts[1]
    right, wrong = tiny.recognise([prompt.wave, prompt.wave], [prompt.text, other.text])

    assert right.alignment is not None
    assert wrong.alignment is not None
    assert right.alignment.mean_log_probability > -1.0
    assert wrong.alignment.mean_log_probability < -2.0
    assert [w.word for w in right.alignment.words] == prompt.text.split()


@pytest.mark.assets
def test_word_times_find_a_shifted_sentence(
    tiny: WhisperRecogniser, prompts: list[SpokenPrompt]
) -> None:
    prompt = prompts[0]
    shifted = np.concatenate([np.zeros(2 * 16_000, dtype=np.float32), prompt.wave])
    plain, late = tiny.recognise([prompt.wave, shifted], [prompt.text, prompt.text])

    assert plain.alignment is not None
    assert late.alignment is not None
    moved = [
        b.end_s - a.end_s for a, b in zip(plain.alignment.words, late.alignment.words, strict=True)
    ]
    assert np.median(moved) == pytest.approx(2.0, abs=0.15)


@pytest.mark.assets
def test_text_longer_than_the_decoder_has_no_alignment(
    tiny: WhisperRecogniser, prompts: list[SpokenPrompt]
) -> None:
    (found,) = tiny.recognise([prompts[0].wave], ["word " * 500])

    assert found.alignment is None


@pytest.mark.assets
@pytest.mark.slow
def test_multilingual_network_reports_the_language(
    assets_dir: Path, prompts: list[SpokenPrompt]
) -> None:
    base = load(assets_dir, "whisper-base")
    (found,) = base.transcribe([prompts[0].wave])

    assert found.language == "en"
    assert found.language_probability > 0.8


@pytest.mark.assets
def test_window_policy_is_part_of_the_identity(tiny: WhisperRecogniser, assets_dir: Path) -> None:
    short = WindowPolicy(windows_s=(10, 30), margin_s=1.0)
    other = load(assets_dir, "whisper-tiny.en", windows=short)

    assert other.identity != tiny.identity
    assert other.identity.weights_sha256 == tiny.identity.weights_sha256


@pytest.mark.assets
def test_flipped_byte_in_the_weights_is_refused(assets_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(assets_dir / "whisper-tiny.en", tmp_path / "whisper-tiny.en")
    path = tmp_path / "whisper-tiny.en" / "model.safetensors"
    with path.open("r+b") as stream:
        stream.seek(40_000_000)
        byte = stream.read(1)
        stream.seek(40_000_000)
        stream.write(bytes([byte[0] ^ 1]))

    with pytest.raises(WeightsError, match=r"expected sha256 c929c61e\w+, got \w+"):
        load(tmp_path, "whisper-tiny.en")


@pytest.mark.assets
def test_loading_leaves_the_random_generator_alone(assets_dir: Path) -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    load(assets_dir, "whisper-tiny.en")

    assert torch.equal(torch.rand(2), expected)


def test_speaker_weights_are_no_recogniser(tmp_path: Path) -> None:
    wrong = EvaluatorSource(kind="speechbrain", source="ge2e", sha256="0" * 64)

    with pytest.raises(EvaluatorError, match="expected kind whisper, got speechbrain"):
        load_recogniser(wrong, assets_dir=tmp_path, threads=1, batch_size=1)


@pytest.mark.parametrize(
    ("duration_s", "window_s"), [(0.5, 10), (8.9, 10), (9.1, 15), (19.5, 30), (30.0, 30)]
)
def test_window_leaves_its_margin(duration_s: float, window_s: int) -> None:
    policy = WindowPolicy(windows_s=(10, 15, 20, 30), margin_s=1.0)

    assert policy.window_s(int(16_000 * duration_s)) == window_s


def test_a_batch_is_split_only_where_a_longer_window_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The 72 prompts x 3 of a verdict: lengths as a voice speaks them, 1.5 to 14 s."""
    seen: list[tuple[float, int]] = []

    def encode(network: object, waves: list[np.ndarray], window_s: float) -> torch.Tensor:
        seen.append((window_s, len(waves)))
        assert all(len(wave) / 16_000 + 5.0 <= window_s for wave in waves)
        return torch.zeros(len(waves), 4, 16)

    monkeypatch.setattr("voxgate.adapters.whisper.recogniser.encode_windows", encode)
    recogniser = WhisperRecogniser(
        LoadedWhisper(tiny_whisper(), ((1, 0),)),
        EvaluatorIdentity(name="untrained", weights_sha256="0" * 64),
        batch_size=8,
        language="en",
        windows=WindowPolicy(windows_s=(15, 20, 30), margin_s=5.0),
    )
    seconds = np.random.default_rng(0).uniform(1.5, 14.0, 216)
    waves = [np.full(int(16_000 * s), 0.1, dtype=np.float32) for s in np.sort(seconds)]

    for at in range(0, len(waves), 8):  # as `measure_missing` hands them over
        recogniser.transcribe(waves[at : at + 8], max_tokens=[1] * 8)

    assert {window for window, _ in seen} == {15, 20}
    assert sum(count for _, count in seen) == 216
    assert len(seen) == 27 + 1


@pytest.mark.slow
@pytest.mark.assets
def test_bfloat16_is_another_instrument_that_hears_the_same(
    tiny: WhisperRecogniser, assets_dir: Path, prompts: list[SpokenPrompt]
) -> None:
    try:
        short = load(assets_dir, "whisper-tiny.en", precision="bfloat16")
    except EvaluatorError as error:
        pytest.skip(str(error))

    assert short.identity.options == {**tiny.identity.options, "precision": "bfloat16"}
    waves = [prompt.wave for prompt in prompts]
    for found, expected in zip(short.transcribe(waves), tiny.transcribe(waves), strict=True):
        assert normalised(found.text) == normalised(expected.text)
        assert found.mean_log_probability != expected.mean_log_probability
        assert found.mean_log_probability == pytest.approx(expected.mean_log_probability, abs=0.05)


@pytest.mark.assets
def test_device_and_precision_are_named_and_threads_are_not(tiny: WhisperRecogniser) -> None:
    assert tiny.identity.options["device"] == "cpu"
    assert tiny.identity.options["precision"] == "float32"
    assert "threads" not in tiny.identity.options


@pytest.mark.assets
def test_a_device_that_is_not_there_is_refused(
    assets_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(EvaluatorError, match="torch finds no GPU"):
        load(assets_dir, "whisper-tiny.en", device="cuda")


def by_language(language: str) -> WhisperRecogniser:
    return WhisperRecogniser(
        LoadedWhisper(tiny_whisper(), ((1, 0),)),
        EvaluatorIdentity(name="untrained", weights_sha256="0" * 64),
        batch_size=2,
        language=language,
        windows=FULL_WINDOW,
    )


@pytest.mark.parametrize(
    ("asked", "guessed", "reported"),
    [("yue", "zh", "yue"), ("yue", "ja", "ja"), ("zh", "zh", "zh"), ("ja", "zh", "zh")],
)
def test_a_network_without_cantonese_calls_it_chinese(
    asked: str, guessed: str, reported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "voxgate.adapters.whisper.recogniser.guess_languages",
        lambda _network, _tokenizer, logits: [LanguageGuess(guessed, 0.9, 0.1)] * len(logits),
    )
    wave = np.full(16_000, 0.1, dtype=np.float32)
    (heard,) = by_language(asked).transcribe([wave], max_tokens=[1])
    assert heard.language == reported


def test_each_language_has_a_tokenizer_of_its_own() -> None:
    whisper = LoadedWhisper(tiny_whisper(), ((1, 0),))
    languages = {code: whisper.tokenizer(code).language for code in ("en", "zh", "yue", "ja", "ko")}
    assert languages == {"en": "en", "zh": "zh", "yue": "zh", "ja": "ja", "ko": "ko"}


@pytest.mark.assets
def test_an_english_network_is_not_asked_for_another_language(assets_dir: Path) -> None:
    with pytest.raises(EvaluatorError, match=r"whisper-tiny\.en hears English alone, not 'zh'"):
        load(assets_dir, "whisper-tiny.en", language="zh")
