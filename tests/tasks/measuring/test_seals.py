from __future__ import annotations

from tasks.measuring.seals import LedgerSeals
from tests.fakes.release_site import ReleaseSite
from voxgate.release.audit import log, verify


def test_a_file_is_what_was_measured_last_or_it_is_not(release_site: ReleaseSite) -> None:
    desk, path = release_site.desk, release_site.root / "evidence.json"
    path.write_text("{}")
    assert not LedgerSeals(desk).holds("m" * 64, "f" * 64, path)
    LedgerSeals(desk).put("m" * 64, "f" * 64, path)
    LedgerSeals(desk).put("m" * 64, "f" * 64, path)
    assert LedgerSeals(desk).holds("m" * 64, "f" * 64, path)
    assert not LedgerSeals(desk).holds("m" * 64, "0" * 64, path)
    path.write_text("{} ")
    assert not LedgerSeals(desk).holds("m" * 64, "f" * 64, path)
    (event,) = [e for e in log(desk.ledger.rows(), model=desk.model) if e.kind == "measured"]
    assert event.version is None
    assert verify(desk.ledger.rows()) == []
