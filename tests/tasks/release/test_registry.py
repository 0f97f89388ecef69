"""The registry against the ledger, in a real MLflow store."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tasks.release.approve import approve
from tasks.release.promote import name_gold
from tasks.release.registry import adopt_alias, check_registry, repair_registry
from tests.fakes.release_site import ReleaseSite
from voxgate.adapters.mlflow import restoration as mlflow_restoration
from voxgate.adapters.mlflow.registry import CHOSEN_TAG
from voxgate.errors import (
    ApprovalNeededError,
    ApproverError,
    LeaseLostError,
    LockHeldError,
    ReleaseError,
    UnknownVersionError,
    VersionLostError,
)
from voxgate.files import digest_file
from voxgate.release.states import State


def _release(site: ReleaseSite, number: int, **options: object) -> int:
    version = site.offer(number, **options)
    approve(site.desk, version, by="anna", reason="sounds right")
    return version


def _codes(site: ReleaseSite) -> list[tuple[str, bool]]:
    return [(drift.code, drift.by_hand) for drift in check_registry(site.desk)]


def _move(site: ReleaseSite, alias: str, version: int) -> None:
    site.desk.connect().client.set_registered_model_alias(site.desk.model, alias, str(version))


def test_a_registry_that_followed_has_no_differences(release_site: ReleaseSite) -> None:
    _release(release_site, 1)
    assert check_registry(release_site.desk) == ()
    assert repair_registry(release_site.desk, by="anna") == ()


def test_a_hand_moved_alias_is_reported_left_alone_and_repaired_on_demand(
    release_site: ReleaseSite,
) -> None:
    one, two = _release(release_site, 1), _release(release_site, 2)
    _move(release_site, "champion", one)
    assert _codes(release_site) == [("alias_moved", True)]
    messages, problem = release_site.desk.follow()
    assert problem is None
    assert "points to 1, the ledger says 2: somebody changed it by hand" in messages[0]
    assert release_site.aliases()["champion"] == one
    repair_registry(release_site.desk, by="anna")
    assert release_site.aliases()["champion"] == two
    assert check_registry(release_site.desk) == ()


def test_a_hand_edit_survives_a_promotion_until_somebody_decides(
    release_site: ReleaseSite,
) -> None:
    one = _release(release_site, 1)
    _release(release_site, 2)
    _move(release_site, "champion", one)
    three = release_site.offer(3)
    answer = approve(release_site.desk, three, by="anna", reason="sounds right")
    assert answer.live == three
    assert "somebody changed it by hand" in answer.by_hand[0]
    assert release_site.aliases()["champion"] == one
    repair_registry(release_site.desk, by="anna")
    assert release_site.aliases()["champion"] == three


def test_a_hand_moved_alias_is_adopted_as_a_rollback(release_site: ReleaseSite) -> None:
    one, two = _release(release_site, 1), _release(release_site, 2)
    _move(release_site, "champion", one)
    answer = adopt_alias(release_site.desk, "champion", by="bob", reason="2 hums")
    assert (answer.live, answer.by_hand) == (one, ())
    book = release_site.desk.ledger.read(release_site.desk.model)
    assert book.require(two).state is State.RETIRED
    assert check_registry(release_site.desk) == ()


def test_adoption_follows_the_rules_of_every_decision(release_site: ReleaseSite) -> None:
    _release(release_site, 1)
    two = release_site.register(2)
    release_site.judge(two, verdict="FAIL")
    _move(release_site, "champion", two)
    with pytest.raises(ApprovalNeededError, match="the verdict on version 2 is FAIL"):
        adopt_alias(release_site.desk, "champion", by="bob", reason="I like it")
    release_site.judge(two, evidence_digest="8" * 64, verdict="FAIL")
    three = release_site.offer(3)
    _move(release_site, "champion", three)
    with pytest.raises(ApproverError, match="'cron' trained version 3"):
        adopt_alias(release_site.desk, "champion", by="cron", reason="I like it")
    assert adopt_alias(release_site.desk, "champion", by="bob", reason="ok").live == three


def test_a_version_that_no_run_registered_is_not_adopted(release_site: ReleaseSite) -> None:
    _release(release_site, 1)
    made = release_site.desk.connect().client.create_model_version(release_site.desk.model, "x")
    _move(release_site, "champion", int(made.version))
    with pytest.raises(UnknownVersionError, match="there is no evidence for it"):
        adopt_alias(release_site.desk, "champion", by="bob", reason="I like it")
    with pytest.raises(ReleaseError, match="nothing to adopt: the registry has no alias 'gold'"):
        adopt_alias(release_site.desk, "gold", by="bob", reason="I like it")


def test_gold_set_by_hand_is_adopted(release_site: ReleaseSite) -> None:
    one = _release(release_site, 1)
    _move(release_site, "gold", one)
    assert _codes(release_site) == [("alias_unexpected", True)]
    adopt_alias(release_site.desk, "gold", by="bob", reason="the studio take")
    assert release_site.desk.ledger.read(release_site.desk.model).gold == one


def test_a_wrong_spelling_is_reported_and_removed(release_site: ReleaseSite) -> None:
    one = _release(release_site, 1)
    _move(release_site, "Champion", one)
    assert _codes(release_site) == [("alias_wrong_case", True)]
    repair_registry(release_site.desk, by="anna")
    assert release_site.aliases() == {"champion": one}


def test_a_deleted_live_version_is_restored_from_its_package(release_site: ReleaseSite) -> None:
    one = _release(release_site, 1, package=True)
    _release_two = release_site.register(2)
    client = release_site.desk.connect().client
    client.delete_model_version(release_site.desk.model, "1")
    assert ("version_lost", True) in _codes(release_site)
    repair_registry(release_site.desk, by="anna")
    release = release_site.desk.ledger.read(release_site.desk.model).require(one)
    assert release.registry_version == 3
    assert release_site.aliases()["champion"] == 3
    assert check_registry(release_site.desk) == ()
    restored = client.get_model_version(release_site.desk.model, "3")
    assert restored.tags["voxgate.candidate"] == release.origin.candidate_digest


def test_a_lost_package_is_an_error_that_says_what_to_do(release_site: ReleaseSite) -> None:
    _release(release_site, 1, package=False)
    release_site.desk.connect().client.delete_model_version(release_site.desk.model, "1")
    with pytest.raises(VersionLostError, match=r"run `voxgate run`: the same candidate") as error:
        repair_registry(release_site.desk, by="anna")
    assert "0123456789abcdef0123456789abcdef.dir" in str(error.value)
    assert ("version_lost", True) in _codes(release_site)


def test_a_package_that_is_not_the_released_one_is_not_restored(
    release_site: ReleaseSite,
) -> None:
    _release(release_site, 1, package=True)
    store = release_site.desk.connect()
    model_id = store.client.get_model_version(release_site.desk.model, "1").model_id
    run = release_site.desk.ledger.read(release_site.desk.model).require(1).parent_run_id
    logged = store.client.get_logged_model(
        model_id or store.client.get_run(run).data.tags["voxgate.chosen_model"]
    )
    from pathlib import Path
    from urllib.parse import urlparse

    stored = Path(urlparse(logged.artifact_location).path)
    (weights,) = stored.rglob("s1.safetensors")
    weights.write_bytes(b"other weights")
    store.client.delete_model_version(release_site.desk.model, "1")
    with pytest.raises(VersionLostError, match=r"s1\.safetensors is missing or damaged"):
        repair_registry(release_site.desk, by="anna")


def test_of_two_repairs_at_once_the_second_is_told_who_does_it(release_site: ReleaseSite) -> None:
    desk = release_site.desk
    release_site.register(1)
    with (
        desk.leases.hold(f"registry:{desk.model}", purpose="a repair by anna"),
        pytest.raises(LockHeldError, match=r"registry:voice-\w+ is held by a repair by anna \(pid"),
    ):
        repair_registry(release_site.desk, by="bob")


def test_a_repair_that_was_overtaken_while_it_looked_restores_nothing(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = _release(release_site, 1, package=True)
    desk = release_site.desk
    desk.connect().client.delete_model_version(desk.model, str(one))
    look = mlflow_restoration.fetch_package

    def be_overtaken(*arguments: Any) -> None:
        with desk.leases._database.writing() as connection:
            connection.exec_driver_sql("UPDATE ledger_leases SET token = 2, purpose = 'bob'")
        look(*arguments)

    monkeypatch.setattr(mlflow_restoration, "fetch_package", be_overtaken)
    with pytest.raises(LeaseLostError, match="holds token 1, the newest is 2, taken by bob"):
        repair_registry(desk, by="anna")
    assert [code for code, _ in _codes(release_site)] == ["version_lost"]


@pytest.mark.parametrize("alias", ["champion", "gold"])
def test_files_of_a_released_version_that_were_overwritten_are_noticed(
    release_site: ReleaseSite, alias: str
) -> None:
    """An account that may train may overwrite any artifact."""
    one = _release(release_site, 1)
    if alias == "gold":
        name_gold(release_site.desk, one, by="anna", reason="the studio take")
        _release(release_site, 2)
    model_id = _logged_model(release_site, one)
    _overwrite(release_site, model_id)
    assert ("files_differ", True) in _codes(release_site)


def test_deleted_files_of_the_live_version_are_noticed(release_site: ReleaseSite) -> None:
    one = _release(release_site, 1)
    client = release_site.desk.connect().client
    stored = client.get_logged_model(_logged_model(release_site, one)).artifact_location
    shutil.rmtree(Path(str(stored).removeprefix("file://")))
    assert ("files_differ", True) in _codes(release_site)


def test_a_model_that_was_renamed_is_noticed(release_site: ReleaseSite) -> None:
    _release(release_site, 1)
    client = release_site.desk.connect().client
    client.rename_registered_model(release_site.desk.model, "elsewhere-" + release_site.desk.model)
    assert ("model_lost", True) in _codes(release_site)


def test_a_copy_of_what_was_released_is_kept_out_of_the_registry(
    release_site: ReleaseSite,
) -> None:
    one = _release(release_site, 1)
    digest = release_site.desk.ledger.read(release_site.desk.model).require(one).origin.model_digest
    kept = release_site.root / ".voxgate" / "releases" / str(digest)
    assert {path.name for path in kept.iterdir()} == {"voice.json", "s1.safetensors"}
    assert digest_file(kept / "voice.json") == digest


def _logged_model(site: ReleaseSite, version: int) -> str:
    desk = site.desk
    release = desk.ledger.read(desk.model).require(version)
    client = desk.connect().client
    return str(client.get_run(release.parent_run_id).data.tags[CHOSEN_TAG])


def _overwrite(site: ReleaseSite, model_id: str) -> None:
    folder = site.root / "forged" / "artifacts" / "step-000010"
    folder.mkdir(parents=True)
    (folder / "s1.safetensors").write_bytes(b"another voice")
    site.desk.connect().client.log_model_artifacts(model_id, str(site.root / "forged"))
