"""Each recording is imported whole or refused whole, and keeps no other out."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import soundfile

from tasks.corpus import import_recordings as module
from tasks.corpus.import_recordings import ImportRequest, import_recordings
from tests.fakes.imports import an_import, kept, silence
from tests.fakes.recordings import CONSENT, make_tone, write_audio
from tests.fakes.spools import spool_here
from voxgate.corpus.cutting.records import clip_path
from voxgate.corpus.cutting.sound.cleaning import CleaningResult
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import ConsentError, CorpusError, EvaluatorError, StorageError
from voxgate.stage import Workspace

RATE_HZ = 44_100


@dataclass
class FakeCutter:
    """Keeps the first second of each recording, and is silent about the rest."""

    version: str = "1"
    fails_on: dict[str, Exception] = field(default_factory=dict)
    asked: list = field(default_factory=list)
    cleans: bool = False
    transcript_suffixes: frozenset = frozenset({".txt"})

    def settings(self, order):
        return f"{self.version}-{order.transcript and order.transcript.name}"

    def cut(self, spool, order):
        self.asked.append(order)
        if order.name in self.fails_on:
            raise self.fails_on[order.name]
        made = an_import(
            kept(0, 1),
            silence(1, spool.n_samples / 16_000),
            speaker_id=order.speaker_id,
            source_id=order.source_id,
        )
        changes = {
            "name": order.name,
            "sha256": order.sha256,
            "settings": self.settings(order),
            "notes": tuple(filter(None, [spool.facts.cut_short])),
        }
        return replace(made, source=replace(made.source, **changes))

    def clean(self, spool, imported):
        for clip, stretch in imported.clips.items() if self.cleans else ():
            wave = np.zeros(len(spool.read_native(stretch.span)), np.float32)
            yield CleaningResult(name=clip, wave=wave, kept=True, steps=())


@pytest.fixture(autouse=True)
def _spool_here(monkeypatch):
    monkeypatch.setattr(module, "spool_recording", spool_here)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "checkout")


@pytest.fixture
def podcast(tmp_path):
    folder = tmp_path / "podcast"
    for name, hz in (("a.wav", 300.0), ("b.flac", 400.0)):
        write_audio(folder / name, make_tone(hz=hz, rate=RATE_HZ, seconds=3.0), RATE_HZ)
    return folder


def run(workspace, *named, cutter=None, **changes):
    request = ImportRequest(
        named=named, **{"speaker_id": "anna", "language": "en", "consent": CONSENT} | changes
    )
    cutter = cutter or FakeCutter()
    return import_recordings(request, workspace, lambda: cutter, min_sample_rate_hz=16_000)


def outcomes(answer):
    return [(row.path.name, row.outcome, row.code) for row in answer.rows]


def test_each_recording_of_a_folder_becomes_a_source(workspace, podcast):
    answer = run(workspace, podcast)
    assert outcomes(answer) == [("a.wav", "imported", None), ("b.flac", "imported", None)]
    assert [row.account.seconds for row in answer.rows] == [3.0, 3.0]
    assert len(read_manifest(workspace.manifest)) == 2
    for row in answer.rows:
        (clip,) = row.imported.clips
        facts = soundfile.info(workspace.data_dir / clip_path(clip))
        assert (facts.samplerate, facts.frames) == (RATE_HZ, RATE_HZ)


def test_what_is_cut_is_the_sound_of_that_second(workspace, podcast):
    answer = run(workspace, podcast / "b.flac")
    (clip,) = answer.rows[0].imported.clips
    found, _ = soundfile.read(workspace.data_dir / clip_path(clip), dtype="int16")
    original, _ = soundfile.read(podcast / "b.flac", dtype="int16")
    assert np.abs(found.astype(int) - original[:RATE_HZ]).max() <= 1


def test_nothing_is_left_in_the_work_folder(workspace, podcast):
    run(workspace, podcast)
    assert list(workspace.work_dir.iterdir()) == []


def test_the_same_again_is_not_even_decoded(workspace, podcast, monkeypatch):
    run(workspace, podcast)
    monkeypatch.setattr(module, "spool_recording", None)
    answer = run(workspace, podcast, consent=None)
    assert {row.outcome for row in answer.rows} == {"unchanged"}
    assert [row.account.seconds for row in answer.rows] == [3.0, 3.0]


def test_other_settings_cut_again(workspace, podcast):
    run(workspace, podcast)
    answer = run(workspace, podcast, cutter=FakeCutter(version="2"))
    assert {row.outcome for row in answer.rows} == {"imported"}
    assert len(read_manifest(workspace.manifest)) == 2


def test_a_copy_under_another_name_is_not_imported_twice(workspace, podcast):
    (podcast / "copy.wav").write_bytes((podcast / "a.wav").read_bytes())
    answer = run(workspace, podcast)
    assert outcomes(answer)[2] == ("copy.wav", "unchanged", None)
    assert answer.rows[2].notes == ("it is the same recording as a.wav",)
    assert len(read_manifest(workspace.manifest)) == 2


def test_a_bad_file_is_a_row_and_keeps_no_other_out(workspace, podcast):
    (podcast / "0.mp3").write_bytes(b"this is no sound at all" * 100)
    write_audio(podcast / "8k.wav", make_tone(rate=8_000), 8_000)
    answer = run(workspace, podcast)
    assert outcomes(answer) == [
        ("0.mp3", "refused", "wrong_format"),
        ("8k.wav", "refused", "sample_rate_too_low"),
        ("a.wav", "imported", None),
        ("b.flac", "imported", None),
    ]
    assert answer.refused == 2
    assert "16000 Hz" in answer.rows[1].fault


def test_a_transcript_of_another_file_refuses_that_recording_alone(workspace, podcast):
    cutter = FakeCutter(fails_on={"a.wav": CorpusError("a.txt: 3 % of its words were heard")})
    answer = run(workspace, podcast, cutter=cutter)
    assert outcomes(answer) == [("a.wav", "refused", "transcript"), ("b.flac", "imported", None)]
    assert list(workspace.work_dir.iterdir()) == []


@pytest.mark.parametrize("fault", [EvaluatorError("out of order"), StorageError("disk full")])
def test_what_ends_a_run_keeps_what_is_done_and_the_next_goes_on(workspace, podcast, fault):
    cutter = FakeCutter(fails_on={"b.flac": fault})
    with pytest.raises(type(fault)):
        run(workspace, podcast, cutter=cutter)
    assert len(read_manifest(workspace.manifest)) == 1
    assert len(list(workspace.work_dir.iterdir())) == 1
    assert outcomes(run(workspace, podcast)) == [
        ("a.wav", "unchanged", None),
        ("b.flac", "imported", None),
    ]


def test_a_recording_that_ends_in_mid_frame_is_imported_as_far_as_it_goes(workspace, podcast):
    whole = (podcast / "a.wav").read_bytes()
    (podcast / "a.wav").write_bytes(whole[: len(whole) // 2 + 1])
    answer = run(workspace, podcast / "a.wav")
    assert answer.rows[0].outcome == "imported"
    assert answer.rows[0].account.seconds == pytest.approx(1.5, abs=0.01)
    assert "can be heard" in answer.rows[0].notes[0]


def test_nobody_is_imported_without_consent_and_nothing_is_loaded_first(workspace, podcast):
    def never():
        raise AssertionError

    request = ImportRequest(named=(podcast,), speaker_id="anna", language="en")
    with pytest.raises(ConsentError, match="no consent record"):
        import_recordings(request, workspace, never, min_sample_rate_hz=16_000)


def test_an_impossible_speaker_is_refused(workspace, podcast):
    with pytest.raises(CorpusError, match="expected 1 to 64 letters"):
        run(workspace, podcast, speaker_id="anna/../ben")


def test_transcripts_go_to_recordings_of_their_name(workspace, podcast):
    (podcast / "a.txt").write_text("hello")
    cutter = FakeCutter()
    answer = run(workspace, podcast, transcripts=podcast, cutter=cutter)
    assert [order.transcript and order.transcript.name for order in cutter.asked] == ["a.txt", None]
    assert answer.rows[1].notes == ("no transcript has its name; its words were recognised",)
    assert [path.name for path in answer.ignored] == ["a.txt"]


def test_the_speaker_may_be_shown_by_a_recording(workspace, podcast):
    cutter = FakeCutter()
    run(workspace, podcast / "a.wav", reference=podcast / "b.flac", cutter=cutter)
    assert len(cutter.asked[0].reference) == 48_000


@pytest.mark.parametrize(
    ("content", "said"), [(None, "expected a recording, found none"), (b"x" * 999, "wrong_format")]
)
def test_a_reference_that_cannot_be_heard_is_refused(workspace, podcast, content, said):
    if content is not None:
        (podcast / "ref.wav").write_bytes(content)
    with pytest.raises(CorpusError, match=said):
        run(workspace, podcast / "a.wav", reference=podcast / "ref.wav")


def test_a_language_without_a_front_end_is_imported_and_that_is_said(workspace, podcast):
    answer = run(workspace, podcast, language="Spanish")
    assert "language 'es' has no text front end" in answer.notes[0]
    assert run(workspace, podcast, speaker_id="anna", language="en", consent=None).notes == ()


def test_a_cleaned_clip_is_data_and_its_original_stays_beside_it(workspace, podcast):
    answer = run(workspace, podcast / "b.flac", cutter=FakeCutter(cleans=True))
    (clip,) = answer.rows[0].imported.clips
    cleaned, rate_hz = soundfile.read(workspace.data_dir / clip_path(clip), dtype="int16")
    assert (rate_hz, len(cleaned), np.abs(cleaned).max()) == (RATE_HZ, RATE_HZ, 0)
    (original,) = (workspace.data_dir / "imports").rglob("originals/*.flac")
    kept, _ = soundfile.read(original, dtype="int16")
    source, _ = soundfile.read(podcast / "b.flac", dtype="int16")
    assert np.abs(kept.astype(int) - source[:RATE_HZ]).max() <= 1
    assert list(workspace.work_dir.iterdir()) == []
