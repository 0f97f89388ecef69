"""Count the words of stored evidence anew: what was spoken and heard stays, nobody speaks again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from voxgate.errors import BundleError
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.protocol import Normalisers
from voxgate.evaluation.words import count_critical, count_words

__all__ = ["differs_in_words_only", "rescore"]

_WORDS = ("normaliser", "published_normaliser")
_PLAN = ("digest", "gate_seeds")


def differs_in_words_only(evidence: Evidence, today: Evidence) -> bool:
    """Tell whether only the way of comparing words stands between two frames.

    Prompts, seeds, instruments, rules and the speaker's centroid must be the same.
    """
    return (
        evidence.frame_digest != today.frame_digest
        and _without_words(evidence) == _without_words(today)
        and evidence.centroid.get("digest") == today.centroid.get("digest")
        and all(evidence.benchmark.get(name) == today.benchmark.get(name) for name in _PLAN)
    )


def rescore(
    evidence: Evidence, today: Evidence, *, prompts: Mapping[str, Prompt], normalisers: Normalisers
) -> Evidence:
    """Return `evidence` in the frame of `today`, its samples counted anew from their transcripts.

    What frames the numbers (self-test, real recordings, strangers) is that of `today`; how the
    checkpoint was chosen stays as it was then. `prompts` has the prompts by id.

    Raises:
        BundleError: more than the words differs, or a measured sample has no prompt or transcript.
    """
    if not differs_in_words_only(evidence, today):
        raise BundleError(
            "more than the way of comparing words has changed since this evidence, so counting its "
            "words anew does not make it comparable; let the voice be measured again"
        )
    bound = float(evidence.protocol["rules"]["catastrophe_wer"])
    return replace(
        evidence,
        protocol=today.protocol,
        self_test=today.self_test,
        ceiling=today.ceiling,
        impostor_floor=today.impostor_floor,
        rows=tuple(
            _recounted(row, prompts, normalisers=normalisers, catastrophe_wer=bound)
            for row in evidence.rows
        ),
    )


def _without_words(evidence: Evidence) -> dict[str, object]:
    return {name: value for name, value in evidence.protocol.items() if name not in _WORDS}


def _recounted(
    row: ItemScore,
    prompts: Mapping[str, Prompt],
    *,
    normalisers: Normalisers,
    catastrophe_wer: float,
) -> ItemScore:
    if row.fault is not None:
        return row
    prompt = prompts.get(row.prompt_id)
    if prompt is None or row.transcript is None:
        raise BundleError(
            f"sample {row.prompt_id}-{row.seed_index} has no "
            f"{'prompt' if prompt is None else 'transcript'} to count its words by; let the voice "
            "be measured again"
        )
    capped = "endless_transcript" in row.catastrophes
    counts, rate = count_words(prompt.text, row.transcript, capped=capped, normalisers=normalisers)
    missed, critical = count_critical(
        prompt, row.transcript, capped=capped, normalisers=normalisers
    )
    codes = set(row.catastrophes) - {"high_wer"} | (
        {"high_wer"} if rate > catastrophe_wer else set()
    )
    return replace(
        row,
        **asdict(counts),
        critical_errors=missed,
        critical_words=critical,
        catastrophes=tuple(sorted(codes)),
    )
