"""Which evidence of a rival is set against a challenger's, and what is measured for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tasks.measuring.rescore import comparable_evidence, measure_voice, recounted
from tests.fakes.evaluation_workspace import EvaluationWorkspace
from tests.fakes.evidence import make_evidence
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.release_site import ReleaseSite
from tests.fakes.voice import ToneVoice
from voxgate.errors import GateError
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.files import digest_file, read_json
from voxgate.params import EvaluateParams, load_params
from voxgate.release.records import Release
from voxgate.stage import Workspace

OLD_FRAME = {"clips": 12, "digest": "d" * 64}


class Measuring:
    """Measures in today's frame, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.cards: list[str] = []

    def __call__(self, workspace: Workspace, params: EvaluateParams, package: Path) -> Evidence:
        assert digest_file(package / "s1.safetensors") in str(read_json(package / "voice.json"))
        self.cards.append(digest_file(package / "voice.json"))
        return replace(make_evidence(), data={"clips_sha256": "today's"})


@pytest.fixture
def measure() -> Measuring:
    return Measuring()


@pytest.fixture
def compare(release_site: ReleaseSite, measure: Measuring) -> Callable[[int], Evidence]:
    def compare(version: int) -> Evidence:
        desk = release_site.desk
        path = comparable_evidence(
            desk,
            load_params(release_site.root / "params.yaml").evaluate,
            release(release_site, version),
            make_evidence(),
            measure=measure,
        )
        return read_evidence(path)

    return compare


def release(site: ReleaseSite, version: int) -> Release:
    return site.desk.ledger.read(site.desk.model).require(version)


def in_another_frame(site: ReleaseSite) -> int:
    evidence = site.root / "old" / "evidence.json"
    evidence.parent.mkdir()
    replace(make_evidence(), centroid=OLD_FRAME, data={"clips_sha256": "then"}).write(evidence)
    return site.register(1, package=True, evidence_of=evidence)


def test_in_the_same_frame_the_registered_evidence_counts(
    release_site: ReleaseSite, compare: Callable[[int], Evidence], measure: Measuring
) -> None:
    version = release_site.register(1, package=True)
    assert compare(version) == make_evidence()
    assert measure.cards == []


def test_in_another_frame_the_voice_speaks_again_once_from_its_package(
    release_site: ReleaseSite, compare: Callable[[int], Evidence], measure: Measuring
) -> None:
    version = in_another_frame(release_site)
    evidence = compare(version)
    assert evidence.frame_digest == make_evidence().frame_digest
    assert evidence.data == {"clips_sha256": "then"}  # what it was made from has not changed
    assert compare(version) == evidence
    assert measure.cards == [release(release_site, version).origin.model_digest]


