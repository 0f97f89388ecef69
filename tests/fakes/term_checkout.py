"""A checkout with the real benchmark and a few recorded texts, to which terms are added."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.fakes.recordings import list_recording
from voxgate.corpus.manifest import write_manifest

__all__ = ["RECORDED", "make_term_checkout"]

ROOT = Path(__file__).resolve().parents[2]
RECORDED = (
    "Your prescription for the yellow tablets will be ready after six on Tuesday.",
    "Please hold the line.",
    "",
)


def make_term_checkout(root: Path, *, lexicon: str | None = None) -> Path:
    """Make it at `root`, with `featurize.lexicon` as given; returns the root."""
    benchmark = root / "benchmark"
    benchmark.mkdir(parents=True)
    for name in ("prompts.en.jsonl", "calibration.json"):
        shutil.copyfile(ROOT / "benchmark" / name, benchmark / name)
    _copy_speakers(benchmark / "speakers")
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    if lexicon is not None:
        assert params.count("  lexicon: null\n") == 1
        params = params.replace("  lexicon: null\n", f"  lexicon: {lexicon}\n")
    (root / "params.yaml").write_text(params, encoding="utf-8")
    (root / "data").mkdir()
    rows = [list_recording(f"clip-{n}", text=text) for n, text in enumerate(RECORDED)]
    write_manifest(root / "data" / "manifest.csv", rows)
    return root


def _copy_speakers(folder: Path) -> None:
    """Copy the clips of two of the self-test's speakers: reading all takes most of the time."""
    folder.mkdir()
    source = ROOT / "benchmark" / "speakers"
    lines = (source / "index.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:6]
    (folder / "index.jsonl").write_text("".join(lines), encoding="utf-8")
    for line in lines:
        name = json.loads(line)["file"]
        shutil.copyfile(source / name, folder / name)
