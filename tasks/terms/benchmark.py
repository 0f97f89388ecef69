"""`benchmark`: the prompts that judge a voice, and one more of the user's own domain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.measuring.thresholds import count_looks, read_calibration
from tasks.terms.lexicon import find_lexicon, says
from tasks.terms.prompt import make_row, read_prompt
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import ConfigError
from voxgate.evaluation.benchmark import Benchmark, load_benchmark
from voxgate.evaluation.known_clips import load_known_clips
from voxgate.files import write_text
from voxgate.lease import ENDING_S, checkout_lease
from voxgate.params import Params
from voxgate.stage import Workspace
from voxgate.temporaries import scratch_directory
from voxgate.text.leakage import find_leaks

__all__ = ["NewPrompt", "add_prompt", "list_prompts"]

FEATURIZE_OVERLAP = 0.5
"""What `featurize` refuses whatever params.yaml says (`find_leaks`)."""


@dataclass(frozen=True, kw_only=True)
class NewPrompt:
    """What is asked for: a sentence, the term that it is about, and where it is counted."""

    text: str
    term: str | None = None
    prompt_class: str = "domain"
    block: int = 1


def add_prompt(
    workspace: Workspace,
    params: Params,
    asked: NewPrompt,
    *,
    dry_run: bool = False,
    wait_s: float = ENDING_S,
) -> dict[str, Any]:
    """Append a prompt to the benchmark's file; returns as JSON values what it is and changes.

    It is written under the lease of a run: no run may meet two benchmarks.

    Args:
        workspace: the checkout.
        params: which file, and what counts as leakage.
        asked: the prompt.
        dry_run: check everything and write nothing.
        wait_s: how long a run may take to end.

    Raises:
        ConfigError: the file is broken, the prompt is there already or cannot be one, or the
            training data says it; names what it collides with.
        ManifestError: data/ cannot be read, so that leakage cannot be ruled out.
        TextError: the sentence cannot be read.
        LockHeldError: a run, or another command of these, is going on.
        StorageError: the disk refused; the file is as it was.
    """
    path = workspace.benchmark_dir / params.evaluate.prompt_file
    here = load_benchmark(path)
    _require_place(here, asked, path)
    spoken = read_prompt(asked.text, find_lexicon(workspace, params).front_end())
    row = make_row(
        asked.text,
        spoken.text,
        language=here.language,
        prompt_class=asked.prompt_class,
        block=asked.block,
        term=asked.term,
    )
    _require_new(here, row, path)
    overlap = _leakage(workspace, params, here, asked.text)
    with checkout_lease(workspace.run_lock, purpose="benchmark add", wait_s=wait_s):
        before = load_benchmark(path)  # others may have added to it meanwhile
        _require_new(before, row, path)
        text = path.read_text(encoding="utf-8")
        end = "" if text.endswith("\n") else "\n"
        text = f"{text}{end}{json.dumps(row, ensure_ascii=False)}\n"
        after = _judged(text, path)
        if not dry_run:
            write_text(path, text)
    record = read_calibration(workspace, here.language)
    return {
        "file": f"benchmark/{path.name}",
        "prompt": row,
        "guessed": list(spoken.guessed_words),
        "overlap": overlap,
        "prompts": len(after.prompts),
        "digest": after.digest,
        "digest_before": before.digest,
        "looks": count_looks(after, params.gate),
        "looks_before": count_looks(before, params.gate),
        "calibrated_for": None if record is None else record.benchmark_digest,
        "dry_run": dry_run,
    }


def list_prompts(workspace: Workspace, params: Params) -> dict[str, Any]:
    """Return the prompts as JSON values by split, slice and block.

    `terms` are the words of the user's lexicon that a prompt says.

    Raises:
        ConfigError: the benchmark or the lexicon is broken.
    """
    path = workspace.benchmark_dir / params.evaluate.prompt_file
    benchmark = load_benchmark(path)
    terms = sorted(find_lexicon(workspace, params).terms())
    rows = [
        {
            "id": prompt.id,
            "split": prompt.split,
            "class": prompt.prompt_class,
            "block": prompt.block if prompt.split == "gate" else None,
            "text": prompt.text,
            "critical": list(prompt.critical),
            "terms": [term for term in terms if says(prompt, term)],
        }
        for prompt in benchmark.prompts
    ]
    rows.sort(key=lambda row: (row["split"], row["class"], row["block"] or 0, row["id"]))
    return {"file": f"benchmark/{path.name}", "digest": benchmark.digest, "prompts": rows}


def _require_place(benchmark: Benchmark, asked: NewPrompt, path: Path) -> None:
    faults = []
    classes = sorted({prompt.prompt_class for prompt in benchmark.of_split("gate")})
    if asked.prompt_class not in classes:
        faults.append(f"class: expected one of {', '.join(classes)}, got {asked.prompt_class!r}")
    if not 1 <= asked.block <= benchmark.blocks:
        faults.append(f"block: expected 1 to {benchmark.blocks}, got {asked.block}")
    if faults:
        raise ConfigError(str(path), faults)


def _require_new(benchmark: Benchmark, row: dict[str, Any], path: Path) -> None:
    for prompt in benchmark.prompts:
        if prompt.id == row["id"]:
            raise ConfigError(
                str(path),
                [f"this sentence is there as {prompt.id}: {prompt.text!r}; nothing to add"],
            )


def _leakage(
    workspace: Workspace, params: Params, benchmark: Benchmark, text: str
) -> dict[str, Any] | None:
    """Return what shares most of the prompt's runs of words; refuse what the stages would refuse.

    Beside the recordings these are the clips of the self-test and the prompts that choose the
    checkpoint.
    """
    texts = [
        *(
            (f"recording {recording.recording_id}", recording.text)
            for recording in read_manifest(workspace.manifest)
            if recording.text
        ),
        *((f"prompt {prompt.id}", prompt.text) for prompt in benchmark.of_split("select")),
        *(
            (f"self-test clip of {clip.voice}", clip.text)
            for clip in load_known_clips(workspace.benchmark_dir / "speakers")
        ),
    ]
    leaks = find_leaks(
        [said for _, said in texts], [text], language=benchmark.language, minimum=0.0
    )
    shares = sorted(((leak.overlap, texts[leak.text_index]) for leak in leaks), reverse=True)
    limit = min(params.validate_.max_benchmark_overlap, FEATURIZE_OVERLAP)
    refused = [(share, where, said) for share, (where, said) in shares if share >= limit]
    if refused:
        raise ConfigError(
            "the prompt",
            [
                f"{where} says {share:.0%} of it, allowed is less than {limit:.0%}: {said!r}; "
                "write another sentence: a voice would be judged on its memory"
                for share, where, said in refused
            ],
        )
    if not shares:
        return None
    share, (where, said) = shares[0]
    return {"share": share, "with": where, "text": said}


def _judged(text: str, path: Path) -> Benchmark:
    """Let the reader of the file judge it before it is there."""
    with scratch_directory() as folder:
        copy = folder / path.name
        copy.write_text(text, encoding="utf-8")
        try:
            return load_benchmark(copy)
        except ConfigError as error:
            raise ConfigError(str(path), error.faults) from None
