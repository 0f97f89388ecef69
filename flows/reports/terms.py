"""What terms and prompts are, and what a person has to do after one has changed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

__all__ = [
    "describe_added_prompt",
    "describe_added_term",
    "describe_lexicon",
    "describe_prompts",
    "describe_removed_term",
]


def describe_lexicon(answer: dict[str, Any]) -> str:
    """Return every word with its phonemes, what it would be without them, and its prompts."""
    files = ", ".join(answer["files"])
    if not answer["terms"]:
        return f"{files} has no words; `voxgate lexicon add TERM READING` adds one"
    lines = [f"{files}: {len(answer['terms'])} words", *_not_read(answer)]
    for row in answer["terms"]:
        lines += [
            f"{row['term']:<16} {row['reading']}  [{row['language']}]",
            *([] if row["carrier"] is None else [f"{'':<16} in: {row['carrier']}"]),
            f"{'':<16} without it: {_spoken(row['before'])}",
            f"{'':<16} prompts: {', '.join(row['prompts']) or 'none; `voxgate benchmark add`'}",
        ]
    return "\n".join(lines)


def describe_added_term(answer: dict[str, Any]) -> str:
    """Return the word as it is now, as it was, and what follows."""
    word = f"{answer['term']}  {answer['reading']}"
    if not answer["changed"]:
        lines = [f"{word} is in {answer['file']} already"]
    else:
        done = "would be" if answer["dry_run"] else "is"
        lines = [f"{word} {done} in {answer['file']}"]
    if answer["replaced"]:
        lines.append(f"before: {answer['replaced']}")
    lines.append(f"without the file: {_spoken(answer['before'])}")
    return "\n".join([*lines, *_after_lexicon(answer)])


def describe_removed_term(answer: dict[str, Any]) -> str:
    """Return what the word was, how it will be spoken, and what follows."""
    done = "would be" if answer["dry_run"] else "is"
    return "\n".join(
        [
            f"{answer['term']}  {answer['reading']} {done} gone from {answer['file']}",
            f"from then on: {_spoken(answer['before'])}",
            *_after_lexicon(answer),
        ]
    )


def describe_prompts(answer: dict[str, Any]) -> str:
    """Return the prompts, a heading a slice."""
    lines = [f"{answer['file']}: {len(answer['prompts'])} prompts, digest {answer['digest']}"]
    for (split, name), rows in groupby(answer["prompts"], lambda row: (row["split"], row["class"])):
        slice_ = list(rows)
        lines += ["", f"{split}, {name}: {len(slice_)}"]
        lines += map(_prompt_line, slice_)
    return "\n".join(lines)


def describe_added_prompt(answer: dict[str, Any]) -> str:
    """Return the prompt, how near the training data is, and which records no longer hold."""
    row = answer["prompt"]
    done = "would be added to" if answer["dry_run"] else "is added to"
    lines = [
        f"{row['id']} {done} {answer['file']}: class {row['class']}, block {row['block']}",
        f"read as: {row['normalised']}",
        f"must not change: {', '.join(row['critical']) or 'no word'}",
        _nearest(answer["overlap"]),
        *(
            f"{word}: guessed from its spelling; `voxgate lexicon add {word.lower()} READING`"
            for word in answer["guessed"]
        ),
        f"benchmark: {answer['prompts']} prompts, digest {answer['digest']}",
        f"before: {answer['digest_before']}",
        *_lost_looks(answer),
        *_after_prompt(answer),
    ]
    return "\n".join(lines)


def _after_lexicon(answer: dict[str, Any]) -> list[str]:
    if not answer["changed"]:
        return _not_read(answer)
    return [
        "",
        *_not_read(answer),
        "`voxgate text check` reads every term in sentences, as the gate will.",
        "data/ is another version then: `voxgate data commit`, and keep data.dvc in Git.",
        "`voxgate run` reads all texts anew (featurize) and trains; the voice that comes of it has",
        "the lexicon in its package. What is live, and every package of before, keeps its own.",
    ]


def _not_read(answer: dict[str, Any]) -> list[str]:
    if answer["named_in_params"]:
        return []
    return [
        f"No stage reads the folder yet: in params.yaml set featurize.lexicon: {answer['name']}",
    ]


def _after_prompt(answer: dict[str, Any]) -> list[str]:
    calibrated = answer["calibrated_for"]
    record = (
        "There is no calibration record:"
        if calibrated is None
        else f"benchmark/calibration.json is stale (it is of {calibrated[:12]}):"
    )
    return [
        "",
        f"{record} until",
        "it is measured again every comparison is a HOLD (calibration_of_other_measurement).",
        "Evidence of before, gold's in base/ included, is stale, too (other_benchmark). In order:",
        "  voxgate evaluate     the candidate speaks the new prompts",
        f"  voxgate calibrate    then commit {answer['file']},",
        "                       benchmark/calibration.json and benchmark/calibration_takes.json",
        "  voxgate run          champion and gold are measured again on the new prompts",
        "Gold stays that version; `voxgate gold VERSION --by … --reason …` names another.",
    ]


def _lost_looks(answer: dict[str, Any]) -> list[str]:
    if answer["looks"] >= answer["looks_before"]:
        return []
    return [
        f"The gate has {answer['looks']} looks instead of {answer['looks_before']}: with this "
        "prompt all blocks are more than gate.max_prompts.",
        "It may be raised in params.yaml: a looser limit, so the next verdict needs a person.",
    ]


def _nearest(overlap: dict[str, Any] | None) -> str:
    if overlap is None:
        return "leakage: no run of words is shared with recordings, self-test or select prompts"
    return f"leakage: {overlap['share']:.0%} is in {overlap['with']}: {overlap['text']!r}"


def _prompt_line(row: dict[str, Any]) -> str:
    block = "" if row["block"] is None else f" block {row['block']}"
    words = [f"terms: {', '.join(row['terms'])}"] if row["terms"] else []
    words += [f"must not change: {', '.join(row['critical'])}"] if row["critical"] else []
    told = f"  [{'; '.join(words)}]" if words else ""
    return f"  {row['id']}{block}  {row['text']}{told}"


def _spoken(before: dict[str, Any]) -> str:
    how = "guessed" if before["guessed"] else before["source"]
    return f"{' '.join(before['phones'])} ({how})"
