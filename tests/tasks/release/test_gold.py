"""The unadapted base enters the ledger as gold, with the evidence that ships or with new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
import yaml

from tasks.measuring.shipped import pin
from tasks.release.gold import register_gold
from tests.fakes.evidence import make_evidence
from tests.fakes.memory import memory_folder
from tests.fakes.normaliser import LOWER
from tests.fakes.tiny_preset import TINY, install_tiny_preset
from tests.fakes.training_set import random_tokenizer, write_training_set
from voxgate.adapters.mlflow.registry import download_evidence, versions
from voxgate.errors import GateError, WeightsError
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.features.featurised_clips import read_featurised, write_featurised
from voxgate.files import digest_file, read_json, write_json, write_text
from voxgate.params import EvaluateParams, Params
from voxgate.release.desk import Desk
from voxgate.release.records import Release
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.training.networks import build_networks
from voxgate.voice.card import card_digest, read_voice_card
from voxgate.voice.package import verify_voice
from voxgate.wiring.release import open_desk


@dataclass
class Site:
    """A checkout that has just been evaluated, with a base of random weights."""

    workspace: Workspace
    params: Params
    settings: Settings
    measured: list[Path] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return open_desk(self.workspace, self.params, self.settings)

    @property
    def base(self) -> Path:
        return self.workspace.base_dir / "mini"

    def measure(self, workspace: Workspace, params: EvaluateParams, package: Path) -> Evidence:
        verify_voice(package, read_voice_card(package))
        self.measured.append(package)
        return evidence_of(package)

    def register(self) -> Release:
        version = register_gold(self.desk, self.params, measure=self.measure)
        assert version is not None
        return self.desk.ledger.read(self.desk.model).require(version)

    def stored_evidence(self, release: Release) -> Evidence:
        store = self.desk.connect()
        folder = self.workspace.root / "downloaded"
        return read_evidence(download_evidence(store, release.parent_run_id, folder))


def evidence_of(package: Path) -> Evidence:
    model = {"checkpoint": package.name, "digest": card_digest(package)}
    return replace(make_evidence(), model=model)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a base of the tiny preset."""
    folder = tmp_path_factory.mktemp("base")
    tokenizer = {name: torch.from_numpy(each) for name, each in random_tokenizer().items()}
    networks = build_networks(TINY, seed=1, tokenizer=tokenizer)
    for name, network in (("s1", networks.text_to_semantic), ("s2", networks.synthesizer)):
        weights = {key: tensor.half() for key, tensor in network.state_dict().items()}
        safetensors.torch.save_file(weights, folder / f"{name}.safetensors")
    return folder


