"""The command line as a whole: scripts and schedules rely on its words, people on its panels."""

from __future__ import annotations

import errno
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from flows.cli.app import COMMANDS, app, main
from tests.fakes.release_site import ReleaseSite

ROOT = Path(__file__).resolve().parents[3]
HEAVY = {"tasks", "models", "prefect", "mlflow", "dvc", "torch", "numpy", "sqlalchemy", "tqdm"}

PANELS = {
    "Run": "run status doctor ui",
    "Data": "corpus data weights speakers lexicon text",
    "Release": (
        "listen votes verify report approve reject promote rollback quarantine gold trade trial "
        "audit registry"
    ),
    "Operate": (
        "monitor deploy worker schedule outbox serve speech-worker campaign speech-memory presets "
        "keys roles backup restore"
    ),
    "Research": "evaluate compare benchmark calibrate rescore drill pretrain",
}

PARAMETERS = """
approve: version --by --reason --evidence --scope --override --until --root --json
audit at: time --root --json
audit clock: --by --reason --root --json
audit log: --root --json
audit speech: --request --version --profile --since --until --limit --root --json
audit verify: --head --root --json
audit verify-campaigns: --head --root --json
audit verify-speakers: --head --root --json
audit verify-speech: --head --root --json
backup: target --store --root --json
benchmark add: text --term --class --block --dry-run --root --json
benchmark list: --root --json
calibrate: --takes --voice --root --json
campaign accept: campaign sentence --reason --by --root --json
campaign approve: campaign --reason --workers --detach --by --root --json
campaign calibrate: campaign --by --root --json
campaign cancel: campaign --reason --by --root --json
campaign create: file --by --root --json
campaign erase: recipient --reason --campaign --by --root --json
campaign pause: campaign --reason --by --root --json
campaign plan: campaign --workers --by --root --json
campaign recall: --reason --model-version --profile --consent --preset --campaign --code --asset
 --dry-run --by --root --json
campaign redo: --model-version --profile --consent --preset --campaign --code --asset --by --root
 --json
campaign recipients: campaign file --by --root --json
campaign report: campaign --by --root --json
campaign resume: campaign --reason --workers --detach --by --root --json
campaign start: campaign --workers --detach --by --root --json
campaign status: campaign --root --json
campaign verify: campaign folder --root --json
campaign work: --workers --follow --root
compare: first second --root --json
corpus account: source --page --root --json
corpus add: folder --speaker --language --layout --list --consent --scope --statement --source
 --licence --attribution --only --replace --root --json
corpus fetch: --root --force --if-missing --json
corpus import: recordings --speaker --language --reference --transcripts --one-aligner --consent
  --scope --statement --source --licence --attribution --root --json
corpus originals: --root --json
corpus review: --port --root
corpus where: clip --root --json
data commit: --root --json
data diff: old new --measure --out --root --json
data pull: --root --force
data push: --root
data version: --root --json
deploy: --root
doctor: --root --json
drill: --prompts --seeds --takes --voice --only --root --json
evaluate: --root --report --json
gold: version --by --reason --root --json
trade show: --root --json
trade sign: --by --reason --root --json
trade revoke: --by --reason --root --json
trial check: --root --json
trial start: version --by --reason --canary-per-mille --shadow-per-mille --days --evidence --root
 --json
trial status: --root --json
trial stop: version --by --reason --root --json
keys create: label --class --right --purpose --per-minute --concurrency --days --root --json
keys list: --root --json
keys revoke: key_id --root --json
lexicon add: term reading --language --carrier --replace --dry-run --root --json
lexicon list: --language --root --json
lexicon remove: term --language --dry-run --root --json
text check: --root --json
text say: text --language --root --json
listen: version --by --port --prompts --root
monitor: --root --date --page --json
outbox list: --root --json
outbox retry: key --root --json
outbox send: --root --json
presets add: file --by --root --json
presets list: --root --json
presets show: label --root --json
pretrain base: --work --minutes-s1 --minutes-s2 --out --start
pretrain corpus: --language --out --work --voice --minutes
pretrain data: --work --hours --workers --pack --language
pretrain tokenizer: --work --out
promote: version --by --root --json
quarantine: version --by --reason --root --json
registry adopt: alias --by --reason --override --until --root --json
registry check: --root --json
registry repair: --by --root --json
reject: version --by --reason --evidence --root --json
report: version --bundle --out --pdf --root --json
rescore: --root --json
restore: source --store --root --json
roles: accounts --root --json
rollback: --by --reason --to --root --json
run: --root --json
schedule check: --root --grace-hours --json
schedule retrain: checkouts --cron --timezone --json
schedule work: --root
serve: --host --port --anonymous --workers --batch-workers --spares --waiting --campaign-workers
 --device --preset --config --root
speech-memory: --device --version --precision --root --json
speech-worker: --workers --device --root
speakers activate: name --by --reason --version --root --json
speakers consent: name --consent --by --reason --version --root --json
speakers enrol: name recording --consent --by --text --speaker --root --json
speakers list: --root --json
speakers measure: name --version --preset --prompts --all-stale --root --json
speakers resume: name --by --reason --version --root --json
speakers revoke: name --by --reason --version --root --json
speakers show: name --version --root --json
speakers suspend: name --by --reason --version --root --json
status: --root --json
ui: --root --port
verify: bundle --json
votes: version --root --json
weights export: folder --to --name --json
weights fetch: names --from
weights import: files --base --extractor --preparation-scale --root --json
weights list: --json
weights verify: names
worker: --root --limit
"""


