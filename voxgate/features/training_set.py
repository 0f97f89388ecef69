"""A training set as a whole: whose voice it is, what is held out, and whether it will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voxgate.features.clip_features import AcceptedClip, ClipFeatures, DroppedClip
from voxgate.features.reference_clip import (
    MAX_REFERENCE_S,
    MIN_REFERENCE_S,
    ReferenceCandidate,
    choose_reference,
)
from voxgate.features.splits import CENTROID, TRAIN, SplitRules, assign_splits
from voxgate.stage import Reason
from voxgate.text.leakage import find_leaks

__all__ = ["TrainingSet", "assemble", "choose_speaker", "judge", "judge_speaker"]

OTHER_SPEAKER = "other_speaker"
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class TrainingSet:
    """The clips of one speaker, the split of each by recording_id, and the reference clip."""

    features: tuple[ClipFeatures, ...]
    dropped: tuple[DroppedClip, ...]
    splits: Mapping[str, str]
    reference: ClipFeatures | None

    def of_split(self, split: str) -> list[ClipFeatures]:
        """Return the clips of one split."""
        return [entry for entry in self.features if self.splits[entry.clip.recording_id] == split]


def choose_speaker(
    clips: Sequence[AcceptedClip], speaker_id: str | None
) -> tuple[list[AcceptedClip], list[DroppedClip]]:
    """Return the clips of the speaker to train, and the others as dropped.

    None takes all: `judge` refuses a set of several speakers.
    """
    if speaker_id is None:
        return list(clips), []
    own = [clip for clip in clips if clip.speaker_id == speaker_id]
    others = [
        DroppedClip(
            clip=clip,
            code=OTHER_SPEAKER,
            message=f"spoken by {clip.speaker_id}; featurize.speaker names {speaker_id}",
        )
        for clip in clips
        if clip.speaker_id != speaker_id
    ]
    return own, others


def assemble(
    features: Sequence[ClipFeatures], dropped: Sequence[DroppedClip], *, rules: SplitRules
) -> TrainingSet:
    """Split the clips and choose the reference among those that train."""
    splits = assign_splits(
        [(entry.clip.recording_id, entry.clip.duration_s) for entry in features], rules=rules
    )
    by_id = {
        entry.clip.clip_id: entry for entry in features if splits[entry.clip.recording_id] == TRAIN
    }
    chosen = choose_reference([_candidate(entry) for entry in by_id.values()])
    return TrainingSet(
        features=tuple(features),
        dropped=tuple(dropped),
        splits=splits,
        reference=by_id[chosen.clip_id] if chosen else None,
    )


def judge(
    found: TrainingSet, *, rules: SplitRules, prompts: Mapping[str, Sequence[str]]
) -> list[Reason]:
    """Return every reason against training on this set; none means that it will do.

    `prompts` are those of the benchmarks, by their languages.
    """
    reasons = []
    speakers = Counter(entry.clip.speaker_id for entry in found.features)
    if len(speakers) > 1:
        listed = ", ".join(f"{name} ({n} clips)" for name, n in sorted(speakers.items()))
        reasons.append(
            Reason(
                "several_speakers",
                f"expected the clips of one speaker, found {listed}; name the one to train in "
                "params.yaml (featurize.speaker)",
            )
        )
    held_out = [entry.clip.duration_s for entry in found.of_split(CENTROID)]
    enough = len(held_out) >= rules.centroid_clips and sum(held_out) >= rules.centroid_s
    if not enough or not found.of_split(TRAIN):
        reasons.append(
            Reason(
                "too_few_clips",
                f"{len(found.features)} usable clips, of which {len(held_out)} of at least "
                f"{rules.min_centroid_s:g} s can be held out to define the speaker, "
                f"{sum(held_out):.1f} s; need {rules.centroid_clips} of {rules.centroid_s:g} s "
                "together (sizes) and some to train on. Add recordings; "
                "build/featurize/dropped.csv lists what was left out",
            )
        )
    elif found.reference is None:
        reasons.append(
            Reason(
                "no_reference_clip",
                f"no training clip lasts {MIN_REFERENCE_S:g} to {MAX_REFERENCE_S:g} s, which a "
                "voice needs as its prompt; add a recording of that length",
            )
        )
    return reasons + _leaks(found, prompts)


def judge_speaker(found: TrainingSet) -> list[Reason]:
    """Return the reason where every clip is of somebody else than the speaker that is named."""
    if found.features or not found.dropped or {d.code for d in found.dropped} != {OTHER_SPEAKER}:
        return []
    there = Counter(entry.clip.speaker_id for entry in found.dropped)
    listed = ", ".join(f"{name} ({n} clips)" for name, n in sorted(there.items()))
    return [
        Reason(
            "unknown_speaker",
            f"no accepted clip is of the speaker that featurize.speaker names; found {listed}. "
            "Name one of them, or add recordings of the speaker",
        )
    ]


def _leaks(found: TrainingSet, prompts: Mapping[str, Sequence[str]]) -> list[Reason]:
    texts = [entry.clip.text for entry in found.features]
    leaks = [
        leak
        for language, asked in prompts.items()
        for leak in find_leaks(texts, asked, language=language)
    ]
    if not leaks:
        return []
    names = sorted({found.features[leak.text_index].clip.recording_id for leak in leaks})
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return [
        Reason(
            "leakage",
            f"{len(names)} clips say what the benchmark asks for: {shown}; a voice trained on them "
            "would be judged on its memory. Take them out of data/manifest.csv",
        )
    ]


def _candidate(entry: ClipFeatures) -> ReferenceCandidate:
    return ReferenceCandidate(
        clip_id=entry.clip.clip_id,
        duration_s=entry.clip.duration_s,
        snr_db=entry.clip.snr_db,
        alignment_log_probability=entry.clip.alignment_log_probability,
        phones_per_second=entry.phones_per_second,
    )
