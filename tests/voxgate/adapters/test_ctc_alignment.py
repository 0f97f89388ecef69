"""CTC alignment: it refuses where it cannot run, and reads an aligner's path where it can."""

import math

import numpy as np
import pytest
import torch

from tests.fakes.recogniser import FakeRecogniser
from voxgate.adapters.ctc_alignment import (
    LABELS,
    CtcAligner,
    CtcRecogniser,
    load_ctc_recogniser,
    require_forced_align,
)
from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio
from voxgate.errors import EvaluatorError, WeightsError

WAVE = np.zeros(16_000, dtype=np.float32)  # 1 s: 10 frames of 0.1 s below


def has_extension():
    import_torchaudio()
    from torchaudio import _extension

    return _extension._IS_ALIGN_AVAILABLE


def emit(wave):
    return torch.full((1, 10, len(LABELS)), -1.0)


def follow(path, score=-0.5):
    """Return an aligner that always finds `path`, one character a frame."""

    def force(emission, labels):
        found = torch.tensor([[LABELS.index(c) for c in path]])
        return found, torch.full(found.shape, score)

    return force


def aligner(path="-AA--|BBCC"):
    return CtcAligner(emit, follow(path), str)


def test_without_the_extension_it_says_what_to_install():
    if has_extension():
        assert callable(require_forced_align())
        return
    with pytest.raises(EvaluatorError, match=r"compiled extension.*install torch and torchaudio"):
        require_forced_align()


def test_labels_are_those_of_the_published_network():
    bundle = import_torchaudio().pipelines.WAV2VEC2_ASR_BASE_960H
    assert "".join(bundle.get_labels(blank="-")) == LABELS


def test_without_extension_or_weights_nothing_is_loaded(tmp_path):
    with pytest.raises((EvaluatorError, WeightsError)):
        load_ctc_recogniser(FakeRecogniser(), tmp_path / "no.pth", sha256="0" * 64, spell=str)


def test_wrong_weights_are_refused_by_hash(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "voxgate.adapters.ctc_alignment.require_forced_align", lambda: follow("A" * 10)
    )
    weights = tmp_path / "weights.pth"
    with pytest.raises(WeightsError, match="is missing"):
        load_ctc_recogniser(FakeRecogniser(), weights, sha256="0" * 64, spell=str)
    weights.write_bytes(b"something else")
    with pytest.raises(WeightsError, match=r"expected sha256 0+, got "):
        load_ctc_recogniser(FakeRecogniser(), weights, sha256="0" * 64, spell=str)


def test_words_get_their_times_and_scores():
    found = aligner().align(WAVE, "a, bc!")
    assert [word.word for word in found.words] == ["a", "bc"]
    assert [(w.start_s, w.end_s) for w in found.words] == [
        (pytest.approx(0.1), pytest.approx(0.3)),
        (pytest.approx(0.6), pytest.approx(1.0)),
    ]
    assert found.mean_log_probability == pytest.approx(-0.5)
    assert found.words[0].probability == pytest.approx(math.exp(-0.5))


@pytest.mark.parametrize("text", ["", "?!", "a very long text for so few frames"])
def test_a_text_that_has_no_place_has_no_alignment(text):
    assert aligner().align(WAVE, text) is None


def test_numbers_are_spelled_first():
    spelled = []

    def spell(text):
        spelled.append(text)
        return "a bc"

    found = CtcAligner(emit, follow("-AA--|BBCC"), spell).align(WAVE, "1 2")
    assert (spelled, len(found.words)) == (["1 2"], 2)


def test_transcript_comes_from_the_other_recogniser_and_both_are_named():
    inner = FakeRecogniser()
    inner.hears(WAVE, "a bc")
    recogniser = CtcRecogniser(inner, aligner(), "a" * 64)
    with_text, without = recogniser.recognise([WAVE, WAVE], ["a bc", None])
    assert with_text.transcript.text == recogniser.transcribe([WAVE])[0].text == "a bc"
    assert len(with_text.alignment.words) == 2
    assert without.alignment is None
    assert recogniser.identity.options["transcriber"]["name"] == inner.name
    with pytest.raises(EvaluatorError, match="1 waves but 2 texts"):
        recogniser.recognise([WAVE], ["a", "b"])