@pytest.fixture
def site(base: Path, mlflow_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    install_tiny_preset(monkeypatch)
    digests = {f"{name}_sha256": digest_file(base / f"{name}.safetensors") for name in ("s1", "s2")}
    with memory_folder() as root:
        workspace, params = write_training_set(root, base={"folder": "mini", **digests})
        for name in ("s1", "s2"):
            file = f"{name}.safetensors"
            (workspace.base_dir / "mini" / file).write_bytes((base / file).read_bytes())
        data = {"outs": [{"md5": "0123456789abcdef0123456789abcdef.dir", "path": "data"}]}
        write_text(root / "data.dvc", yaml.safe_dump(data))
        for name in ("dvc.lock", "dvc.yaml"):
            write_text(root / name, "")
        make_evidence().write(workspace.stage_dir("evaluate") / "evidence.json")
        gate = params.gate.model_copy(update={"model_name": f"gold-{root.name}"})
        params = params.model_copy(update={"gate": gate})
        yield Site(workspace, params, Settings(mlflow_tracking_uri=mlflow_uri))


def test_the_base_is_registered_measured_and_named_gold_once(site: Site) -> None:
    release = site.register()
    desk = site.desk
    assert desk.ledger.read(desk.model).gold == release.version
    assert release.origin.model_digest == site.stored_evidence(release).model["digest"]
    (version,) = versions(desk.connect(), desk.model)
    assert version.version == release.registry_version
    before = desk.ledger.rows()
    assert site.register() == release
    assert desk.ledger.rows() == before
    assert len(site.measured) == 1


def test_the_evidence_that_ships_counts_for_this_very_package_in_this_frame(site: Site) -> None:
    site.register()
    shipped = replace(evidence_of(site.measured[0]), data={"clips_sha256": "shipped"})
    shipped.write(site.base / "gold.json")
    pin(site.base / "gold.json")
    site.measured.clear()
    gate = site.params.gate.model_copy(update={"model_name": f"{site.desk.model}-again"})
    site.params = site.params.model_copy(update={"gate": gate})
    release = site.register()
    assert site.measured == []
    assert site.stored_evidence(release) == shipped


def test_shipped_evidence_of_other_word_rules_is_counted_anew_and_nobody_speaks(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.register()
    monkeypatch.setattr("voxgate.wiring.evaluators.text_normaliser", lambda *_: LOWER)
    monkeypatch.setattr("voxgate.wiring.evaluators.published_normaliser", lambda *_: LOWER)
    sound = evidence_of(site.measured[0])
    lower = {"name": LOWER.name, "fingerprint": LOWER.fingerprint}
    rules = {**sound.protocol, "rules": {"catastrophe_wer": 0.5}, "published_normaliser": lower}
    today = replace(sound, protocol=rules)
    today.write(site.workspace.stage_dir("evaluate") / "evidence.json")
    replace(sound, protocol={**rules, "normaliser": {"name": "then"}}).write(
        site.base / "gold.json"
    )
    pin(site.base / "gold.json")
    text = sound.rows[0].transcript
    prompts = [
        SimpleNamespace(id=row.prompt_id, text=text, normalised=text, critical=())
        for row in sound.rows
    ]
    monkeypatch.setattr(
        "tasks.measuring.rescore.load_benchmark",
        lambda _: SimpleNamespace(language="en", digest=sound.benchmark["digest"], prompts=prompts),
    )
    site.measured.clear()
    gate = site.params.gate.model_copy(update={"model_name": f"{site.desk.model}-counted"})
    site.params = site.params.model_copy(update={"gate": gate})
    release = site.register()
    assert site.measured == []
    assert site.stored_evidence(release).frame_digest == today.frame_digest


def _ship_from_another_processor(site: Site) -> Evidence:
    """Ship what a machine measured whose package differs in the spectrogram's last bits."""
    model = site.stored_evidence(site.register()).model
    assert model["digest"] == card_digest(site.measured[0])
    shipped = replace(
        make_evidence(), model={**model, "digest": "0" * 64}, data={"clips_sha256": "shipped"}
    )
    shipped.write(site.base / "gold.json")
    pin(site.base / "gold.json")
    site.measured.clear()
    gate = site.params.gate.model_copy(update={"model_name": f"{site.desk.model}-elsewhere"})
    site.params = site.params.model_copy(update={"gate": gate})
    return shipped


def test_the_evidence_that_ships_counts_for_the_same_inputs_on_another_processor(
    site: Site,
) -> None:
    shipped = _ship_from_another_processor(site)
    release = site.register()
    assert site.measured == []
    assert site.stored_evidence(release) == shipped
    assert release.origin.model_digest == card_digest(site.workspace.cache_dir / "unadapted")


def test_the_last_bits_of_the_prepared_reference_are_no_part_of_its_inputs(site: Site) -> None:
    shipped = _ship_from_another_processor(site)
    package = site.workspace.cache_dir / "unadapted"
    before = card_digest(package)
    for path in (site.workspace.stage_dir("featurize") / "audio").glob("*.npy"):
        pcm = np.load(path)
        pcm[::7] += 1
        np.save(path, pcm)

    release = site.register()

    assert card_digest(package) != before, "the spectrogram is another one"
    assert site.measured == []
    assert site.stored_evidence(release) == shipped


def test_the_evidence_that_ships_does_not_count_for_another_recording(site: Site) -> None:
    _ship_from_another_processor(site)
    features = site.workspace.stage_dir("featurize")
    clips = list(read_featurised(features))
    *others, reference = clips
    renamed = replace(reference, cut=replace(reference.cut, clip_id="f" * 16))
    write_featurised(features, [*others, renamed])
    path = features / "reference.json"
    write_json(path, {**read_json(path), "clip_id": "f" * 16})
    site.register()
    assert len(site.measured) == 1


def test_the_evidence_that_ships_does_not_count_for_another_reference_clip(site: Site) -> None:
    _ship_from_another_processor(site)
    path = site.workspace.stage_dir("featurize") / "reference.json"
    reference = read_json(path)
    write_json(path, {**reference, "prompt_tokens": [*reference["prompt_tokens"][:-1], 3]})
    site.register()
    assert len(site.measured) == 1


@pytest.mark.parametrize(
    "changes", [{"model": {"digest": "0" * 64}}, {"centroid": {"clips": 12, "digest": "0" * 64}}]
)
def test_other_evidence_does_not_count(site: Site, changes: dict[str, Any]) -> None:
    replace(make_evidence(), **changes).write(site.base / "gold.json")
    pin(site.base / "gold.json")
    site.register()
    assert len(site.measured) == 1


def test_a_run_killed_before_the_name_is_given_names_it_the_next_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("voxgate.release.candidates.name_gold", die)
        with pytest.raises(KeyboardInterrupt):
            site.register()
    assert site.desk.ledger.read(site.desk.model).gold is None
    release = site.register()
    assert site.desk.ledger.read(site.desk.model).gold == release.version == 1


def test_without_a_base_there_is_no_gold(site: Site) -> None:
    train = site.params.train.model_copy(update={"base": None})
    params = site.params.model_copy(update={"train": train})
    assert register_gold(site.desk, params, measure=site.measure) is None
    assert not site.desk.ledger.rows()


def test_a_base_that_is_not_the_pinned_one_is_refused(site: Site) -> None:
    (site.base / "s1.safetensors").write_bytes(b"other")
    with pytest.raises(WeightsError, match=r"s1\.safetensors: expected sha256"):
        site.register()


def test_a_base_that_cannot_be_measured_stops_the_run(site: Site) -> None:
    def refuse(*_: object) -> Evidence:
        raise GateError("no score counts")

    with pytest.raises(GateError, match="no score counts"):
        register_gold(site.desk, site.params, measure=refuse)
    assert not site.desk.ledger.rows()


def die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_shipped_evidence_that_was_edited_is_measured_instead(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    shipped = _ship_from_another_processor(site)
    worse = [replace(row, word_errors=5) for row in shipped.rows]
    replace(shipped, rows=tuple(worse)).write(site.base / "gold.json")
    release = site.register()
    assert len(site.measured) == 1
    assert {row.word_errors for row in site.stored_evidence(release).rows} == {0}
    assert "is not the file that base.json names" in caplog.text


def test_evidence_that_lay_ready_before_the_first_run_is_measured_again(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.register()
    (cached,) = site.workspace.cache_dir.glob("evidence/*-*/evidence.json")
    write_text(cached, cached.read_text().replace('"word_errors":0', '"word_errors":5'))
    site.measured.clear()
    gate = site.params.gate.model_copy(update={"model_name": f"{site.desk.model}-planted"})
    site.params = site.params.model_copy(update={"gate": gate})
    release = site.register()
    assert len(site.measured) == 1
    assert {row.word_errors for row in site.stored_evidence(release).rows} == {0}
    assert "is not what the ledger says was measured; measured again" in caplog.text
