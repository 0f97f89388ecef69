"""A candidate enters MLflow and the ledger together, and is found again by its digest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks.release.promote import quarantine
from tasks.release.register import register, trained_by
from tests.fakes.build_tree import write_build_tree
from tests.fakes.evidence import make_evidence
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ConfigError, ReleaseError
from voxgate.files import read_json, write_bytes, write_json
from voxgate.params import load_params
from voxgate.release.candidates import objections
from voxgate.release.records import Recipe
from voxgate.stage import Workspace

ROOT = Path(__file__).resolve().parents[3]
RECIPE = Recipe(voice="d" * 64, measurement="e" * 64)
DATA_VERSION = "0123456789abcdef0123456789abcdef.dir"


@pytest.fixture
def site(release_site: ReleaseSite) -> ReleaseSite:
    own = {name: (release_site.root / name).read_bytes() for name in ("params.yaml", "data.dvc")}
    workspace = write_build_tree(release_site.root)
    for name, content in own.items():
        write_bytes(release_site.root / name, content)
    path = workspace.stage_dir("evaluate") / "evidence.json"
    facts = {"model": {"digest": "c" * 64}, "data": {"clips_sha256": "1" * 64}}
    write_json(path, {**make_evidence(consent_scope="evaluation").as_json(), **facts})
    return release_site


def test_a_trainer_without_a_name_is_asked_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_001)
    with pytest.raises(ConfigError, match="VOXGATE_ACTOR: this process has no login name"):
        trained_by(None)


def test_a_replay_voice_is_refused_before_the_registry_shows_anything_of_it(
    site: ReleaseSite,
) -> None:
    build = Workspace(site.root).stage_dir
    chosen = read_json(build("evaluate") / "checkpoints.json")["chosen"]
    write_json(
        build("train") / "checkpoints" / chosen / "voice.json",
        {"kind": "replay", "consent_scope": "internal"},
    )
    desk = site.desk
    with pytest.raises(ReleaseError, match="it plays recordings and speaks no other text"):
        register(desk, load_params(site.root / "params.yaml"), RECIPE)
    assert desk.ledger.rows() == ()
    assert desk.connect().client.search_registered_models(f"name='{desk.model}'") == []


@pytest.mark.slow
def test_a_candidate_is_entered_once_and_found_again_after_a_deletion(site: ReleaseSite) -> None:
    params = load_params(site.root / "params.yaml")
    desk = replace(site.desk, actor="schedule")
    assert register(desk, params, RECIPE) == register(desk, params, RECIPE) == 1
    (row,) = desk.ledger.rows()
    origin = desk.ledger.read(desk.model).require(1).origin
    assert (row.actor, origin.trained_by, origin.consent_scope) == (
        "schedule", "schedule", "evaluation",
    )  # fmt: skip
    assert (origin.data_version, origin.model_digest) == (DATA_VERSION, "c" * 64)
    assert len(origin.lexicon_digest or "") == 64
    desk.connect().client.delete_model_version(desk.model, "1")
    assert register(desk, params, RECIPE) == 1
    release = desk.ledger.read(desk.model).require(1)
    assert (release.registry_version, desk.ledger.rows()[-1].kind) == (2, "nominated")


@pytest.mark.slow
def test_a_quarantined_voice_is_known_under_any_recipe_and_enters_nothing(
    site: ReleaseSite,
) -> None:
    params = load_params(site.root / "params.yaml")
    desk = replace(site.desk, actor="schedule")
    assert register(desk, params, RECIPE) == 1
    quarantine(desk, 1, by="anna", reason="it swears")
    other = Recipe(voice="1" * 64, measurement="2" * 64)
    assert register(desk, params, other) == 1
    assert list(desk.ledger.read(desk.model).releases) == [1]
    assert len(desk.connect().client.search_model_versions(f"name='{desk.model}'")) == 1
    (said,) = objections(desk.ledger.read(desk.model), 1)
    assert "was quarantined as version 1 by anna: it swears; nothing new is offered" in said


@pytest.mark.slow
def test_a_second_measuring_of_the_same_voice_is_the_same_candidate(site: ReleaseSite) -> None:
    params = load_params(site.root / "params.yaml")
    desk = replace(site.desk, actor="schedule")
    assert register(desk, params, RECIPE) == 1
    before = desk.ledger.rows()
    path = Workspace(site.root).stage_dir("evaluate") / "evidence.json"
    write_json(path, {**read_json(path), "ceiling": {"similarities": [0.9000001]}})
    assert register(desk, params, RECIPE) == 1
    rows = desk.ledger.rows()
    assert rows[: len(before)] == before
    assert [row.kind for row in rows[len(before) :]] == ["measured"]  # its seal, and no candidate


@pytest.mark.slow
def test_a_row_names_the_evidence_that_its_run_stores(
    site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two, then measured again: the run keeps the first measurement."""
    params = load_params(site.root / "params.yaml")
    desk = replace(site.desk, actor="schedule")
    with monkeypatch.context() as patch:
        patch.setattr("tasks.release.register.candidates.register", die)
        with pytest.raises(KeyboardInterrupt):
            register(desk, params, RECIPE)
    path = Workspace(site.root).stage_dir("evaluate") / "evidence.json"
    write_json(path, {**read_json(path), "ceiling": {"similarities": [0.9000001]}})
    version = register(desk, params, RECIPE)
    release = desk.ledger.read(desk.model).require(version)
    assert desk.stored_evidence(release).is_file()


def die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("actor", ["policy:auto", "сron", "cr\u200bon", "cron\nanna"])
def test_nobody_trains_under_a_name_that_is_somebody_elses(actor: str) -> None:
    with pytest.raises(ConfigError, match="VOXGATE_ACTOR"):
        trained_by(actor)
