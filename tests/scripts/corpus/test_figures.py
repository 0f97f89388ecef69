from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.corpus import figures
from scripts.corpus.cuts import Cut, write_segments
from scripts.corpus.figures import import_command, measure
from scripts.corpus.truth import Event, Kind, write_events
from scripts.corpus.watching import Took
from tests.fakes.imported_hour import SOURCE
from voxgate.corpus.consent import load_consent
from voxgate.corpus.cutting.records import Import, import_folder, write_import
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status, Stretch, Utterance
from voxgate.files import read_json, write_json

ROOT = Path(__file__).resolve().parents[3]
SPEECH = Span(16_000, 32_000)
TOOK = Took(wall_s=1.5, cpu_s=2.0, peak_mb=100.0, machine="idle")


@pytest.fixture
def hour(tmp_path: Path) -> Path:
    folder = tmp_path / "hours" / "en"
    folder.mkdir(parents=True)
    event = Event(kind=Kind.SPEECH, span=SPEECH, speech=(SPEECH,), speaker="anna", text="Press 1.")
    write_events(folder / "truth.jsonl", [event])
    facts = {"speaker": "anna", "language": "en", "n_samples": 48_000, "minutes": {"all": 0.05}}
    write_json(folder / "facts.json", facts)
    return folder


class Machine:
    """Makes what the commands would make, and fails one of them the first time if told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fails: str = "") -> None:
        self.ran: list[str] = []
        self.fails = fails
        monkeypatch.setattr(figures, "watch_command", self.watch)
        monkeypatch.setattr(figures, "_clone", self.clone)

    def clone(self, root: Path, site: Path) -> None:
        self.ran.append("clone")
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir()
        shutil.copy(root / "params.yaml", site)

    def watch(self, command: Sequence[str], log: Path) -> Took:
        step = "import" if "import" in command else "plain"
        self.ran.append(step)
        if step == self.fails:
            self.fails = ""
            raise SystemExit(f"{step} failed")
        if step == "import":
            said = Utterance(span=SPEECH, text="press one", language="en")
            stretches = (
                Stretch(span=Span(0, 16_000), status=Status.SILENCE),
                Stretch(span=SPEECH, status=Status.KEPT, utterance=said),
                Stretch(span=Span(32_000, 48_000), status=Status.SILENCE),
            )
            folder = log.parent / "site" / "data" / import_folder(SOURCE)
            write_import(folder, Import(source=SOURCE, stretches=stretches))
        else:
            cuts = [Cut(span=SPEECH, status=Status.KEPT, text="press two")]
            write_segments(log.parent / "segments.json", cuts)
        return TOOK


def test_both_ways_are_gone_on_the_same_recording_once(
    monkeypatch: pytest.MonkeyPatch, hour: Path, tmp_path: Path
) -> None:
    machine = Machine(monkeypatch)
    first = measure("en", hour, tmp_path / "work", root=ROOT)
    assert first.ours is not None
    assert first.plain is not None
    assert (first.ours.score.wer_kept.rate, first.plain.score.wer_kept.rate) == (0, 0.5)
    assert (first.ours.took, first.plain.took) == (TOOK, TOOK)
    assert measure("en", hour, tmp_path / "work", root=ROOT) == first
    assert machine.ran == ["clone", "import", "plain"]


def test_an_import_that_did_not_end_is_done_anew_in_a_fresh_clone(
    monkeypatch: pytest.MonkeyPatch, hour: Path, tmp_path: Path
) -> None:
    machine = Machine(monkeypatch, fails="import")
    with pytest.raises(SystemExit):
        measure("en", hour, tmp_path / "work", root=ROOT)
    measure("en", hour, tmp_path / "work", root=ROOT)
    assert machine.ran == ["clone", "import", "clone", "import", "plain"]


@pytest.mark.parametrize(("language", "alone"), [("en", False), ("fr", True)])
def test_the_command_is_one_that_an_owner_would_give(
    hour: Path, tmp_path: Path, language: str, alone: bool
) -> None:
    command = import_command(hour, tmp_path / "site", tmp_path, language=language)
    assert command[1:4] == ["corpus", "import", str(hour / "recording.flac")]
    assert ("--one-aligner" in command) == alone
    consent = load_consent(Path(command[command.index("--consent") + 1]))
    assert consent.licence == "CC-BY-SA-3.0"


def test_all_cases_are_written_as_json_and_as_a_table(
    monkeypatch: pytest.MonkeyPatch, hour: Path, tmp_path: Path
) -> None:
    Machine(monkeypatch)
    given = ["figures", str(tmp_path), "--cases", "en", "--root", str(ROOT)]
    monkeypatch.setattr("sys.argv", given)
    assert figures.main() == 0
    written = read_json(tmp_path / "figures.json")["cases"]["en"]
    assert written["import"]["score"]["wer_kept"]["rate"] == 0
    assert written["plain"]["took"]["wall_s"] == 1.5
    assert (
        "| WER of kept texts, % | 2 | 0 | met | ≤ 2 | 50 |" in (tmp_path / "figures.md").read_text()
    )
