"""What speech needs comes back: profiles with references, presets, keys, jobs, records, heads."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.releases import enter
from tests.fakes.speaker_profiles import make_inputs
from tests.fakes.speech_jobs import make_draft
from tests.fakes.speech_records import make_batch, make_record
from voxgate.adapters.backup.archive import back_up, default_stores, restore
from voxgate.adapters.backup.kept_folder import KeptFolder
from voxgate.adapters.sql.api_keys import SqlKeys
from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.ledger import open_ledger
from voxgate.adapters.sql.presets import SqlPresets
from voxgate.adapters.sql.speech_jobs import SqlJobStore
from voxgate.errors import LedgerTamperedError
from voxgate.private_files import keep_secret
from voxgate.serving.api_keys import KeyClass, issue_key
from voxgate.serving.audit.delivery import deliver
from voxgate.serving.audit.spool import SpeechSpool
from voxgate.settings import Settings
from voxgate.speakers import decisions
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.reference_files import digest_pcm, read_reference, write_reference
from voxgate.speaking.presets import SpeakingPreset
from voxgate.stage import Workspace
from voxgate.wiring.speakers import open_speaker_register
from voxgate.wiring.speech_audit import open_speech_audit

PCM = np.arange(-8_000, 8_000, dtype=np.int16)
TABLES = """
api_keys ledger_schema release_events speaker_events speaking_presets speech_audit_batches
speech_audit_records speech_jobs
"""


class Site:
    """A checkout that speaks, with a ledger on either database and its registry elsewhere."""

    def __init__(self, root: Path, url: str) -> None:
        self.root, self.workspace = root, Workspace(root)
        self.settings = Settings(
            ledger_url=SecretStr(url), mlflow_tracking_uri="http://127.0.0.1:9"
        )

    @property
    def stores(self) -> dict[str, str]:
        return default_stores(self.settings, self.root)

    @property
    def database(self) -> Database:
        return open_database(self.settings, self.root)

    @property
    def register(self) -> SpeakerRegister:
        return open_speaker_register(self.settings, self.root)

    def fill(self) -> None:
        database, now = self.database, datetime.now(UTC)
        enter(open_ledger(self.settings, self.root), 1)
        SqlPresets(database).add(SpeakingPreset(name="clinic", version=1), actor="bob")
        key, _ = issue_key(
            "shop", key_class=KeyClass.BATCH, rights=["speak"], purpose="internal",
            per_minute=60, concurrency=2, now=now, expires_at=None,
        )  # fmt: skip
        SqlKeys(database).add(key)
        SqlJobStore(database).submit(make_draft())
        open_speech_audit(self.settings, self.root).append(make_batch("one", 1))
        keep_secret(self.workspace.speech_key)
        write_reference(self.workspace.speakers_dir, PCM)
        inputs = make_inputs(reference=digest_pcm(PCM))
        self.register.append(
            lambda standing, now: decisions.enrol(
                standing, inputs, duration_s=5.0, checks={}, by="bob", now=now
            )
        )

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        with self.database.reading() as connection:
            names = sa.inspect(connection).get_table_names()
            return {
                name: sorted(map(tuple, connection.execute(sa.text(f"SELECT * FROM {name}"))))
                for name in names
            }

    def lose_everything(self) -> None:
        url = self.database.url
        if url.get_backend_name() == "sqlite":
            for path in Path(str(url.database)).parent.glob("ledger.db*"):
                path.unlink()
        else:
            engine = sa.create_engine(
                url.set(database="postgres"), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
            )
            with engine.connect() as connection:
                connection.execute(sa.text(f"DROP DATABASE {url.database}"))
                connection.execute(sa.text(f"CREATE DATABASE {url.database}"))
        shutil.rmtree(self.workspace.state_dir)


@pytest.fixture
def site(tmp_path: Path, ledger_url: str) -> Site:
    site = Site(tmp_path / "checkout", ledger_url)
    site.fill()
    return site


def test_every_table_and_every_reference_comes_back(site: Site, tmp_path: Path) -> None:
    before = site.rows()
    assert set(TABLES.split()) <= {name for name, rows in before.items() if rows}
    assert back_up(site.stores, tmp_path / "backup") == {
        "ledger": 1,
        "heads": 2,
        "speakers": 1,
        "key": 1,
    }
    secret = site.workspace.speech_key.read_bytes()
    site.lose_everything()
    names = list(restore(tmp_path / "backup", site.stores))
    assert names == ["key", "speakers", "heads", "ledger"]
    assert site.workspace.speech_key.read_bytes() == secret
    assert site.workspace.speech_key.stat().st_mode & 0o77 == 0
    assert site.rows() == before
    profile = site.register.read().require("anna")
    found = read_reference(site.workspace.speakers_dir, profile.inputs.reference_sha256)
    assert np.array_equal(found, PCM)
    assert {p.stat().st_mode & 0o77 for p in site.workspace.speakers_dir.rglob("*")} == {0}
    assert site.workspace.speakers_dir.stat().st_mode & 0o77 == 0


def test_a_record_that_waits_is_delivered_by_the_restored_site(site: Site, tmp_path: Path) -> None:
    spool = SpeechSpool(site.workspace.speech_spool_dir, max_bytes=1 << 20)
    spool.append(make_record(2))
    back_up(site.stores, tmp_path / "backup")
    spool.append(make_record(3))  # the segment that was copied goes on
    spool.close()
    deliver(spool.folder, open_speech_audit(site.settings, site.root))
    site.lose_everything()
    for _ in range(2):  # what is there stays
        restore(tmp_path / "backup", site.stores)
    audit = open_speech_audit(site.settings, site.root)
    assert deliver(site.workspace.speech_spool_dir, audit).records == 1
    assert [row.records for row in audit.rows()] == [1, 1]
    assert audit.verify() is not None


def test_nothing_is_delivered_while_records_and_heads_are_copied(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = SpeechSpool(site.workspace.speech_spool_dir, max_bytes=1 << 20)
    spool.append(make_record(2))
    spool.close()
    audit = open_speech_audit(site.settings, site.root)
    deliverer = threading.Thread(target=deliver, args=(spool.folder, audit))
    dump, copied = KeptFolder.dump, []

    def dump_slowly(folder: KeptFolder, target: Path) -> None:
        if not deliverer.ident:
            deliverer.start()
        if folder.path not in (site.workspace.speakers_dir, site.workspace.speech_key):
            deliverer.join(timeout=0.3)
            assert deliverer.is_alive()
        dump(folder, target)
        copied.append(folder.path)

    monkeypatch.setattr(KeptFolder, "dump", dump_slowly)
    back_up(site.stores, tmp_path / "backup")
    deliverer.join(timeout=30)
    assert len(copied) == 4
    assert [row.records for row in audit.rows()] == [1, 1]


def test_an_older_backup_does_not_make_a_checkout_forget_what_it_saw(
    site: Site, tmp_path: Path
) -> None:
    back_up(site.stores, tmp_path / "backup")
    open_speech_audit(site.settings, site.root).append(make_batch("two", 2))
    heads = tmp_path / "heads"
    shutil.copytree(site.workspace.ledger_heads_dir, heads)
    site.lose_everything()
    shutil.copytree(heads, site.workspace.ledger_heads_dir)
    (of_speakers,) = site.workspace.ledger_heads_dir.glob("*.speakers.txt")
    of_speakers.unlink()
    restore(tmp_path / "backup", site.stores)
    with pytest.raises(LedgerTamperedError, match="truncated: event 2 was remembered outside"):
        open_speech_audit(site.settings, site.root).verify()
    assert site.register.read().require("anna").version == 1  # nothing is missing there
    assert of_speakers.is_file()


def test_a_backup_of_a_time_before_there_was_speech_is_restored(site: Site, tmp_path: Path) -> None:
    early = {"ledger": site.stores["ledger"]}
    back_up(early, tmp_path / "backup")
    site.lose_everything()
    assert list(restore(tmp_path / "backup", site.stores)) == ["ledger"]