def test_where_only_the_words_are_compared_otherwise_nobody_speaks(
    release_site: ReleaseSite, measure: Measuring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voxgate.wiring.evaluators.text_normaliser", lambda *_: LOWER)
    monkeypatch.setattr("voxgate.wiring.evaluators.published_normaliser", lambda *_: LOWER)
    challenger, stored = counted_pair(release_site, monkeypatch)
    version = release_site.register(1, package=True, evidence_of=stored)
    path = comparable_evidence(
        release_site.desk,
        load_params(release_site.root / "params.yaml").evaluate,
        release(release_site, version),
        challenger,
        measure=measure,
    )
    counted = read_evidence(path)
    assert counted.frame_digest == challenger.frame_digest
    assert {(row.word_errors, row.ref_words) for row in counted.rows} == {(1, 4)}
    assert measure.cards == []
    assert read_evidence(stored).rows[0].word_errors == 0  # what it was registered with stays


def test_figures_of_rules_that_this_version_does_not_have_are_not_counted(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenger, stored = counted_pair(release_site, monkeypatch)
    params = load_params(release_site.root / "params.yaml").evaluate
    workspace = release_site.desk.workspace
    assert recounted(workspace, params, read_evidence(stored), challenger) is None


def counted_pair(site: ReleaseSite, patch: pytest.MonkeyPatch) -> tuple[Evidence, Path]:
    """Return today's evidence, and stored evidence that was counted by other rules."""
    names = {row.prompt_id for row in make_evidence().rows}
    benchmark = SimpleNamespace(
        language="en",
        digest=make_evidence().benchmark["digest"],
        prompts=[
            SimpleNamespace(
                id=name, text="It costs one dollar", normalised="it costs one dollar", critical=()
            )
            for name in names
        ],
    )
    patch.setattr("tasks.measuring.rescore.load_benchmark", lambda _: benchmark)
    lower = {"name": LOWER.name, "fingerprint": LOWER.fingerprint}
    sound = make_evidence(row=lambda _p, _k: {"transcript": "It costs one"})
    rules = {
        **sound.protocol,
        "rules": {"catastrophe_wer": 0.5},
        "normaliser": lower,
        "published_normaliser": lower,
    }
    stored = site.root / "stored" / "evidence.json"
    stored.parent.mkdir()
    replace(sound, protocol={**rules, "normaliser": {"name": "then"}}).write(stored)
    return replace(sound, protocol=rules), stored


def test_a_lost_package_leaves_evidence_that_the_gate_holds_on(
    release_site: ReleaseSite,
    compare: Callable[[int], Evidence],
    measure: Measuring,
    caplog: pytest.LogCaptureFixture,
) -> None:
    version = in_another_frame(release_site)
    run = release(release_site, version).parent_run_id
    assert run is not None
    release_site.desk.connect().client.delete_tag(run, "voxgate.chosen_model")
    assert compare(version).centroid == OLD_FRAME
    assert measure.cards == []
    assert "version 1 cannot be measured again" in caplog.text


def test_a_voice_is_measured_with_the_prompts_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = EvaluationWorkspace(tmp_path / "checkout")
    voice = ToneVoice()
    site.understand(voice)
    wire(monkeypatch, site, voice)
    package = tmp_path / "rival"
    shutil.copytree(
        site.workspace.stage_dir("train") / "checkpoints" / site.checkpoints[0], package
    )
    evidence = measure_voice(site.workspace, site.params.evaluate, package)
    assert evidence.model == {"checkpoint": "rival", "digest": digest_file(package / "voice.json")}
    assert evidence.evaluated_items == evidence.expected_items == 9


def test_instruments_that_fail_their_self_test_measure_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = EvaluationWorkspace(tmp_path / "checkout")
    site.transcriber = FakeRecogniser()  # hears nothing of what the known clips say
    wire(monkeypatch, site, ToneVoice())
    package = site.workspace.stage_dir("train") / "checkpoints" / site.checkpoints[0]
    with pytest.raises(GateError, match="cannot be measured: no score counts"):
        measure_voice(site.workspace, site.params.evaluate, package)


def wire(patch: pytest.MonkeyPatch, site: EvaluationWorkspace, voice: ToneVoice) -> None:
    """Put the fakes where the composition root puts the real ones."""
    patch.setattr("voxgate.wiring.evaluators.build_recogniser", lambda *_, **__: site.transcriber)
    patch.setattr("voxgate.wiring.evaluators.build_speaker_encoder", lambda *_: site.encoder)
    patch.setattr(
        "voxgate.wiring.evaluators.build_quality_predictor", lambda _: FakeQualityPredictor()
    )
    patch.setattr("voxgate.wiring.evaluators.text_normaliser", lambda *_: LOWER)
    patch.setattr("voxgate.speaking.load_voice", lambda *_, **__: voice)


def test_an_edited_evidence_in_the_cache_is_noticed_and_measured_again(
    release_site: ReleaseSite,
    compare: Callable[[int], Evidence],
    measure: Measuring,
    caplog: pytest.LogCaptureFixture,
) -> None:
    version = in_another_frame(release_site)
    honest = compare(version)
    (cached,) = release_site.desk.workspace.cache_dir.glob("evidence/*-*/evidence.json")
    cached.write_text(cached.read_text().replace('"word_errors":0', '"word_errors":9'))
    assert compare(version) == honest
    assert len(measure.cards) == 2
    assert "is not what the ledger says was measured; measured again" in caplog.text


def test_an_edited_package_in_the_cache_is_noticed_and_fetched_again(
    release_site: ReleaseSite,
    compare: Callable[[int], Evidence],
    measure: Measuring,
    caplog: pytest.LogCaptureFixture,
) -> None:
    version = in_another_frame(release_site)
    compare(version)
    (package,) = release_site.desk.workspace.cache_dir.glob("packages/*")
    card = package / "voice.json"
    card.chmod(0o644)
    card.write_text(card.read_text().replace("internal", "evaluation"))
    compare(version)
    assert measure.cards == [release(release_site, version).origin.model_digest]
    assert "it was altered; fetched again" in caplog.text
