"""Backing up and restoring what a checkout keeps; the servers' part is in tests/mlflow_server."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.memory import memory_folder
from tests.fakes.releases import MODEL, enter
from voxgate.adapters.backup.archive import back_up, check_backup, default_stores, restore
from voxgate.adapters.sql.ledger import open_ledger
from voxgate.errors import BackupError, ConfigError, StorageError, UnsafePathError
from voxgate.files import read_json, write_json
from voxgate.release.audit import verify
from voxgate.settings import Settings


@pytest.fixture
def root() -> Iterator[Path]:
    """Return a checkout with a ledger of two releases, a registry of one row, and two artifacts."""
    with memory_folder() as folder:
        root = folder / "checkout"
        ledger = open_ledger(Settings(), root)
        for number in (1, 2):
            enter(ledger, number)
        home = root / ".voxgate" / "mlflow"
        (home / "artifacts" / "1" / "empty").mkdir(parents=True)
        (home / "artifacts" / "1" / "voice.bin").write_bytes(b"weights")
        (home / "artifacts" / "page.html").write_bytes(b"<p>")
        with closing(sqlite3.connect(home / "mlflow.db")) as registry:
            registry.execute("PRAGMA journal_mode = WAL")
            registry.execute("CREATE TABLE aliases (name TEXT, version INTEGER)")
            registry.execute("CREATE INDEX by_name ON aliases (name)")
            registry.execute("INSERT INTO aliases VALUES ('champion', 2)")
            registry.commit()
        yield root


@pytest.fixture
def stores(root: Path) -> dict[str, str]:
    return default_stores(Settings(), root)


@pytest.fixture
def backup(root: Path, stores: dict[str, str]) -> Path:
    back_up(stores, root.parent / "backup")
    return root.parent / "backup"


def _lose_everything(root: Path) -> None:
    (root / ".voxgate").rename(root / "lost")


def _aliases(root: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(root / ".voxgate" / "mlflow" / "mlflow.db")) as registry:
        return registry.execute("SELECT * FROM aliases").fetchall()


def test_everything_comes_back(root: Path, stores: dict[str, str], backup: Path) -> None:
    before = open_ledger(Settings(), root).rows()
    _lose_everything(root)
    assert list(restore(backup, stores)) == ["artifacts", "registry", "ledger"]
    rows = open_ledger(Settings(), root).rows()
    assert rows == before
    assert len(rows) == 6
    assert list(verify(rows)) == []
    assert _aliases(root) == [("champion", 2)]
    artifacts = root / ".voxgate" / "mlflow" / "artifacts"
    assert (artifacts / "1" / "voice.bin").read_bytes() == b"weights"
    assert sorted(p.name for p in artifacts.rglob("*") if p.is_file()) == ["page.html", "voice.bin"]


def test_a_checkout_with_a_blank_in_its_path_is_backed_up_as_every_other(root: Path) -> None:
    root = root.rename(root.with_name("a b#%41 é"))
    counts = back_up(default_stores(Settings(), root), root.parent / "backup")
    assert counts == {"ledger": 1, "registry": 1, "artifacts": 2}


def test_the_command_says_what_it_did(root: Path) -> None:
    target = root.parent / "by-command"
    answer = CliRunner().invoke(app, ["backup", str(target), "--root", str(root)])
    assert answer.output.splitlines() == [
        "ledger: 1 files",
        "registry: 1 files",
        "artifacts: 2 files",
        f"backup: {target}",
    ]
    _lose_everything(root)
    answer = CliRunner().invoke(app, ["restore", str(target), "--root", str(root)])
    assert answer.output.splitlines()[-1] == "now: voxgate audit verify"
    assert _aliases(root) == [("champion", 2)]


def test_only_its_owner_may_read_what_it_holds(backup: Path) -> None:
    assert {p.stat().st_mode & 0o777 for p in backup.iterdir() if p.is_dir()} == {0o700}


def test_what_is_there_is_not_replaced(root: Path, stores: dict[str, str], backup: Path) -> None:
    with pytest.raises(BackupError, match="backup exists; a backup never replaces another"):
        back_up(stores, backup)
    enter(open_ledger(Settings(), root), 3)
    (root / ".voxgate" / "mlflow" / "artifacts" / "new.html").write_bytes(b"<p>")
    with pytest.raises(BackupError, match=r"nothing was: .*ledger\.db is not empty; move what"):
        restore(backup, stores)
    (root / ".voxgate" / "mlflow" / "mlflow.db").unlink()
    with pytest.raises(BackupError, match=r"artifacts is not empty"):
        restore(backup, stores)
    assert not (root / ".voxgate" / "mlflow" / "mlflow.db").exists()


@pytest.mark.parametrize("kept", [("artifacts",), ("artifacts", "registry"), ()])
def test_a_restoration_that_was_killed_goes_on_where_it_ended(
    root: Path, stores: dict[str, str], backup: Path, kept: tuple[str, ...]
) -> None:
    before = open_ledger(Settings(), root).rows()
    _lose_everything(root)
    restore(backup, stores)
    if "registry" not in kept:
        (root / ".voxgate" / "mlflow" / "mlflow.db").unlink()
    else:  # somebody looked into it meanwhile, which changes its header
        with closing(sqlite3.connect(root / ".voxgate" / "mlflow" / "mlflow.db")) as registry:
            registry.execute("PRAGMA journal_mode = WAL")
    if not kept:
        shutil.rmtree(root / ".voxgate" / "mlflow" / "artifacts")
        (root / ".voxgate" / "mlflow" / ".artifacts.voxgate-00000000.tmp").mkdir()
    (root / ".voxgate" / "ledger" / "ledger.db").unlink()
    assert list(restore(backup, stores)) == ["artifacts", "registry", "ledger"]
    assert open_ledger(Settings(), root).rows() == before
    assert _aliases(root) == [("champion", 2)]
    names = {path.name for path in (root / ".voxgate" / "mlflow").iterdir()}
    assert names - {"mlflow.db-wal", "mlflow.db-shm"} == {"artifacts", "mlflow.db"}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            lambda f: (f / "artifacts/page.html").write_bytes(b"<q>"),
            "artifacts/page.html is not wh",
        ),
        (lambda f: (f / "ledger/database.db").unlink(), "ledger/database.db is missing"),
        (lambda f: (f / "artifacts/x").write_bytes(b""), "artifacts/x is not in the manifest"),
        (lambda f: (f / "manifest.json").unlink(), "is no backup: cannot read its manifest.json"),
        (lambda f: (f / "manifest.json").write_bytes(b"{"), "is no backup: cannot read"),
        (lambda f: write_json(f / "manifest.json", []), "is no backup: cannot read"),
        (
            lambda f: write_json(
                f / "manifest.json", {**read_json(f / "manifest.json"), "format": 2}
            ),
            "expected a backup of format 1, got 2",
        ),
    ],
)
def test_a_damaged_backup_restores_nothing(
    root: Path, stores: dict[str, str], backup: Path, damage: object, message: str
) -> None:
    _lose_everything(root)
    assert callable(damage)
    damage(backup)
    with pytest.raises(BackupError, match=message):
        restore(backup, stores)
    assert not (root / ".voxgate").exists()


def test_a_link_in_a_backup_or_in_the_artifacts_is_refused(
    root: Path, stores: dict[str, str], backup: Path
) -> None:
    (backup / "artifacts" / "out").symlink_to("/etc/passwd")
    with pytest.raises(UnsafePathError, match="out is a link; a backup holds files"):
        check_backup(backup)
    (root / ".voxgate" / "mlflow" / "artifacts" / "out").symlink_to("/etc/passwd")
    with pytest.raises(UnsafePathError, match="out is a link"):
        back_up(stores, root.parent / "other")
    assert not (root.parent / "other").exists()


def test_stores_and_backup_must_be_of_one_kind(
    root: Path, stores: dict[str, str], backup: Path
) -> None:
    _lose_everything(root)
    other = {**stores, "registry": "postgresql://mlflow@/mlflow"}
    with pytest.raises(
        BackupError,
        match="registry is database:sqlite, postgresql://mlflow@/mlflow is another kind",
    ):
        restore(backup, other)
    del other["registry"]
    with pytest.raises(BackupError, match="no --store names its registry"):
        restore(backup, other)
    with pytest.raises(BackupError, match="the backup has no auth"):
        restore(backup, {**stores, "auth": "sqlite:////nowhere/auth.db"})


def test_a_store_that_is_not_there_is_no_empty_backup(root: Path, stores: dict[str, str]) -> None:
    (root / ".voxgate" / "ledger" / "ledger.db").unlink()
    with pytest.raises(StorageError, match=r"cannot back up .*ledger\.db: unable to open"):
        back_up(stores, root.parent / "backup")
    assert not (root / ".voxgate" / "ledger" / "ledger.db").exists()
    assert [p.name for p in root.parent.iterdir()] == ["checkout"]


def test_a_damaged_database_is_not_called_a_backup(root: Path, stores: dict[str, str]) -> None:
    path = root / ".voxgate" / "mlflow" / "mlflow.db"
    data = path.read_bytes()
    at = data.rindex(b"champion")
    path.write_bytes(data[:at] + b"chambion" + data[at + 8 :])
    with pytest.raises(
        StorageError, match=r"mlflow\.db is damaged, and so .*: row 1 missing from i"
    ):
        back_up(stores, root.parent / "backup")
    assert not (root.parent / "backup").exists()


def test_nothing_is_decided_between_the_copies_of_ledger_and_registry(
    root: Path, stores: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from voxgate.adapters.backup import stores as backup_stores

    writer = threading.Thread(target=lambda: enter(open_ledger(Settings(), root), 3))
    dump = backup_stores.SqliteDatabase.dump

    def dump_slowly(store: backup_stores.SqliteDatabase, folder: Path) -> None:
        if not writer.is_alive():
            writer.start()
        writer.join(timeout=0.3)
        assert writer.is_alive()
        dump(store, folder)

    monkeypatch.setattr(backup_stores.SqliteDatabase, "dump", dump_slowly)
    back_up({"ledger": stores["ledger"]}, root.parent / "backup")
    writer.join(timeout=30)
    assert len(open_ledger(Settings(), root).read(MODEL).releases) == 3
    kept = Settings(ledger_url=SecretStr(f"sqlite:///{root.parent}/backup/ledger/database.db"))
    assert len(open_ledger(kept, root).read(MODEL).releases) == 2


def test_a_bucket_is_backed_up_and_restored(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        monkeypatch.setenv(
            "AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.get_host_and_port()[1]}"
        )
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.client("s3")
        client.create_bucket(Bucket="artifacts")
        for key in ("runs/1/a.bin", "runs/2/b.bin", "runs-of-others/c.bin"):
            client.put_object(Bucket="artifacts", Key=key, Body=key.encode())
        store = {"artifacts": "s3://artifacts/runs"}
        assert back_up(store, root.parent / "backup") == {"artifacts": 2}
        client.put_object(Bucket="artifacts", Key="runs/3/new.bin", Body=b"new")
        with pytest.raises(BackupError, match="s3://artifacts/runs is not empty"):
            restore(root.parent / "backup", store)
        new = {"artifacts": "s3://artifacts/new/place"}
        # A part is what an upload leaves that was killed.
        client.put_object(Bucket="artifacts", Key="new/place/1/a.bin", Body=b"runs/1/a.bin")
        assert restore(root.parent / "backup", new)
        assert restore(root.parent / "backup", new)
        body = client.get_object(Bucket="artifacts", Key="new/place/2/b.bin")["Body"]
        assert body.read() == b"runs/2/b.bin"
        client.put_object(Bucket="artifacts", Key="runs/../../out", Body=b"")
        with pytest.raises(UnsafePathError, match=r"'../../out' cannot be a file below a folder"):
            back_up(store, root.parent / "other")
    finally:
        server.stop()


def test_with_a_server_the_ledger_and_what_speech_needs_are_kept_here(root: Path) -> None:
    settings = Settings(
        mlflow_tracking_uri="http://127.0.0.1:9", ledger_url=SecretStr("postgresql:///ledger")
    )
    home = f"file://{root}/.voxgate"
    assert default_stores(settings, root) == {
        "ledger": "postgresql:///ledger",
        "heads": f"{home}/heads",
        "spool": f"{home}/speech/spool",
        "speakers": f"{home}/speakers",
        "key": f"{home}/speech.key",
    }


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("ledger", "expected NAME=URL, each name once, got one for 'ledger'"),
        ("weights=file:///x", "weights: expected ledger, registry, auth, artifacts, heads, spool"),
        ("speakers=s3://bucket/x", "speakers: expected file:///…, got s3://bucket/x"),
        ("ledger=mysql://x/y", "expected sqlite:///…, postgresql://…, file:///… or s3://…"),
        ("ledger=postgresql://a:secret@b/c", "ledger: a password here is seen by all users"),
    ],
)
def test_a_wrong_store_is_refused_and_no_password_repeated(
    tmp_path: Path, option: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        CliRunner().invoke(
            app, ["backup", str(tmp_path / "b"), "--store", option], catch_exceptions=False
        )
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_manifest_says_when_and_of_what(backup: Path) -> None:
    manifest = check_backup(backup)
    assert manifest["stores"] == {
        "ledger": "database:sqlite",
        "registry": "database:sqlite",
        "artifacts": "files",
    }
    made = datetime.fromisoformat(manifest["made_at"])
    assert abs((datetime.now(UTC) - made).total_seconds()) < 600
