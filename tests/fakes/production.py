"""The production servers, started by the scripts that compose.yaml starts, on loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.fakes.memory import memory_folder
from tests.fakes.postgres import free_port, postgres_tools

SERVER = Path(__file__).resolve().parents[2] / "mlflow_server"
BUCKET = "voxgate-artifacts"
ALLOWED_HOSTS = "localhost:*,127.0.0.1:*,mlflow:5000"
START_LIMIT_S = 300


@dataclass
class Production:
    """PostgreSQL, a bucket and MLflow; `environment` reaches the databases and the bucket."""

    folder: Path
    url: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]]

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text(encoding="utf-8").strip()

    def objects(self) -> list[str]:
        """Return the keys of every object in the bucket."""
        answer = _s3(self.environment).list_objects_v2(Bucket=BUCKET)
        return [row["Key"] for row in answer.get("Contents", ())]

    def destroy(self) -> None:
        """Lose every database and every object; what is left is empty."""
        client = _s3(self.environment)
        for key in self.objects():
            client.delete_object(Bucket=BUCKET, Key=key)
        for name, owner in (("mlflow", "mlflow"), ("mlflow_auth", "mlflow"), ("ledger", "ledger")):
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")
            self.sql(f"CREATE DATABASE {name} OWNER {owner}")

    def sql(self, statement: str) -> str:
        """Run a statement as the superuser, who comes in by the socket only."""
        port = self.environment["PGPORT"]
        command = ["psql", "-h", str(self.folder / "socket"), "-p", port, "-d", "postgres", "-qAt"]
        words = [*as_postgres(), *command, "-v", "ON_ERROR_STOP=1", "-c", statement]
        done = subprocess.run(words, cwd="/", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def script(self, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one of the operator's scripts with the environment that README.md asks for."""
        return subprocess.run(
            [SERVER / name, *map(str, arguments)],
            env={**os.environ, **self.environment, "PGPASSFILE": f"{self.secrets}/backup.pgpass"},
            capture_output=True,
            text=True,
            check=False,
            cwd=SERVER.parent,
        )


@contextmanager
def production() -> Iterator[Production]:
    """Start the servers with fresh secrets, databases and bucket; stop them at the end."""
    tools = postgres_tools()
    with ExitStack() as stack:
        folder = stack.enter_context(memory_folder())
        folder.chmod(0o711)
        secrets, port = folder / "secrets", free_port()
        subprocess.run([SERVER / "init_secrets.sh", secrets], check=True, capture_output=True)
        keys = "[default]\naws_access_key_id = test\naws_secret_access_key = not-a-real-key\n"
        (secrets / "s3_credentials").write_text(keys, encoding="utf-8")
        for name in ("data", "socket"):
            (folder / name).mkdir(mode=0o700)
        if os.geteuid() == 0:
            for path in (secrets, *secrets.iterdir(), folder / "data", folder / "socket"):
                shutil.chown(path, "postgres", "postgres")
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        stack.callback(moto.stop)
        environment = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PYTHON": sys.executable,
            "PYTHONPATH": str(SERVER.parent),
            "SECRETS": str(secrets),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(port),
            "MLFLOW_ARTIFACTS_DESTINATION": f"s3://{BUCKET}/mlflow",
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{moto.get_host_and_port()[1]}",
            "AWS_SHARED_CREDENTIALS_FILE": str(secrets / "s3_credentials"),
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        _s3(environment).create_bucket(Bucket=BUCKET)
        site = Production(folder, f"http://127.0.0.1:{free_port()}", environment, [])
        stack.callback(_stop, site.processes)
        files = {"PGDATA": str(folder / "data"), "SOCKETS": str(folder / "socket")}
        start(site, "postgres.sh", port, files, by=as_postgres())
        wait(site, lambda: _accepts(tools, port))
        names = {"PGUSER": "mlflow", "PGPASSFILE": str(secrets / "mlflow.pgpass")}
        allowed = {"MLFLOW_SERVER_ALLOWED_HOSTS": ALLOWED_HOSTS}
        start(site, "mlflow.sh", int(site.url.rpartition(":")[2]), names | allowed)
        wait(site, lambda: answers(f"{site.url}/health"))
        yield site


def start(
    site: Production, script: str, port: int, extra: dict[str, str], *, by: tuple[str, ...] = ()
) -> None:
    """Start one of the entry scripts; its output goes to a file of its name."""
    with (site.folder / f"{script}.log").open("wb") as log:
        path = SERVER / "entry" / script
        if by:
            # The checkout may lie where another user cannot look.
            path = Path(shutil.copy(path, site.folder))
        process = subprocess.Popen(
            [*by, "bash", str(path)],
            env={**os.environ, **site.environment, **extra, "PORT": str(port)},
            cwd="/",
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site.processes.append(process)


def as_postgres() -> tuple[str, ...]:
    """Return what makes a command run as user postgres where the tests run as root."""
    if os.geteuid() != 0:
        return ()
    pwd.getpwnam("postgres")
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")


def answers(url: str) -> bool:
    """Say whether a GET of the URL is answered with success."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _accepts(tools: Path, port: int) -> bool:
    command = [tools / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0


def wait(site: Production, ready: Callable[[], bool]) -> None:
    """Wait until the server that was started last is ready; fail with its log if it ends."""
    deadline = time.monotonic() + START_LIMIT_S
    while not ready():
        process = site.processes[-1]
        log = (site.folder / f"{Path(str(process.args[-1])).name}.log").read_text()  # type: ignore[index]
        assert process.poll() is None, log
        if time.monotonic() > deadline:
            pytest.fail(log)
        time.sleep(0.2)


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in [process for process in reversed(processes) if process.poll() is None]:
        # PostgreSQL waits for its clients at SIGTERM; SIGINT is its fast shutdown.
        postgres = str(process.args[-1]).endswith("postgres.sh")  # type: ignore[index]
        os.killpg(process.pid, signal.SIGINT if postgres else signal.SIGTERM)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=20)


def _s3(environment: dict[str, str]) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL_S3"],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="not-a-real-key",
    )
