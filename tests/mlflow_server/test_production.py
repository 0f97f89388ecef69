"""The production configuration, for real: PostgreSQL, a bucket, passwords, roles, backups."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tasks.release.approve import approve
from tests.fakes.build_tree import write_build_tree
from tests.fakes.postgres import free_port
from tests.fakes.production import Production, answers, production, start, wait
from tests.fakes.release_site import ReleaseSite
from tests.fakes.tiny_preset import install_tiny_preset
from voxgate.adapters.mlflow.projection import project
from voxgate.adapters.mlflow.registry import CHOSEN_TAG, versions
from voxgate.adapters.mlflow.store import MlflowStore, connect
from voxgate.errors import RegistryError
from voxgate.files import read_json
from voxgate.release.ports.registry import Candidate
from voxgate.settings import load_settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

PEOPLE = {"worker": "trainer", "anna": "approver", "rita": "reader"}
PASSWORDS = {name: f"{name}-has-a-long-password" for name in PEOPLE}


@pytest.fixture(scope="module")
def site() -> Iterator[Production]:
    with production() as servers:
        yield servers


@pytest.fixture(scope="module")
def checkout(site: Production) -> Path:
    """Return a checkout on the servers, whose accounts the administrator has made."""
    made = ReleaseSite.create(site.folder / "checkout", site.url).root
    _write_accounts(site, PEOPLE)
    with pytest.MonkeyPatch.context() as patch:
        _become(patch, site, "admin", site.secret("mlflow_admin_password"))
        answer = CliRunner().invoke(
            app, ["roles", str(site.secrets / "accounts"), "--root", str(made)]
        )
    assert answer.exit_code == 0, answer.output
    assert answer.output.split() == "anna: approver rita: reader worker: trainer".split()
    return made


@pytest.fixture
def become(site: Production, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes this process somebody; it returns their connection."""

    def change(name: str, password: str | None = None) -> MlflowStore:
        _become(monkeypatch, site, name, password or PASSWORDS[name])
        return connect(load_settings(), checkout)

    return change


@pytest.fixture
def release_site(site: Production, checkout: Path) -> ReleaseSite:
    return ReleaseSite(checkout, site.url)


def _write_accounts(site: Production, people: dict[str, str]) -> None:
    path = site.secrets / "accounts"
    lines = [f"{name} {role} {PASSWORDS[name]}\n" for name, role in people.items()]
    path.write_text("# who may do what\n" + "".join(lines), encoding="utf-8")
    path.chmod(0o600)


def _become(patch: pytest.MonkeyPatch, site: Production, name: str, password: str) -> None:
    values = {
        "VOXGATE_MLFLOW_TRACKING_URI": site.url,
        "VOXGATE_MLFLOW_USERNAME": name,
        "VOXGATE_MLFLOW_PASSWORD": password,
        # What voxgate sets from them; named here so that it is taken back after the test.
        "MLFLOW_TRACKING_USERNAME": name,
        "MLFLOW_TRACKING_PASSWORD": password,
        "VOXGATE_LEDGER_URL": f"postgresql://ledger@127.0.0.1:{site.environment['PGPORT']}/ledger",
        "PGPASSFILE": str(site.secrets / "ledger.pgpass"),
    }
    for variable, value in values.items():
        patch.setenv(variable, value)


def _status(url: str, body: dict[str, str] | None = None, **headers: str) -> int:
    request = urllib.request.Request(url, headers={"Content-Type": "application/json", **headers})
    if body is not None:
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def _refused(action: Any, *arguments: Any) -> bool:
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException) as caught:
        action(*arguments)
    return bool(caught.value.error_code == "PERMISSION_DENIED")


