"""What DVC and the commands on versions of data/ take with many small files, as a Markdown table.

    python -m scripts.scale.dvc_figures WORK [--files 1000 10000] [--before CHECKOUT] [--packed]

For each number of files a scratch checkout is made in WORK, with a remote beside it: recordings of
1 KB, registered, pushed; then one per cent more, compared, registered and pushed. Every figure is
of one command in a process of its own. `--before` gives the comparisons and checks a second time by
the code of another checkout, in turn with this one's. `--packed` does the same with the recordings
in tar files of a thousand, which is what DVC's authors advise for many small files.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.scale.dvc_steps import HEADER, Step, run_step

HERE = Path(__file__).resolve().parents[2]
VOXGATE = str(Path(sys.executable).with_name("voxgate"))
DVC = (sys.executable, "-m", "dvc")
SHARE = 100
ROUNDS = 2


def main() -> int:
    """Measure every number of files and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("work", type=Path)
    options.add_argument("--files", type=int, nargs="+", default=[1_000, 10_000])
    options.add_argument("--before", type=Path)
    options.add_argument("--packed", action="store_true")
    given = options.parse_args()
    codes = {"": HERE}
    if given.before is not None:
        codes = {" (before)": given.before.resolve(), " (now)": HERE}
    _say(HEADER)
    for count in given.files:
        root = given.work.resolve() / f"site-{count}"
        _make("make", root, "--files", str(count))
        for step, note in _as_files(root, count, codes):
            _say(step.row(count, note))
        if given.packed:
            for step, note in _packed(root, count, given.work.resolve() / f"packed-{count}"):
                _say(step.row(count, note))
    return 0


def _as_files(root: Path, count: int, codes: dict[str, Path]) -> Iterator[tuple[Step, str]]:
    yield _voxgate(root, "data commit", "first"), _sizes(root)
    yield run_step("dvc status", [*DVC, "status", "data.dvc"], root), "nothing changed"
    yield _voxgate(root, "data push", "first"), _size_of(root / ".voxgate" / "dvc-remote")
    _make("extend", root, "--files", str(max(1, count // SHARE)))
    yield from _asked(root, ("data diff", "status"), codes)
    yield run_step("dvc status", [*DVC, "status", "data.dvc"], root), "1 % more"
    yield _voxgate(root, "data commit", "1 % more"), _sizes(root)
    yield _voxgate(root, "data push", "1 % more"), _size_of(root / ".voxgate" / "dvc-remote")
    yield from _asked(root, ("data version",), codes)


def _asked(
    root: Path, commands: tuple[str, ...], codes: dict[str, Path]
) -> Iterator[tuple[Step, str]]:
    """Give every command by every code, in turn; what a command prints must not depend on it."""
    for command in commands:
        said = set()
        for number in range(1, ROUNDS + 1):
            for name, code in codes.items():
                step = _voxgate(root, command, f"{number}.{name}", code)
                said.add(step.output)
                yield step, "" if len(said) == 1 else "other words than before"


def _packed(root: Path, count: int, packed: Path) -> Iterator[tuple[Step, str]]:
    packed.mkdir(parents=True)
    for command in (["git", "init", "--quiet"], [*DVC, "init", "--quiet"]):
        run_step("init", command, packed)
    shutil.copy(root / ".dvc" / "config", packed / ".dvc" / "config")
    remote = packed / ".voxgate" / "dvc-remote"
    for name in ("first", "1 % more"):
        step = _make("pack", root, str(packed / "data"), name=f"packed: pack, {name}")
        yield step, _size_of(packed / "data")
        add = [*DVC, "add", "--quiet", "data"]
        yield run_step(f"packed: dvc add, {name}", add, packed), ""
        push = [*DVC, "push", "--quiet"]
        yield run_step(f"packed: dvc push, {name}", push, packed), _size_of(remote)
        _make("extend", root, "--files", str(max(1, count // SHARE)))


def _make(what: str, root: Path, *options: str, name: str = "") -> Step:
    program = [sys.executable, "-m", "scripts.scale.dvc_site", what, str(root), *options]
    return run_step(name or what, program, HERE)


def _voxgate(root: Path, command: str, note: str, code: Path = HERE) -> Step:
    words = [VOXGATE, *command.split(), "--root", str(root)]
    return run_step(f"voxgate {command}, {note}", words, HERE, settings={"PYTHONPATH": str(code)})


def _sizes(root: Path) -> str:
    """Say how large what Git keeps is, and the list that DVC keeps for it."""
    pointer = (root / "data.dvc").read_text(encoding="utf-8")
    digest = next(line.split()[-1] for line in pointer.splitlines() if "md5:" in line)
    listing = root / ".dvc" / "cache" / "files" / "md5" / digest[:2] / digest[2:]
    return (
        f"in Git {len(pointer)} B; list {listing.stat().st_size / 1e6:.1f} MB; "
        f"cache: {_size_of(root / '.dvc' / 'cache')}"
    )


def _size_of(folder: Path) -> str:
    sizes = [path.stat() for path in folder.rglob("*") if path.is_file()]
    on_disk = sum(size.st_blocks * 512 for size in sizes)
    return f"{len(sizes):,} files, {on_disk / 1e6:.0f} MB on disk"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
