"""Catching up with a ledger that goes on, that was cut off, or that is another one."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import Any

import pytest

from tasks.release.approve import approve
from tests.fakes.release_site import ReleaseSite
from voxgate.adapters.mlflow import reconciler as mlflow_reconciler
from voxgate.adapters.mlflow.reconciler import catch_up, shown_by
from voxgate.errors import LedgerTamperedError


def _catch_up(site: ReleaseSite) -> Any:
    desk = site.desk
    return catch_up(desk.ledger, desk.connect(), desk.model, now=datetime.now(UTC))


def test_the_registry_remembers_the_head_that_it_followed(release_site: ReleaseSite) -> None:
    release_site.offer(1)
    desk = release_site.desk
    last = desk.ledger.read(desk.model).last_event
    assert last is not None
    assert shown_by(desk.connect(), desk.model).head == last.head


def test_a_ledger_that_lost_its_tail_is_not_followed_and_the_head_stays(
    release_site: ReleaseSite,
) -> None:
    version = release_site.offer(1)
    path = release_site.root / ".voxgate" / "ledger" / "ledger.db"
    shutil.copy(path, release_site.root / "backup.db")
    approve(release_site.desk, version, by="anna", reason="ok")
    desk = release_site.desk
    head = shown_by(desk.connect(), desk.model).head
    shutil.copy(release_site.root / "backup.db", path)
    with pytest.raises(LedgerTamperedError, match=r"event 4 was remembered outside; the chain"):
        _catch_up(release_site)
    assert shown_by(desk.connect(), desk.model).head == head
    assert release_site.aliases() == {"champion": version}


def test_another_ledger_is_not_followed(release_site: ReleaseSite) -> None:
    release_site.offer(1)
    (release_site.root / ".voxgate" / "ledger" / "ledger.db").unlink()
    with pytest.raises(LedgerTamperedError, match="not the ledger of this registry: check VOXGATE"):
        _catch_up(release_site)


def test_a_release_that_comes_while_the_registry_follows_is_not_undone(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = release_site.offer(1)
    approve(release_site.desk, one, by="anna", reason="ok")
    two = release_site.offer(2)
    client = release_site.desk.connect().client
    client.delete_registered_model_alias(release_site.desk.model, "champion")
    apply = mlflow_reconciler._apply
    interrupted = []

    def apply_late(*arguments: Any) -> None:
        if not interrupted:
            interrupted.append(True)
            approve(release_site.desk, two, by="anna", reason="meanwhile")
        apply(*arguments)

    monkeypatch.setattr(mlflow_reconciler, "_apply", apply_late)
    assert _catch_up(release_site) == ()
    assert release_site.aliases() == {"champion": two, "previous": one}
