from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.pitch_encoder import PitchEncoder
from tests.fakes.speech import RATE_HZ, buzz
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import GRID, Span, total_samples
from voxgate.corpus.cutting.speakers.turns import Turn, split_turns
from voxgate.corpus.cutting.speakers.voice_windows import Reader, embed_windows
from voxgate.corpus.cutting.speakers.voices import find_speaker
from voxgate.params import load_params
from voxgate.params.cut import CutParams
from voxgate.types import Wave

ROOT = Path(__file__).resolve().parents[5]
HERS, HIS, THIRD = 230.0, 110.0, 160.0


@pytest.fixture(scope="module")
def cut() -> CutParams:
    return load_params(ROOT / "params.yaml").cut


def recording(
    parts: Sequence[tuple[float, float]], *, pause_s: float = 0.3
) -> tuple[Wave, list[Span]]:
    """Return (pitch, seconds) parts with pauses between them, and where each lies."""
    pieces, spans, at = [], [], 0
    for pitch_hz, seconds in parts:
        wave = buzz([pitch_hz], word_s=seconds)
        spans.append(Span(at, at + len(wave)))
        pieces += [wave, np.zeros(int(pause_s * RATE_HZ), dtype=np.float32)]
        at += len(wave) + len(pieces[-1])
    return np.concatenate(pieces), spans


def turns_of(wave: Wave, speech: Sequence[Span], cut: CutParams, cache: Path) -> list[Turn]:
    read: Reader = lambda span: wave[span.start : span.end]  # noqa: E731
    embeddings = embed_windows(
        read, speech, encoder=PitchEncoder(), cache=ContentCache(cache, "voices"), params=cut
    )
    return split_turns(read, speech, embeddings, find_speaker(embeddings, None, cut), cut)


def test_turns_of_others_are_told_apart_and_all_speech_is_covered(
    cut: CutParams, tmp_path: Path
) -> None:
    wave, speech = recording([(HERS, 6), (HIS, 2), (HERS, 5), (THIRD, 2), (HERS, 4)])

    turns = turns_of(wave, speech, cut, tmp_path)

    assert [(turn.span, turn.is_speaker) for turn in turns] == list(
        zip(speech, [True, False, True, False, True], strict=True)
    )
    assert all(turn.cosine is not None for turn in turns)
    assert min(t.cosine or 0 for t in turns if t.is_speaker) > max(
        t.cosine or 0 for t in turns if not t.is_speaker
    )


def test_one_speaker_has_no_turn_of_another(cut: CutParams, tmp_path: Path) -> None:
    wave, speech = recording([(HERS, 3)] * 4)

    assert all(turn.is_speaker for turn in turns_of(wave, speech, cut, tmp_path))


def test_change_without_a_pause_is_found_where_the_voice_changes(
    cut: CutParams, tmp_path: Path
) -> None:
    wave, spans = recording([(HERS, 5), (HIS, 3)], pause_s=0.0)
    speech = [Span(0, spans[-1].end)]

    first, second = turns_of(wave, speech, cut, tmp_path)

    assert (first.is_speaker, second.is_speaker) == (True, False)
    assert (first.span.start, second.span.end) == (0, spans[-1].end)
    assert abs(first.span.end - spans[0].end) <= 0.5 * RATE_HZ
    assert first.span.end == second.span.start


def test_change_is_moved_to_the_pause_beside_it(cut: CutParams, tmp_path: Path) -> None:
    wave, spans = recording([(HERS, 5), (HIS, 3)], pause_s=0.12)
    speech = [Span(0, spans[-1].end)]  # too short a pause for the detector of speech

    first, _ = turns_of(wave, speech, cut, tmp_path)

    assert spans[0].end <= first.span.end <= spans[1].start


def test_speech_too_short_to_tell_goes_with_what_is_beside_it(
    cut: CutParams, tmp_path: Path
) -> None:
    wave, speech = recording([(HERS, 4), (HERS, 0.3), (HERS, 3), (HIS, 3), (HIS, 0.3), (HIS, 1)])

    turns = turns_of(wave, speech, cut, tmp_path)

    assert [turn.is_speaker for turn in turns] == [True, True, True, False, False, False]
    assert turns[1].cosine is None


def test_sessionwithout_speech_has_no_turn(cut: CutParams, tmp_path: Path) -> None:
    wave, _ = recording([(HERS, 1)])
    embeddings = embed_windows(
        lambda span: wave[span.start : span.end],
        [],
        encoder=PitchEncoder(),
        cache=ContentCache(tmp_path, "voices"),
        params=cut,
    )
    voices = find_speaker(embeddings, np.eye(256)[0], cut)

    assert split_turns(lambda span: wave, [], embeddings, voices, cut) == []


@pytest.mark.slow
@pytest.mark.assets
def test_real_encoder_keeps_one_voice_of_three_and_nobody_elses(
    cut: CutParams, tmp_path: Path, asset: Callable[[str], Path]
) -> None:
    from voxgate.settings import Settings
    from voxgate.wiring.evaluators import build_speaker_encoder

    params = load_params(ROOT / "params.yaml")
    encoder = build_speaker_encoder(params.evaluate, Settings(assets_dir=asset("ge2e").parent))
    order = "bf_emma-1 am_adam-1 bf_emma-2 af_nova-1 bf_emma-3 af_nova-2"
    pieces, speech, at = [], [], 0
    for name in order.split():
        wave = soundfile.read(ROOT / "benchmark/speakers" / f"{name}.flac", dtype="float32")[0]
        wave = wave[: len(wave) // GRID * GRID]
        pieces += [wave, np.zeros(4_800, dtype=np.float32)]
        speech.append(Span(at, at + len(wave)))
        at += len(wave) + 4_800
    session = np.concatenate(pieces)
    read: Reader = lambda span: session[span.start : span.end]  # noqa: E731
    embeddings = embed_windows(
        read, speech, encoder=encoder, cache=ContentCache(tmp_path, "voices"), params=cut
    )

    voices = find_speaker(embeddings, None, cut)
    turns = split_turns(read, speech, embeddings, voices, cut)

    own = [turn.span for turn in turns if turn.is_speaker]
    hers = [span for span, name in zip(speech, order.split(), strict=True) if "emma" in name]
    kept = sum(one.overlap(other) for one in own for other in hers)
    assert kept >= 0.97 * total_samples(hers)
    assert total_samples(own) - kept <= 0.005 * total_samples(own)