def test_a_release_needs_the_roles_and_leaves_its_files_in_the_bucket(
    site: Production, release_site: ReleaseSite, become: Any
) -> None:
    model = release_site.desk.model
    trainer = become("worker").client
    version = release_site.offer(1, package=True)
    assert any(key.endswith("s1.safetensors") for key in site.objects())
    assert release_site.aliases() == {"challenger": 1}
    # MLflow cannot keep an account that adds versions from pointing an alias at one ...
    trainer.set_registered_model_alias(model, "champion", "1")
    # ... but from destroying what was released it can.
    assert _refused(trainer.delete_registered_model_alias, model, "champion")
    assert _refused(trainer.delete_model_version, model, "1")
    assert _refused(trainer.delete_registered_model, model)

    approver = become("anna").client
    (drift,) = (d for d in _registry_check(release_site) if d["subject"] == "champion")
    assert (drift["code"], drift["by_hand"]) == ("alias_unexpected", True)
    approver.delete_registered_model_alias(model, "champion")
    answer = approve(release_site.desk, version, by="anna", reason="listened")
    assert (answer.live, answer.registry_problem) == (version, None)
    assert release_site.aliases() == {"champion": 1}
    assert _refused(approver.delete_model_version, model, "1")
    assert _refused(approver.create_run, "1")


def _registry_check(release_site: ReleaseSite) -> list[dict[str, Any]]:
    answer = CliRunner().invoke(
        app, ["registry", "check", "--json", "--root", str(release_site.root)]
    )
    assert answer.exit_code == 1, answer.output
    return list(json.loads(answer.stdout))


def test_a_reader_reads_and_changes_nothing(release_site: ReleaseSite, become: Any) -> None:
    model = release_site.desk.model
    client = become("rita").client
    assert client.get_registered_model(model).name == model
    assert _refused(client.set_registered_model_alias, model, "champion", "1")
    assert _refused(client.delete_registered_model_alias, model, "champion")
    assert _refused(client.create_model_version, model, "s3://elsewhere/voice")
    assert _refused(client.set_model_version_tag, model, "1", "voxgate.verdict", "PASS")
    assert _refused(client.create_registered_model, "of-my-own")
    assert _refused(client.create_experiment, "of-my-own")
    assert _refused(client.create_run, "1")


def test_an_approver_brings_a_deleted_version_back(
    site: Production, release_site: ReleaseSite, become: Any
) -> None:
    model = release_site.desk.model
    become("admin", site.secret("mlflow_admin_password")).client.delete_model_version(model, "1")
    become("anna")
    command = ["registry", "repair", "--by", "anna", "--root", str(release_site.root)]
    answer = CliRunner().invoke(app, command)
    assert answer.exit_code == 0, answer.output
    assert release_site.aliases()["champion"] == 2


def test_what_an_account_may_not_project_waits_for_one_that_may(
    release_site: ReleaseSite, become: Any
) -> None:
    become("worker")
    version = release_site.offer(2, package=True)
    become("rita")
    answer = approve(release_site.desk, version, by="anna", reason="listened")
    assert answer.live == version
    assert "Permission denied" in str(answer.registry_problem)
    assert release_site.aliases()["champion"] == 2
    become("anna")
    assert release_site.desk.follow() == ((), None)
    assert release_site.aliases() == {"champion": 3, "previous": 2}


def test_files_that_a_trainer_overwrites_are_noticed(
    site: Production, release_site: ReleaseSite, become: Any, tmp_path: Path
) -> None:
    """MLflow lets an account that logs runs overwrite what is live; the ledger's digests tell."""
    become("rita")
    desk = release_site.desk
    book = desk.ledger.read(desk.model)
    release = book.releases[book.live or 0]
    trainer = become("worker").client
    model_id = trainer.get_run(release.parent_run_id).data.tags[CHOSEN_TAG]
    (kept,) = (release_site.root / ".voxgate" / "releases").glob(str(release.origin.model_digest))
    forged = tmp_path / "forged" / "artifacts" / "step-000010"
    forged.mkdir(parents=True)
    (forged / "s1.safetensors").write_bytes(b"another voice")
    trainer.log_model_artifacts(model_id, str(tmp_path / "forged"))
    become("rita")
    assert "files_differ" in {drift["code"] for drift in _registry_check(release_site)}
    become("worker")
    (forged / "s1.safetensors").write_bytes((kept / "s1.safetensors").read_bytes())
    trainer.log_model_artifacts(model_id, str(tmp_path / "forged"))
    become("rita")
    assert desk.connect().examine_files(desk.ledger, desk.model) == ()


