"""What can be checked of the containers without a Docker: names, pins, ports, secrets."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

SERVER = Path(__file__).resolve().parents[2] / "mlflow_server"
ROOT = SERVER.parent
SCRIPTS = sorted(SERVER.rglob("*.sh"))
MADE_BY_HAND = {"s3_credentials"}
OPTIONAL = {"SECRETS_DIR", "CHECKOUT_DIR", "ASSETS_DIR", "BACKUP_DIR", "AWS_REGION"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((SERVER / "compose.yaml").read_text("utf-8"))
    return document


@pytest.fixture(scope="module")
def stages() -> dict[str, str]:
    """Return the Dockerfile's text by stage."""
    parts = re.split(r"^FROM ", (SERVER / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    return {part.split()[2]: part for part in parts[1:]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets") / "new"
    subprocess.run([SERVER / "init_secrets.sh", folder], check=True, capture_output=True)
    return folder


def test_every_service_runs_without_privileges_and_says_when_it_is_well(
    compose: dict[str, Any],
) -> None:
    assert sorted(compose["services"]) == ["backup", "mlflow", "postgres", "prefect", "worker"]
    for name, service in compose["services"].items():
        assert service["user"] == "10001:10001", name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "healthcheck" in service or service["restart"] == "no", name


def test_ports_are_published_on_loopback_only_and_databases_not_at_all(
    compose: dict[str, Any],
) -> None:
    for name, service in compose["services"].items():
        for port in service.get("ports", ()):
            assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), (name, port)
    assert compose["networks"]["inner"] == {"internal": True}
    assert compose["services"]["postgres"]["networks"] == ["inner"]
    assert "ports" not in compose["services"]["postgres"]


def test_every_image_is_built_here_from_a_base_with_a_full_version(
    compose: dict[str, Any], stages: dict[str, str]
) -> None:
    for name, service in compose["services"].items():
        assert re.fullmatch(r"voxgate-\w+:\d+\.\d+\.\d+", service["image"]), name
        if "build" in service:
            build = service["build"]
            assert (SERVER / build["context"]).resolve() == ROOT
            assert (ROOT / build["dockerfile"]) == SERVER / "Dockerfile"
            assert "\nUSER voxgate\n" in stages[build["target"]], name
            assert "uid 10001" in stages[build["target"]] + stages["base"], name
    for stage, text in stages.items():
        base = text.split()[0]
        assert base in stages or re.search(r":\d+\.\d+(\.\d+)?-", base), (stage, base)
        for install in re.findall(r"pip install (.*)", text):
            assert "requirements.lock" in install, install


def test_every_file_that_an_image_takes_is_there_and_sent_to_the_builder(
    stages: dict[str, str],
) -> None:
    ignore = (SERVER / "Dockerfile.dockerignore").read_text("utf-8").split()
    assert ignore[0] == "*"
    sent = tuple(line.removeprefix("!") for line in ignore[1:])
    for text in stages.values():
        for source in re.findall(r"^COPY (?:--\S+ )*(\S+) ", text, flags=re.MULTILINE):
            assert (ROOT / source).is_file(), source
            assert source.startswith(sent), source
        for script in re.findall(r'ENTRYPOINT \["/srv/(\S+)"\]', text):
            assert (ROOT / script).stat().st_mode & 0o111, script


def test_every_secret_is_a_file_that_the_scripts_make_or_the_operator_brings(
    compose: dict[str, Any], made: Path
) -> None:
    for name, secret in compose["secrets"].items():
        assert secret == {"file": "${SECRETS_DIR:-/etc/voxgate/secrets}/" + name}
        assert (made / name).is_file() or name in MADE_BY_HAND, name
    for name, service in compose["services"].items():
        assert set(service["secrets"]) <= set(compose["secrets"]), name
        text = yaml.safe_dump(service["environment"])
        for path in re.findall(r"/run/secrets/(\S+)", text):
            assert path in service["secrets"], (name, path)
        script = SERVER / "entry" / f"{name}.sh"
        if script.is_file():
            for secret in re.findall(r"\$SECRETS/(\w+)\"", script.read_text("utf-8")):
                assert secret in service["secrets"], (name, secret)


def test_what_a_script_wants_its_service_gives(compose: dict[str, Any]) -> None:
    given_by_image = {"PGDATA", "VOXGATE_CHECKOUT"}
    for name, service in compose["services"].items():
        script = SERVER / "entry" / f"{name}.sh"
        text = script.read_text("utf-8") if script.is_file() else ""
        for variable in re.findall(r"\$\{(\w+):\?\}", text):
            assert variable in given_by_image | set(service["environment"]), (name, variable)


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable, value in service["environment"].items():
            secret = re.search(r"PASSWORD|SECRET|KEY|TOKEN", variable) is not None
            allowed = str(value).startswith("/run/secrets")
            assert not secret or allowed, (name, variable)
            assert not re.search(r"//[^/@\s]*:[^/@\s]*@", str(value)), (name, variable)
    text = (SERVER / "compose.yaml").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)[:}]", text))
    assert asked - OPTIONAL == {"ARTIFACTS"}


def test_secrets_are_random_for_their_owner_only_and_never_replaced(made: Path) -> None:
    before = {path.name: path.read_text("utf-8") for path in made.iterdir()}
    assert len({value.strip().rpartition(":")[2] for value in before.values()}) >= 6
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.iterdir())
    done = subprocess.run(
        [SERVER / "init_secrets.sh", made], check=True, capture_output=True, text=True
    )
    assert {path.name: path.read_text("utf-8") for path in made.iterdir()} == before
    assert not any(value.strip() in done.stdout for value in before.values())
    role, password = before["ledger.pgpass"].strip().split(":")[3:]
    assert (role, len(password)) == ("ledger", 48)
    assert before["accounts"].split() == [
        "worker",
        "trainer",
        *before["mlflow_worker_password"].split(),
    ]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_stop_at_the_first_fault(script: Path) -> None:
    text = script.read_text("utf-8")
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    sourced = not script.stat().st_mode & 0o111
    assert sourced or "\nset -euo pipefail\n" in text
    if shutil.which("shellcheck"):
        done = subprocess.run(["shellcheck", "-x", script], check=False, capture_output=True)
        assert done.returncode == 0, done.stdout.decode()
