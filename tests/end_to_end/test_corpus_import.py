"""A minute without a list, with real speech and real instruments, whose truth is known."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from tasks.corpus.import_recordings import ImportAnswer, ImportRequest, import_recordings
from tests.fakes.real_corpus import Recording, read_corpus
from tests.fakes.recordings import CONSENT, make_tone
from voxgate.adapters.corpora.apt import ASTERISK_ENGLISH, fetch_packages, lay_out_english
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.audio.resampling import resample
from voxgate.corpus.cutting.records import Import
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status
from voxgate.corpus.manifest import read_manifest
from voxgate.executors import Executor, SerialExecutor
from voxgate.files import digest_file
from voxgate.types import HEARING_RATE_HZ, Wave
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.corpus_import import open_cutter
from voxgate.wiring.evaluators import text_normaliser

ROOT = Path(__file__).parents[2]
CLIPS, STRANGERS = 6, 2


@dataclass(frozen=True)
class Imported:
    """What was in the recording, and what the import made of it."""

    answer: ImportAnswer
    spoken: list[tuple[Span, str]]
    strangers: list[Span]
    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def stretches(self) -> Import:
        assert self.answer.rows[0].imported is not None
        return self.answer.rows[0].imported

    def samples(self, spans: list[Span], *statuses: Status) -> int:
        """Return how much of `spans` has one of the statuses."""
        chosen = [s.span for s in self.stretches.stretches if s.status in statuses]
        return sum(own.overlap(span) for own in chosen for span in spans)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, assets_dir: Path) -> Imported:
    root = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "params.yaml", root)
    (root / "base").symlink_to(ROOT / "base")
    corpus = tmp_path_factory.mktemp("corpus")
    lay_out_english(fetch_packages(ASTERISK_ENGLISH, assets_dir / "debian"), corpus)
    wave, spoken, strangers = _talk(read_corpus(corpus, limit=CLIPS + STRANGERS))
    soundfile.write(root / "talk.flac", wave, HEARING_RATE_HZ)
    return Imported(_import(root, SerialExecutor()), spoken, strangers, root)


def _import(root: Path, executor: Executor) -> ImportAnswer:
    checkout = Checkout.open(root)
    request = ImportRequest(
        named=(root / "talk.flac",), speaker_id="allison", language="en", consent=CONSENT
    )
    return import_recordings(
        request,
        checkout.workspace,
        lambda: open_cutter(checkout, "en", executor),
        min_sample_rate_hz=16_000,
    )


def _talk(clips: list[Recording]) -> tuple[Wave, list[tuple[Span, str]], list[Span]]:
    """Join sentences of the speaker, of a much deeper voice, and a tone, with gaps between them."""
    draw = np.random.default_rng(15)
    parts: list[Wave] = []
    spoken: list[tuple[Span, str]] = []
    strangers: list[Span] = []
    at = 0
    for number, clip in enumerate(clips):
        is_stranger = number % 4 == 3
        wave = resample(clip.wave, 12_000, 16_000) if is_stranger else clip.wave
        parts += [_room(draw, float(draw.uniform(0.4, 1.5))), wave]
        at += len(parts[-2])
        span = Span(at, at + len(wave))
        at = span.end
        if is_stranger:
            strangers.append(span)
        else:
            spoken.append((span, clip.text))
    parts += [_room(draw, 1.0), make_tone(1.0, hz=700.0), _room(draw, 1.0)]
    return np.concatenate(parts), spoken, strangers


def _room(draw: np.random.Generator, seconds: float) -> Wave:
    noise = 1e-4 * draw.standard_normal(round(seconds * HEARING_RATE_HZ))
    return noise.astype(np.float32)


@pytest.mark.slow
@pytest.mark.assets
def test_processes_leave_the_same_data(imported: Imported, tmp_path: Path) -> None:
    for name in ("params.yaml", "base", "talk.flac"):
        (tmp_path / name).symlink_to(imported.root / name)
    with ProcessExecutor(2) as executor:
        _import(tmp_path, executor)
    assert _digests(tmp_path / "data") == _digests(imported.data)


def _digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): digest_file(path) for path in files}


@pytest.mark.slow
@pytest.mark.assets
def test_every_second_is_accounted_for(imported: Imported) -> None:
    account = imported.answer.rows[0].account
    assert account is not None
    assert sum(entry.n_samples for entry in account.entries) == account.n_samples
    assert Status.REJECTED in {entry.status for entry in account.entries}  # the tone


@pytest.mark.slow
@pytest.mark.assets
def test_the_speaker_is_kept_and_the_stranger_is_not(imported: Imported) -> None:
    spoken = [span for span, _ in imported.spoken]
    total = sum(span.n_samples for span in spoken)
    assert imported.samples(spoken, Status.KEPT, Status.DOUBTFUL) >= 0.9 * total
    assert imported.samples(spoken, Status.KEPT) >= 0.5 * total
    assert imported.samples(imported.strangers, Status.KEPT) <= 0.2 * HEARING_RATE_HZ


@pytest.mark.slow
@pytest.mark.assets
def test_texts_that_are_kept_are_what_is_said(imported: Imported) -> None:
    spell = text_normaliser("en")
    truth = " ".join(spell(text) for _, text in imported.spoken)
    recordings = read_manifest(imported.data / "manifest.csv")
    assert recordings
    heard = " ".join(spell(recording.text) for recording in recordings)
    words = jiwer.process_words(truth, heard)
    # What was not kept is missing here; what was kept must not be something else.
    wrong = words.substitutions + words.insertions
    assert wrong <= 0.05 * len(heard.split())
