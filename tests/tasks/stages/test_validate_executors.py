"""An executor says where, never what: ingest and validate leave the same bytes under each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tasks.stages.ingest import ingest
from tasks.stages.validate import validate
from tests.fakes.dvc_checkout import git
from tests.fakes.ray_nodes import two_nodes
from tests.fakes.recordings import write_data
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.corpus.manifest import Recording
from voxgate.executors import Executor, SerialExecutor
from voxgate.files import digest_file
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.workers import build_executor

REPOSITORY = Path(__file__).parents[3]
SPEAKERS = REPOSITORY / "benchmark" / "speakers"
VOICES = 4
TIMED = {"timings.json", "data_docs"}
"""Files that hold the time of their making (docs/validation.md)."""

pytestmark = [pytest.mark.slow, pytest.mark.assets]


def write_checkout(root: Path) -> Workspace:
    """Write data/ of known voices, three clips each, with a letter among them."""
    git(root, "init", "--quiet")
    index = (SPEAKERS / "index.jsonl").read_text(encoding="utf-8").splitlines()
    recordings = []
    for row in map(json.loads, index[: 3 * VOICES]):
        path = f"audio/{row['voice']}/{row['file']}"
        (root / "data" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SPEAKERS / row["file"], root / "data" / path)
        name = f"{row['voice']}/{Path(row['file']).stem}"
        recordings.append(Recording(name, path, row["voice"], "en", row["text"]))
    letter = Recording(
        "letter", "audio/letter.wav", recordings[0].speaker_id, "en", "Dear listener."
    )
    (root / "data" / letter.path).write_text("Dear listener, this is no sound.\n" * 9)
    write_data(root, [*recordings, letter], speakers=sorted({r.speaker_id for r in recordings}))
    shutil.copytree(
        REPOSITORY / "benchmark", root / "benchmark", ignore=shutil.ignore_patterns("speakers")
    )
    return Workspace(root)


def run(root: Path, executor: Executor) -> dict[str, str]:
    """Run both stages; returns the digests of what they left, by path."""
    root.mkdir()
    workspace = write_checkout(root)
    params = load_params(REPOSITORY / "params.yaml")
    ingest(workspace, params, executor=executor)
    validate(workspace, params, executor=executor)
    return {
        path.relative_to(workspace.build_dir).as_posix(): digest_file(path)
        for path in sorted(workspace.build_dir.rglob("*"))
        if path.is_file() and not TIMED & {*path.relative_to(workspace.build_dir).parts}
    }


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, assets_dir: Path) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("serial") / "checkout"
    found = run(folder, SerialExecutor())
    rows = pq.read_table(folder / "build" / "validate" / "clips.parquet").to_pylist()
    heard = [row for row in rows if row["transcript"]]
    assert len(rows) == 3 * VOICES + 1
    assert len(heard) >= 2 * VOICES, "too few clips came as far as the instruments"
    assert {row["fault_code"] for row in rows} == {None, "wrong_format"}
    return found


@pytest.fixture
def two_processes() -> Iterator[Executor]:
    with ProcessExecutor(2) as executor:
        yield executor


@pytest.fixture
def three_processes() -> Iterator[Executor]:
    with ProcessExecutor(3) as executor:
        yield executor


@pytest.fixture
def ray_nodes() -> Iterator[Executor]:
    with (
        two_nodes() as nodes,
        build_executor(Settings(executor="ray", ray_address=nodes.address)) as executor,
    ):
        yield executor


@pytest.mark.parametrize("executor", ["two_processes", "three_processes", "ray_nodes"])
def test_the_bytes_are_those_of_the_serial_run(
    executor: str, reference: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = run(tmp_path / "checkout", request.getfixturevalue(executor))
    assert found.keys() == reference.keys()
    assert [name for name in found if found[name] != reference[name]] == []
    assert {"ingest/clips.parquet", "ingest/audio/shard-000.npy", "validate/clips.parquet"} <= {
        *found
    }
