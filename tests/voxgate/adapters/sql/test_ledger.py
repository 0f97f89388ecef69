"""How the ledger is opened; what it does then is in the contract."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.channel import FakeChannel
from tests.fakes.releases import MODEL, enter
from voxgate.adapters.sql.ledger import open_ledger
from voxgate.adapters.sql.outbox import SqlOutbox
from voxgate.errors import ConfigError, ExternalServiceError, LedgerError
from voxgate.release import promotions
from voxgate.settings import Settings


def _settings(url: str) -> Settings:
    return Settings(ledger_url=SecretStr(url))


def test_without_a_setting_the_ledger_is_below_the_checkout(tmp_path: Path) -> None:
    assert open_ledger(Settings(), tmp_path).rows() == ()
    assert (tmp_path / ".voxgate" / "ledger" / "ledger.db").is_file()


def test_a_server_that_is_away_is_an_outage_and_shows_no_password(tmp_path: Path) -> None:
    with pytest.raises(ExternalServiceError, match="nothing is half done") as error:
        open_ledger(_settings("postgresql://anna:hunter2@127.0.0.1:9/ledger"), tmp_path)
    assert "127.0.0.1" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("shopping list, " * 100)
    with pytest.raises(LedgerError, match=r"notes\.db: file is not a database"):
        open_ledger(_settings(f"sqlite:///{path}"), tmp_path)


@pytest.mark.parametrize("url", ["mysql://u:hunter2@h/db", "hunter2"])
def test_an_url_of_another_kind_is_refused_and_not_shown(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="VOXGATE_LEDGER_URL") as error:
        open_ledger(_settings(url), tmp_path)
    assert "hunter2" not in str(error.value)


GRANTS = """
CREATE ROLE approver LOGIN;
GRANT SELECT ON ledger_schema TO approver;
GRANT SELECT, INSERT ON release_events TO approver;
GRANT SELECT, INSERT, DELETE ON release_fences TO approver;
GRANT SELECT, INSERT, UPDATE ON ledger_leases, outbox_channels TO approver;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_deliveries TO approver;
GRANT SELECT, INSERT ON outbox_alarms TO approver;
"""


@pytest.mark.slow
def test_a_role_that_may_only_append_is_enough(postgres: str, tmp_path: Path) -> None:
    open_ledger(_settings(postgres), tmp_path)
    owner = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    with owner.begin() as connection:
        connection.execute(sa.text(GRANTS))
    url = postgres.replace("ledger@", "approver@")
    ledger = open_ledger(_settings(url), tmp_path)
    enter(ledger, 1)
    fence = ledger.take_fence(MODEL, holder="anna")
    ledger.append(
        MODEL,
        lambda book, now: promotions.promote(book, 1, expected_live=None, by="anna", now=now),
        fence=fence,
    )
    assert ledger.read(MODEL).live == 1
    assert ledger.take_fence(MODEL, holder="bob").token == fence.token + 1
    outbox, channel = SqlOutbox(ledger.database), FakeChannel()
    assert outbox.enqueue("monitor-1", "the champion is silent", "")
    assert outbox.send(channel, outbox.alarms()) == []
    assert (channel.sent, outbox.retry()) == (["monitor-1"], 0)
    role = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with pytest.raises(sa.exc.ProgrammingError, match="must be owner"), role.begin() as session:
        session.execute(sa.text("ALTER TABLE release_events DISABLE TRIGGER ALL"))
    owner.dispose()
    role.dispose()
