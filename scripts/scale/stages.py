"""What whole stages take at several sizes, and what one clip in a hundred more costs.

    python -m scripts.scale.stages DATA [--clips 1000 10000] [--work FOLDER]

makes checkouts of spliced clips (`scripts.scale.splices`) from the recordings of DATA, a `data/`
with real speech, and runs `ingest`, `validate` and `featurize` with the workers of the settings,
each stage in a process of its own; then once more with a hundredth of new clips. `validate`
believes each text (`scripts.scale.unheard`): Whisper takes what it takes a second of sound,
whatever the size. A checkout takes some 250 kB a clip on disk.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.load.machine import Watch, describe
from scripts.scale.splices import Splicer, write_checkout
from scripts.scale.unheard import BelievingRecogniser
from tasks.__main__ import run_stage
from tasks.stages.validate import validate
from voxgate.params import load_params
from voxgate.stage import Outcome, Workspace

__all__ = ["STAGES", "Taken", "as_line", "main", "measure", "run_alone"]

ROOT = Path(__file__).parents[2]
STAGES = ("ingest", "validate", "featurize")
_ADDED = 0.01
_HEAD = (
    "| stage | clips | CPU s a 1,000 clips | seconds | peak, MiB: stage, largest worker "
    "| 1 % more: CPU s | of the first |\n|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a stage took: with its workers, and of those the one that held most."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    worker_mib: float
    accepted: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, size by size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--clips", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--work", type=Path, help="a folder on a disk with room")
    given = parser.parse_args(arguments)
    watch = Watch()
    _say(f"{describe()}\n\n{_HEAD}")
    splicer = Splicer.of(given.data, load_params(ROOT / "params.yaml").ingest)
    for count in given.clips:
        with ExitStack() as stack:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=given.work)))
            write_checkout(root, splicer, count)
            first = {stage: measure(stage, root) for stage in STAGES}
            write_checkout(root, splicer, count + round(count * _ADDED))
            second = {stage: measure(stage, root) for stage in STAGES}
            for stage in STAGES:
                _say(_row(stage, count, first[stage], second[stage].cpu_s))
            total = sum(each.cpu_s for each in first.values())
            again = sum(each.cpu_s for each in second.values())
            _say(f"| all | {count:,} | {total / count * 1_000:.2f} | | | {_added(again, total)} |")
    _say(f"\n{watch.read()}")
    return 0


def measure(stage: str, root: Path) -> Taken:
    """Run a stage in a process of its own.

    Raises:
        SystemExit: it refused, so that there is nothing to compare.
    """
    command = [sys.executable, "-m", "scripts.scale.stage_alone", stage, str(root)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    taken = Taken(**json.loads(done.stdout.splitlines()[-1]))
    if not taken.accepted:
        raise SystemExit(f"{stage} refused; {root / 'build' / stage} says why")
    return taken


def run_alone(stage: str, root: Path) -> Taken:
    """Run a stage in this process, which has done nothing else, and return what it took."""
    started = time.perf_counter()
    outcome = _run(stage, root)
    own, workers = (resource.getrusage(whose) for whose in (
        resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN,
    ))  # fmt: skip
    return Taken(
        cpu_s=own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime,
        wall_s=time.perf_counter() - started,
        peak_mib=own.ru_maxrss / 1_024,
        worker_mib=workers.ru_maxrss / 1_024,
        accepted=outcome.accepted,
    )


def _run(stage: str, root: Path) -> Outcome:
    if stage != "validate":
        return run_stage(stage, root)
    workspace = Workspace(root)
    params = load_params(workspace.params_file)
    return validate(workspace, params, recogniser=BelievingRecogniser())


def as_line(taken: Taken) -> str:
    """Return what `measure` reads."""
    return json.dumps(asdict(taken))


def _row(stage: str, count: int, first: Taken, again_s: float) -> str:
    memory = f"{first.peak_mib:,.0f}, {first.worker_mib:,.0f}"
    return (
        f"| {stage} | {count:,} | {first.cpu_s / count * 1_000:.2f} | {first.wall_s:.0f} "
        f"| {memory} | {_added(again_s, first.cpu_s)} |"
    )


def _added(again_s: float, first_s: float) -> str:
    return f"{again_s:.1f} | {again_s / first_s:.1%}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