def _walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Yield the path of every command and what it takes, in the order that its help shows."""
    for name, child in getattr(command, "commands", {}).items():
        yield from _walk(child, (*path, name))
    if not hasattr(command, "commands"):
        words = (p.opts if p.param_type_name == "option" else [p.name] for p in command.params)
        yield " ".join(path), [word for group in words for word in group]


def test_every_command_takes_what_it_always_took() -> None:
    lines = PARAMETERS.replace("\n ", " ").strip().splitlines()
    expected = {path: words.split() for path, words in (line.split(":") for line in lines)}
    assert dict(_walk(get_command(app))) == expected


def test_the_table_puts_every_command_into_the_panel_of_its_users() -> None:
    found: dict[str, list[str]] = {}
    for command in COMMANDS:
        found.setdefault(command.panel, []).append(command.name)
    assert list(found.items()) == [(panel, names.split()) for panel, names in PANELS.items()]


def test_help_shows_the_table_in_its_order() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"TERM": "dumb", "COLUMNS": "100"}).output
    titles = re.findall(r"^╭─ (\w+) ", shown, re.MULTILINE)
    names = re.findall(r"^│ ([a-z][a-z-]*) ", shown, re.MULTILINE)
    assert titles == ["Options", *PANELS]
    assert names == " ".join(PANELS.values()).split()


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, flows.cli.app; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not HEAVY & set(loaded.split())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_refuses_is_one_line_whatever_the_command_was_doing(
    code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise OSError(code, os.strerror(code), "/some/file")

    monkeypatch.setattr("flows.cli.app.app", refuse)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith(f"StorageError: /some/file: {os.strerror(code)}")
    assert said.count("\n") == 1


PASSWORD = "s3cr%2Ft-p4ss"


def _nobody() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    ("command", "variable", "url"),
    [
        ("audit verify", "LEDGER_URL", "postgresql://anna:{p}@127.0.0.1:{port}/ledger"),
        ("audit verify", "LEDGER_URL", "postgresql://127.0.0.1:{port}/x?user=a&password={p}"),
        ("audit verify", "LEDGER_URL", "mysql://anna:{p}@127.0.0.1:{port}/ledger"),
        ("audit log", "LEDGER_URL", "sqlite:////nowhere/x.db?password={p}"),
        ("audit log", "LEDGER_URL", "anna:{p}@127.0.0.1"),
        ("doctor", "LEDGER_URL", "postgresql://anna:{p}@127.0.0.1:{port}/ledger"),
        ("registry check", "MLFLOW_TRACKING_URI", "http://anna:{p}@127.0.0.1:{port}"),
        ("registry check", "MLFLOW_TRACKING_URI", "http://127.0.0.1:{port}/?token={p}"),
        ("status", "MLFLOW_TRACKING_URI", "http://anna:{p}@127.0.0.1:{port}"),
        ("data push", "DATA_REMOTE_URL", "https://anna:{p}@127.0.0.1:{port}/data"),
        ("data push", "DATA_REMOTE_URL", "s3://bucket/data?password={p}"),
        ("registry check", "WEBHOOK_URL", "http://anna:{p}@elsewhere.invalid:{port}/{p}"),
        ("registry check", "SMTP_URL", "smtp://anna:{p}@127.0.0.1:{port}?password={p}"),
    ],
)
def test_no_command_that_fails_shows_a_password(
    command: str,
    variable: str,
    url: str,
    release_site: ReleaseSite,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv(f"VOXGATE_{variable}", url.format(p=PASSWORD, port=_nobody()))
    monkeypatch.setattr("sys.argv", ["voxgate", *command.split(), "--root", str(release_site.root)])
    with pytest.raises(SystemExit):
        main()
    output = capfd.readouterr()
    assert output.out + output.err
    assert "p4ss" not in output.out + output.err