def test_a_model_that_a_trainer_renames_is_noticed(
    site: Production, release_site: ReleaseSite, become: Any
) -> None:
    model = release_site.desk.model
    trainer = become("worker").client
    trainer.rename_registered_model(model, "elsewhere")
    become("rita")
    assert "model_lost" in {drift["code"] for drift in _registry_check(release_site)}
    become("worker").client.rename_registered_model("elsewhere", model)


def test_anonymous_and_unknown_are_sent_away(site: Production, checkout: Path) -> None:
    alias = {"name": "any", "alias": "champion", "version": "1"}
    api = f"{site.url}/api/2.0/mlflow"
    assert _status(f"{api}/registered-models/alias", alias) == 401
    assert _status(f"{api}/model-versions/create", {"name": "any", "source": "x"}) == 401
    assert _status(f"{api}/experiments/search", {}) == 401
    assert _status(f"{api}-artifacts/artifacts/1/x") == 401
    assert _status(f"{site.url}/health") == 200
    # A page of somebody else's that a browser with the password has open.
    login = "Basic " + base64.b64encode(f"rita:{PASSWORDS['rita']}".encode()).decode()
    known = {"Authorization": login, "Host": "mlflow:5000"}
    experiment = f"{api}/experiments/get-by-name?experiment_name=voxgate"
    assert _status(experiment, **known) == 200
    assert _status(experiment, **(known | {"Host": "evil.example"})) == 403


def test_a_voice_registered_by_the_trainer_is_loaded_by_a_reader(
    site: Production, become: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow
    import pandas as pd

    from tests.fakes.voice_package import CARD, TEXT, voice_files
    from voxgate.voice.package import write_voice

    install_tiny_preset(monkeypatch)
    store = become("worker")
    workspace = write_build_tree(tmp_path / "checkout")
    package = workspace.stage_dir("train") / "checkpoints"
    for row in package.iterdir():
        (row / "voice.json").unlink()
        write_voice(row, CARD, voice_files())
    candidate = Candidate(
        digest="a" * 64,
        model_name="voice-tiny",
        workspace=workspace,
        data_version="0123456789abcdef0123456789abcdef.dir",
        checkpoints=read_json(workspace.stage_dir("evaluate") / "checkpoints.json"),
        params={"train": {"seed": 1}},
    )
    assert project(store, candidate).version == 1
    become("rita")
    assert [v.version for v in versions(store, "voice-tiny")] == [1]
    voice = mlflow.pyfunc.load_model("models:/voice-tiny/1")
    (spoken,) = voice.predict(pd.DataFrame({"text": [TEXT]}))["audio_wav"]
    assert spoken.startswith(b"RIFF")


def test_no_secret_is_in_an_argument_or_a_log(site: Production, checkout: Path) -> None:
    secrets = [site.secret(f"{name}.pgpass").rpartition(":")[2] for name in ("mlflow", "ledger")]
    secrets += [site.secret("mlflow_admin_password"), site.secret("mlflow_flask_key")]
    secrets += ["not-a-real-key", *PASSWORDS.values()]
    groups = {process.pid for process in site.processes}
    arguments = ""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) in groups:
                arguments += (folder / "cmdline").read_text(errors="replace")
        except OSError:
            continue
    assert "basic-auth" in arguments
    logs = [path.read_text() for path in site.folder.glob("*.log")]
    assert len(logs) == 2
    for secret in secrets:
        assert secret not in arguments
        assert not any(secret in log for log in logs)


