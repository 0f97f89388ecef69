"""One part in a process of its own: `python -m scripts.scale.measuring PART WAY FOLDER` (Linux)."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.scale.corpora import Corpus
from scripts.scale.parts import PARTS, ROOT

__all__ = ["Taken", "measure", "measure_alone"]

_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a part took. `peak_mib` is all that its process held, `own_mib` what the part added."""

    cpu_s: float
    peak_mib: float
    own_mib: float
    outcome: int


def measure_alone(part: str, way: str, folder: Path) -> Taken:
    """Measure in a new process: memory that was given back is not returned by this one."""
    command = [sys.executable, "-m", "scripts.scale.measuring", part, way, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return Taken(**json.loads(done.stdout.splitlines()[-1]))


def measure(part: str, way: str, folder: Path) -> Taken:
    """Measure a part, `now` or `before`, over the corpus of a folder."""
    work = getattr(PARTS[part], way)(Corpus(folder))
    gc.collect()
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK, encoding="ascii")
    before_mib, started = _mib("VmRSS"), time.process_time()
    outcome = work()
    cpu_s, peak_mib = time.process_time() - started, _mib("VmHWM")
    return Taken(cpu_s=cpu_s, peak_mib=peak_mib, own_mib=peak_mib - before_mib, outcome=outcome)


def _mib(name: str) -> float:
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"{_STATUS}: expected a line {name}, found none; this measures on Linux only")


if __name__ == "__main__":
    asked_part, asked_way, asked_folder = sys.argv[1:]
    taken = measure(asked_part, asked_way, Path(asked_folder))
    sys.stdout.write(json.dumps(asdict(taken)) + "\n")
