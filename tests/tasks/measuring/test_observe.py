"""A registered package speaks again: real registry, instruments that know the answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tasks.measuring.observe import Observer
from tasks.measuring.setup import build_instruments
from tasks.stages.evaluate import evaluate
from tests.fakes.evaluation_workspace import EvaluationWorkspace, params_for
from tests.fakes.evidence import ORIGIN, make_calibration
from tests.fakes.memory import memory_folder
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.release_site import ReleaseSite
from tests.fakes.voice import ToneVoice
from voxgate.errors import WeightsError
from voxgate.evaluation.evidence import read_evidence
from voxgate.evaluation.protocol import Instruments
from voxgate.files import write_json
from voxgate.release.health import Check, Health
from voxgate.release.records import Release

DAY = date(2026, 11, 22)
VOICE = ToneVoice()


@pytest.fixture(scope="module")
def evaluated() -> Iterator[EvaluationWorkspace]:
    """A finished evaluation with its calibration; the instruments know the voice of DAY too."""
    with memory_folder() as folder:
        site = EvaluationWorkspace(folder / "checkout")
        site.understand(VOICE)
        site.understand(VOICE, day=DAY)
        evaluate(
            site.workspace, site.params, transcriber=site.transcriber, encoder=site.encoder,
            normaliser=LOWER, quality=FakeQualityPredictor(), load_voice=lambda _: VOICE,
        )  # fmt: skip
        evidence = read_evidence(site.root / "build" / "evaluate" / "evidence.json")
        calibration = make_calibration(
            evidence,
            benchmark_digest=evidence.benchmark["digest"],
            prompts=3,
            wer_standard_error=0.004,
            similarity_standard_error=0.003,
            provenance={**ORIGIN, "model_name": site.params.gate.model_name},
        )
        write_json(site.workspace.benchmark_dir / "calibration.json", calibration.as_json())
        yield site


@pytest.fixture
def site(evaluated: EvaluationWorkspace, release_site: ReleaseSite) -> ReleaseSite:
    (release_site.root / "benchmark").symlink_to(evaluated.root / "benchmark")
    return release_site


Observe = Callable[..., Check]


@pytest.fixture
def observe(evaluated: EvaluationWorkspace, site: ReleaseSite) -> Observe:
    """Register the evaluated voice, and observe it."""
    evidence = evaluated.root / "build" / "evaluate" / "evidence.json"
    version = site.register(1, package=True, evidence_of=evidence)

    def run(*, voice: ToneVoice = VOICE, build: Callable[[], Instruments] | None = None) -> Check:
        params = params_for(evaluated)

        def instruments() -> Instruments:
            return build_instruments(
                params.evaluate, transcriber=evaluated.transcriber, encoder=evaluated.encoder,
                normaliser=LOWER,
                quality=FakeQualityPredictor(),
            )  # fmt: skip

        observer = Observer(
            desk=site.desk, params=params, build=build or instruments, load_voice=lambda _: voice
        )
        return observer(_release(site, version), DAY)

    return run


def _release(site: ReleaseSite, version: int = 1) -> Release:
    return site.desk.ledger.read(site.desk.model).require(version)


def _package(site: ReleaseSite) -> Path:
    store = site.desk.connect()
    version = store.client.get_model_version(site.desk.model, "1")
    model = store.client.get_logged_model(version.source.removeprefix("models:/"))
    return Path(model.artifact_location.removeprefix("file://"))


def _held(check: Check, reason: str) -> bool:
    return check.health is Health.HOLD and check.figures == {} and reason in check.reasons[0]


def test_the_voice_that_was_released_is_still_itself(site: ReleaseSite, observe: Observe) -> None:
    check = observe()
    assert (check.health, check.reasons) == (Health.OK, ())
    assert (check.samples, len(check.prompts)) == (9, 3)
    assert check.figures["today"]["wer"]["point"] == 0
    assert all(check.digests.values())
    assert check.digests["model"] == _release(site).origin.model_digest
    kept = site.root / ".voxgate" / "monitor" / "2026-11-22-v1" / "evidence.json"
    assert len(json.loads(kept.read_text())["rows"]) == 9
    store = site.desk.connect()
    listed = store.client.list_artifacts(_release(site).parent_run_id, "monitor/2026-11-22")
    assert [file.path for file in listed] == ["monitor/2026-11-22/evidence.json"]


def test_a_voice_released_under_other_word_rules_is_counted_by_todays(
    evaluated: EvaluationWorkspace, site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voxgate.wiring.evaluators.text_normaliser", lambda *_: LOWER)
    monkeypatch.setattr("voxgate.wiring.evaluators.published_normaliser", lambda *_: LOWER)
    today = read_evidence(evaluated.root / "build" / "evaluate" / "evidence.json")
    then = site.root / "then" / "evidence.json"
    then.parent.mkdir()
    replace(today, protocol={**today.protocol, "normaliser": {"name": "of then"}}).write(then)
    version = site.register(1, package=True, evidence_of=then)
    params = params_for(evaluated)
    observer = Observer(
        desk=site.desk,
        params=params,
        build=lambda: build_instruments(
            params.evaluate, transcriber=evaluated.transcriber, encoder=evaluated.encoder,
            normaliser=LOWER,
            quality=FakeQualityPredictor(),
        ),
        load_voice=lambda _: VOICE,
    )  # fmt: skip
    check = observer(_release(site, version), DAY)
    assert (check.health, check.reasons) == (Health.OK, ())


def test_the_same_day_again_gives_the_same_check_and_speaks_nothing(observe: Observe) -> None:
    first = observe()
    spoken = len(VOICE.calls)
    assert observe() == first
    assert len(VOICE.calls) == spoken


def test_a_voice_that_nobody_understands_any_more_has_failed(observe: Observe) -> None:
    mumbling = ToneVoice(letters_per_s=11.5)
    check = observe(voice=mumbling)
    assert check.health is Health.FAILED
    assert any(reason.startswith("wer_floor: corpus WER is above") for reason in check.reasons)


def test_the_instruments_are_tested_before_the_voice_is_even_loaded(
    evaluated: EvaluationWorkspace, observe: Observe
) -> None:
    deaf = build_instruments(
        params_for(evaluated).evaluate,
        transcriber=replace(evaluated.transcriber, script={}),
        encoder=evaluated.encoder,
        normaliser=LOWER,
        quality=FakeQualityPredictor(),
    )
    spoken = len(VOICE.calls)
    assert _held(
        observe(build=lambda: deaf), "EvaluatorError: no score counts: known_transcripts_wer is 1.0"
    )
    assert len(VOICE.calls) == spoken


def test_an_instrument_that_is_not_there_is_a_hold(observe: Observe) -> None:
    def absent() -> Instruments:
        raise WeightsError("whisper-base is missing")

    assert _held(observe(build=absent), "WeightsError: whisper-base is missing")


def test_a_sample_that_cannot_be_spoken_is_a_hold(observe: Observe) -> None:
    mute = ToneVoice(letters_per_s=13, refuses={"The weather is warm today"})
    assert _held(observe(voice=mute), "unmeasured_samples: 3 samples could not be measured")


def test_a_package_whose_hash_changed_is_a_hold(site: ReleaseSite, observe: Observe) -> None:
    weights = next(_package(site).rglob("s1.safetensors"))
    weights.write_bytes(b"other weights")
    assert _held(observe(), "s1.safetensors is missing or damaged")
    card = next(_package(site).rglob("voice.json"))
    card.write_text("{}")
    assert _held(observe(), "is not the package that was registered")


def test_a_package_that_is_gone_is_a_hold(site: ReleaseSite, observe: Observe) -> None:
    shutil.rmtree(_package(site))
    assert _held(observe(), "VersionLostError: the stored package of version 1")
    site.desk.connect().client.delete_model_version(site.desk.model, "1")
    assert _held(observe(), "RegistryError: MLflow at ")


def test_evidence_that_was_altered_is_a_hold(site: ReleaseSite, observe: Observe) -> None:
    folder = site.root / "other"
    folder.mkdir()
    write_json(folder / "evidence.json", {})
    run_id = _release(site).parent_run_id
    assert run_id is not None
    site.desk.connect().client.log_artifact(run_id, str(folder / "evidence.json"), "evidence")
    assert _held(observe(), "EvidenceChangedError: the stored evidence of version 1")


def test_evidence_without_a_centroid_is_a_hold(
    evaluated: EvaluationWorkspace, site: ReleaseSite, tmp_path: Path
) -> None:
    document = json.loads(
        (evaluated.root / "build" / "evaluate" / "evidence.json").read_text(encoding="utf-8")
    )
    del document["centroid"]["vector"]
    write_json(tmp_path / "evidence.json", document)
    version = site.register(2, package=True, evidence_of=tmp_path / "evidence.json")
    params = params_for(evaluated)
    observer = Observer(
        desk=site.desk,
        params=params,
        build=lambda: build_instruments(
            params.evaluate,
            transcriber=evaluated.transcriber,
            encoder=evaluated.encoder,
            normaliser=LOWER,
            quality=FakeQualityPredictor(),
        ),
        load_voice=lambda _: VOICE,
    )
    check = observer(_release(site, version), DAY)
    assert _held(check, "EvaluatorError: the evidence carries no speaker centroid")


def test_other_prompts_are_a_hold(
    evaluated: EvaluationWorkspace, site: ReleaseSite, observe: Observe
) -> None:
    (site.root / "benchmark").unlink()
    shutil.copytree(evaluated.root / "benchmark", site.root / "benchmark")
    prompts = site.root / "benchmark" / "prompts.en.jsonl"
    prompts.write_text(prompts.read_text().replace("very important", "not important"))
    assert _held(observe(), "EvidenceChangedError: version 1 was released on other prompts")


def test_a_day_asks_only_for_prompts_that_the_release_was_measured_on(
    evaluated: EvaluationWorkspace, site: ReleaseSite
) -> None:
    whole = read_evidence(evaluated.root / "build" / "evaluate" / "evidence.json")
    first = whole.rows[0].prompt_id
    rows = tuple(row for row in whole.rows if row.prompt_id == first)
    part = site.root / "part" / "evidence.json"
    part.parent.mkdir()
    replace(whole, rows=rows, expected_items=len(rows)).write(part)
    params = params_for(evaluated)
    observer = Observer(
        desk=site.desk,
        params=params,
        build=lambda: build_instruments(
            params.evaluate, transcriber=evaluated.transcriber, encoder=evaluated.encoder,
            normaliser=LOWER, quality=FakeQualityPredictor(),
        ),
        load_voice=lambda _: VOICE,
    )  # fmt: skip
    check = observer(_release(site, site.register(1, package=True, evidence_of=part)), DAY)
    assert (check.health, check.prompts) == (Health.OK, (first,))