def test_databases_ask_for_passwords_and_keep_to_their_owners(site: Production) -> None:
    def ask(role: str, database: str, password: str) -> str:
        done = subprocess.run(
            ["psql", "-h", "127.0.0.1", "-U", role, "-d", database, "-w", "-c", "SELECT 1"],
            env={**os.environ, **site.environment, "PGPASSWORD": password, "PGPASSFILE": "/none"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr

    password = site.secret("ledger.pgpass").rpartition(":")[2]
    assert ask("ledger", "ledger", password) == ""
    assert "password authentication failed" in ask("ledger", "ledger", "wrong")
    assert "permission denied for database" in ask("ledger", "mlflow_auth", password)


def test_accounts_are_what_the_file_says(
    site: Production, checkout: Path, become: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.server.auth.client import AuthServiceClient

    admin = site.secret("mlflow_admin_password")
    become("admin", admin)
    AuthServiceClient(site.url).grant_user_permission("rita", "registered_model", "*", "MANAGE")
    monkeypatch.setitem(PASSWORDS, "rita", "rita-has-another-password")
    _write_accounts(site, {"rita": "reader", "worker": "trainer"})
    command = ["roles", str(site.secrets / "accounts"), "--root", str(checkout)]
    for expected in ("anna: deleted\nrita: reader\nworker: trainer\n",):
        assert CliRunner().invoke(app, command).output == expected
    _write_accounts(site, PEOPLE)
    assert CliRunner().invoke(app, command).exit_code == 0
    model = ReleaseSite(checkout, site.url).desk.model
    client = become("rita").client
    assert _refused(client.set_registered_model_alias, model, "champion", "1")
    with pytest.raises(RegistryError, match=r"401|UNAUTHENTICATED"):
        become("rita", "rita-has-a-long-password")


def test_a_backup_brings_everything_back(
    site: Production, release_site: ReleaseSite, become: Any, tmp_path: Path
) -> None:
    become("anna")
    before = _state(site, release_site)
    assert before["aliases"] == {"champion": 3, "previous": 2}
    done = site.script("backup.sh", tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = tmp_path.iterdir()
    again = site.script("restore.sh", folder)
    assert again.returncode == 0, again.stderr  # it is all there already
    store = release_site.desk.connect()
    store.client.set_model_version_tag(release_site.desk.model, "3", "later", "1")
    refused = site.script("restore.sh", folder)
    assert refused.returncode == 1
    assert "mlflow is not empty; move what is there away first" in refused.stderr
    site.destroy()
    done = site.script("restore.sh", folder)
    assert done.returncode == 0, done.stderr
    assert _state(site, release_site) == before


def test_prefect_and_its_worker_start_on_the_same_databases(site: Production) -> None:
    api, health = free_port(), free_port()
    home = {"PREFECT_HOME": str(site.folder / "prefect")}
    names = {"PGUSER": "prefect", "PGPASSFILE": str(site.secrets / "prefect.pgpass")}
    start(site, "prefect.sh", api, names | home)
    wait(site, lambda: answers(f"http://127.0.0.1:{api}/api/health"))
    assert int(site.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'prefect'")) > 0
    worker = {
        "PREFECT_API_URL": f"http://127.0.0.1:{api}/api",
        "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1",
        "PREFECT_WORKER_WEBSERVER_PORT": str(health),
        "VOXGATE_CHECKOUT": str(ROOT),
    }
    start(site, "worker.sh", 0, worker | home)
    wait(site, lambda: answers(f"http://127.0.0.1:{health}/health"))


def _state(site: Production, release_site: ReleaseSite) -> dict[str, Any]:
    desk = release_site.desk
    store = desk.connect()
    command = ["audit", "verify", "--json", "--root", str(release_site.root)]
    audit = CliRunner().invoke(app, command)
    assert audit.exit_code == 0, audit.output
    runs = store.client.search_runs([store.experiment_id])
    return {
        "aliases": release_site.aliases(),
        "versions": {row.version: dict(row.tags) for row in versions(store, desk.model)},
        "runs": {run.info.run_id: run.data.metrics for run in runs},
        "objects": sorted(site.objects()),
        "audit": json.loads(audit.stdout),
    }
