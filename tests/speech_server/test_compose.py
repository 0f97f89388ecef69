"""What can be checked of the service's containers without a Docker; Redis is started for real."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import typer
import yaml

from flows.cli.app import COMMANDS, app
from tests.fakes.live_server import wait_until
from tests.fakes.memory import memory_folder
from tests.fakes.postgres import free_port
from voxgate.adapters.http import server as http_server
from voxgate.adapters.queue.campaign_queue import CeleryTurnQueue, make_campaign_app
from voxgate.adapters.queue.celery_app import (
    QUEUES,
    VISIBILITY_TIMEOUT_S,
    CeleryJobQueue,
    make_celery_app,
)
from voxgate.serving.requests import Lane
from voxgate.settings import Settings

SERVER = Path(__file__).resolve().parents[2] / "speech_server"
ROOT = SERVER.parent
SCRIPTS = sorted(SERVER.rglob("*.sh"))
README = (SERVER / "README.md").read_text("utf-8")
MADE_BY_HAND = {"s3_credentials", "speech_s3_credentials"}
OPTIONAL = {
    "SPEECH_PORT",
    "SPEECH_WORKERS",
    "CAMPAIGN_WORKERS",
    "SECRETS_DIR",
    "ASSETS_DIR",
    "AWS_REGION",
}
WORKERS = ("speech-worker", "campaign-worker")


def read_compose(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return read_compose(SERVER / "compose.yaml")


@pytest.fixture(scope="module")
def included(compose: dict[str, Any]) -> dict[str, Any]:
    (path,) = compose["include"]
    return read_compose(SERVER / path)


@pytest.fixture(scope="module")
def stages() -> dict[str, str]:
    """Return the Dockerfile's text by stage."""
    parts = re.split(r"^FROM ", (SERVER / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    return {part.split()[2]: part for part in parts[1:]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets") / "new"
    for script in (ROOT / "mlflow_server" / "init_secrets.sh", SERVER / "init_secrets.sh"):
        subprocess.run([script, folder], check=True, capture_output=True)
    return folder


def secret_names(service: dict[str, Any]) -> dict[str, str]:
    """Return a service's secrets: where they lie below /run/secrets, by the file they come from."""
    entries = [s if isinstance(s, dict) else {"source": s} for s in service["secrets"]]
    return {entry["source"]: entry.get("target", entry["source"]) for entry in entries}


def duration_s(text: str) -> float:
    found = re.fullmatch(r"(\d+)s", text)
    assert found is not None
    return float(found[1])


def test_every_service_runs_without_privileges_on_a_root_that_it_cannot_write(
    compose: dict[str, Any],
) -> None:
    assert sorted(compose["services"]) == ["campaign-worker", "redis", "speech", "speech-worker"]
    for name, service in compose["services"].items():
        assert service["user"] == "10001:10001", name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] == "unless-stopped", name
        assert service["tmpfs"], name
        assert "privileged" not in service, name


def test_what_is_taken_from_the_other_file_is_there_and_nothing_is_said_twice(
    compose: dict[str, Any], included: dict[str, Any]
) -> None:
    assert compose["name"] == included["name"]
    for part in ("services", "secrets", "volumes", "networks"):
        assert not compose.get(part, {}).keys() & included[part].keys(), part
    for name, service in compose["services"].items():
        wanted = service.get("depends_on", {})
        assert wanted.keys() <= compose["services"].keys() | included["services"].keys(), name
        for other, how in wanted.items():
            found = (compose["services"] | included["services"])[other]
            assert how == {"condition": "service_healthy"}, (name, other)
            assert "test" in found["healthcheck"], (name, other)
        assert set(service["networks"]) <= included["networks"].keys(), name
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source.startswith("$") or source in compose["volumes"], (name, volume)


def test_the_port_is_published_on_loopback_only_and_redis_not_at_all(
    compose: dict[str, Any],
) -> None:
    (port,) = compose["services"]["speech"]["ports"]
    assert re.fullmatch(r"127\.0\.0\.1:\$\{SPEECH_PORT:-8080\}:8080", port)
    for name in (*WORKERS, "redis"):
        assert "ports" not in compose["services"][name]
    assert compose["services"]["redis"]["networks"] == ["inner"]


def test_every_command_and_option_is_one_of_the_command_line(compose: dict[str, Any]) -> None:
    table = {command.name for command in COMMANDS}
    group = typer.main.get_command(app)
    for name in ("speech", *WORKERS):
        command, *options = compose["services"][name]["command"]
        assert command in table
        known = group.commands[command]  # type: ignore[attr-defined]
        while hasattr(known, "commands"):
            command, *options = options
            known = known.commands[command]
        filled = [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", option) for option in options]
        known.make_context(command, filled)
    served = compose["services"]["speech"]["command"]
    assert served[:5] == ["serve", "--host", "0.0.0.0", "--port", "8080"]
    assert "--anonymous" not in served
    start = (SERVER / "start.sh").read_text("utf-8")
    assert "serve --host 127.0.0.1 --port " in start


def test_what_is_being_said_is_said_before_a_container_is_killed(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert duration_s(services["speech"]["stop_grace_period"]) >= 2 * http_server._DRAIN_S
    for name in WORKERS:
        assert duration_s(services[name]["stop_grace_period"]) > VISIBILITY_TIMEOUT_S


def test_the_service_is_well_when_it_has_spoken(compose: dict[str, Any]) -> None:
    test = compose["services"]["speech"]["healthcheck"]["test"]
    assert test[0] == "CMD"
    assert "http://127.0.0.1:8080/readyz" in test[-1]
    compile(test[-1], "health check", "exec")


def test_every_variable_is_a_setting_that_the_page_names(compose: dict[str, Any]) -> None:
    for name in ("speech", *WORKERS):
        for variable in compose["services"][name]["environment"]:
            if variable.startswith("VOXGATE_") and variable != "VOXGATE_SECRETS_DIR":
                setting = variable.removeprefix("VOXGATE_").lower()
                assert setting in Settings.model_fields, variable
                assert f"`{variable}`" in README, variable
    text = (SERVER / "compose.yaml").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)[:}]", text))
    assert asked - OPTIONAL == {"SPEECH_ASSETS"}
    for variable in asked:
        assert variable in README, variable


def test_every_secret_is_a_file_that_a_script_makes_or_the_operator_brings(
    compose: dict[str, Any], included: dict[str, Any], made: Path
) -> None:
    for name, secret in compose["secrets"].items():
        assert secret == {"file": "${SECRETS_DIR:-/etc/voxgate/secrets}/" + name}
        assert (made / name).is_file() or name in MADE_BY_HAND, name
    for name, service in compose["services"].items():
        secrets = secret_names(service)
        assert secrets.keys() <= compose["secrets"].keys() | included["secrets"].keys(), name
        for variable, value in service["environment"].items():
            for path in re.findall(r"/run/secrets/(\S+)", str(value)):
                assert path in secrets.values(), (name, path)
            secret = re.search(r"PASSWORD|SECRET|KEY|TOKEN|BROKER", variable) is not None
            assert not secret or str(value).startswith("/run/secrets"), (name, variable)
            assert not re.search(r"//[^/@\s]*:[^/@\s]*@", str(value)), (name, variable)
        for path in secrets.values():
            if path.startswith("voxgate_"):
                assert path.removeprefix("voxgate_") in Settings.model_fields


def test_settings_read_the_secrets_from_their_files(
    compose: dict[str, Any], made: Path, tmp_path: Path
) -> None:
    for source, target in secret_names(compose["services"]["speech"]).items():
        if source not in MADE_BY_HAND:
            shutil.copy(made / source, tmp_path / target)
    found = Settings(_secrets_dir=str(tmp_path))
    assert found.mlflow_password is not None
    assert found.mlflow_password.get_secret_value() in (made / "accounts").read_text("utf-8")


def test_secrets_are_random_for_their_owner_only_and_never_replaced(made: Path) -> None:
    names = ("voxgate_broker_url", "voxgate_speech_secret", "speech_mlflow_password", "accounts")
    before = {name: (made / name).read_text("utf-8") for name in names}
    assert all((made / name).stat().st_mode & 0o077 == 0 for name in names)
    assert re.fullmatch(
        r"redis://voxgate:[0-9a-f]{48}@redis:6379/0\n", before["voxgate_broker_url"]
    )
    assert re.fullmatch(r"[A-Za-z0-9+/]{43}=\n", before["voxgate_speech_secret"])
    assert before["accounts"].splitlines()[1] == (
        f"speech reader {before['speech_mlflow_password'].strip()}"
    )
    done = subprocess.run(
        [SERVER / "init_secrets.sh", made], check=True, capture_output=True, text=True
    )
    assert {name: (made / name).read_text("utf-8") for name in names} == before
    assert not any(value.strip() in done.stdout for value in before.values())


def test_without_the_other_servers_secrets_nothing_is_made(tmp_path: Path) -> None:
    done = subprocess.run([SERVER / "init_secrets.sh", tmp_path], check=False, capture_output=True)
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_every_image_is_built_here_from_a_base_with_a_full_version(
    compose: dict[str, Any], stages: dict[str, str]
) -> None:
    for name, service in compose["services"].items():
        assert re.fullmatch(r"voxgate-\w+:\d+\.\d+\.\d+", service["image"]), name
        build = service["build"]
        assert (SERVER / build["context"]).resolve() == ROOT
        assert (ROOT / build["dockerfile"]) == SERVER / "Dockerfile"
        stage = stages[build["target"]]
        assert "\nUSER voxgate\n" in stage, name
        assert "uid 10001" in stage, name
    for stage, text in stages.items():
        assert re.search(r":\d+\.\d+(\.\d+)?-", text.split()[0]), stage
        for install in re.findall(r"pip install (.*)", text):
            assert "requirements.lock" in install or install.startswith("--no-deps -e ."), install


def test_every_file_that_an_image_takes_is_there_and_sent_to_the_builder(
    stages: dict[str, str],
) -> None:
    ignore = (SERVER / "Dockerfile.dockerignore").read_text("utf-8").split()
    assert ignore[0] == "*"
    sent = {line.removeprefix("!").rstrip("/") for line in ignore if line.startswith("!")}
    for text in stages.values():
        for sources in re.findall(r"^COPY (?:--\S+ )*(.*) \S+$", text, flags=re.MULTILINE):
            for source in sources.split():
                assert (ROOT / source).exists(), source
                assert source in sent or str(Path(source).parent) in sent, source
        for script in re.findall(r'ENTRYPOINT \["/srv/(\S+)"\]', text):
            assert (ROOT / script).stat().st_mode & 0o111, script
    volumes = {"/srv/voxgate/.voxgate", "/srv/voxgate/.voxgate/speakers"}
    assert all(path.removeprefix("/srv/voxgate/") in stages["speech"] for path in volumes)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_stop_at_the_first_fault(script: Path) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & 0o111
    assert "\nset -euo pipefail\n" in script.read_text("utf-8")
    if shutil.which("shellcheck"):
        done = subprocess.run(["shellcheck", "-x", script], check=False, capture_output=True)
        assert done.returncode == 0, done.stdout.decode()


# ----------------------------------------------------------------------------- Redis, as it starts


@pytest.fixture(scope="module")
def broker_url(made: Path) -> Iterator[str]:
    """Start the script of the container on loopback; yields the address with its password."""
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed: apt-get install redis-server")
    port = free_port()
    url = (made / "voxgate_broker_url").read_text("utf-8").strip()
    own = url.replace("@redis:6379", f"@127.0.0.1:{port}")
    with memory_folder() as state:
        environment = {"PATH": os.environ["PATH"], "SECRETS": str(made), "STATE": str(state)}
        with subprocess.Popen(
            [SERVER / "entry" / "redis.sh"],
            env={**environment, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        ) as process:
            try:
                wait_until(lambda: answers(own))
                listed = Path(f"/proc/{process.pid}/cmdline").read_text("utf-8")
                assert url.split(":")[2].split("@")[0] not in listed
                yield own
            finally:
                process.terminate()
                process.wait(10)


def answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def test_redis_takes_jobs_from_who_has_the_password(broker_url: str) -> None:
    CeleryJobQueue(make_celery_app(broker_url)).send(["one", "two"], lane=Lane.BATCH)
    with redis.Redis.from_url(broker_url) as client:
        assert client.llen(QUEUES[Lane.BATCH]) == 1


def test_redis_takes_turns_at_campaigns_and_counts_them(broker_url: str) -> None:
    queue = CeleryTurnQueue(make_campaign_app(broker_url))
    before = queue.waiting()
    queue.send("spring")
    assert queue.waiting() == before + 1


def test_redis_admits_nobody_else_and_to_no_administration(broker_url: str) -> None:
    nobody = re.sub(r"//.*@", "//", broker_url)
    with redis.Redis.from_url(nobody) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    with redis.Redis.from_url(broker_url) as client:
        for refused in (client.flushall, client.config_get, client.shutdown):
            with pytest.raises(redis.exceptions.NoPermissionError):
                refused()
