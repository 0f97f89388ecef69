"""The reason codes of the validation: what each means for a clip, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CATALOGUE", "Finding", "Rule", "Severity", "rule_of"]


class Severity(StrEnum):
    """What a finding does to its clip."""

    REJECT = "reject"
    WARN = "warn"
    FIX = "fix"


@dataclass(frozen=True)
class Rule:
    """Severity of a code, and the remedy that its message ends with."""

    severity: Severity
    remedy: str


_R, _W, _F = Severity.REJECT, Severity.WARN, Severity.FIX

CATALOGUE: dict[str, Rule] = {
    # signal
    "too_short": Rule(_R, "record a longer sentence, or lower validate.min_duration_s"),
    "too_long": Rule(_R, "split it at a pause, or raise validate.max_duration_s"),
    "clipped": Rule(_R, "record again with less gain: flattened peaks cannot be restored"),
    "low_snr": Rule(_R, "record again in a quieter room"),
    "hum": Rule(_R, "find the ground loop and record again, or filter the hum out of the file"),
    "not_speech": Rule(_R, "remove it from the manifest, or correct its audio file"),
    "tone": Rule(_R, "remove it from the manifest: tones teach the model to beep"),
    "moderate_snr": Rule(_W, "listen to it; a quieter recording would be better"),
    "narrow_band": Rule(_W, "look for an original with a higher sample rate"),
    "tight_edges": Rule(_W, "leave a little silence before and after the sentence"),
    # transcript
    "empty_text": Rule(_R, "add what is said to the manifest"),
    "text_is_remark": Rule(_R, "write the words that are said, or remove the recording"),
    "remark_in_text": Rule(_R, "leave only spoken words in the transcript"),
    "odd_characters": Rule(_R, "spell out what is said"),
    "benchmark_leakage": Rule(_R, "keep benchmark sentences out of the training data"),
    # duplicates
    "duplicate_audio": Rule(_R, "remove one of the two lines from the manifest"),
    "duplicate_text": Rule(_R, "nothing, or remove the worse take from the manifest"),
    # recogniser
    "endless_transcript": Rule(_R, "listen to it: the recogniser could not follow it"),
    "high_cer": Rule(_R, "correct the transcript or the recording"),
    "high_edge_cer": Rule(_R, "words are cut off or missing at one end: correct text or audio"),
    "alignment_failed": Rule(_R, "correct the transcript: it could not be placed in the audio"),
    "low_alignment": Rule(_R, "correct the transcript: the audio does not say it"),
    "wrong_language": Rule(_R, "correct the language in the manifest, or remove the recording"),
    "moderate_cer": Rule(_W, "compare the transcript with the recording"),
    "unusual_spelling": Rule(_W, "nothing: the recogniser hears it, and would spell it otherwise"),
    "language_uncertain": Rule(_W, "listen to it"),
    # consistency
    "other_speaker": Rule(_R, "move it to the speaker who says it, with consent of its own"),
    "speaker_unverified": Rule(_R, "add more recordings of this speaker"),
    "speaker_outlier": Rule(_W, "listen to it: the voice differs from the speaker's other clips"),
    "speech_rate_outlier": Rule(
        _W, "listen to it: faster or slower than the speaker's other clips"
    ),
    # changes made, each reversible: source file, shard and the column `text` stay as they were
    "silence_trimmed": Rule(_F, "nothing: trim_start and trim_end say what was left out"),
    "ellipsis_removed": Rule(_F, "nothing: train_text has no '...'"),
    "symbols_spoken": Rule(_F, "nothing: train_text spells the symbol as it is said"),
    "typography_normalised": Rule(_F, "nothing: train_text has the characters of the front end"),
    "parentheses_spoken": Rule(_F, "nothing, if it is said; else remove what is in parentheses"),
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One observation about one clip: what was expected and what arrived."""

    code: str
    expected: str
    arrived: str
    where: str = ""

    @property
    def rejects(self) -> bool:
        """Whether it keeps its clip out of training."""
        return rule_of(self.code).severity is Severity.REJECT

    @property
    def message(self) -> str:
        """The whole sentence that the quarantine table shows."""
        place = f" ({self.where})" if self.where else ""
        return f"expected {self.expected}, got {self.arrived}{place}; {rule_of(self.code).remedy}"


def rule_of(code: str) -> Rule:
    """Look a code up; codes of unreadable recordings come from ingest and always reject."""
    return CATALOGUE.get(code, Rule(_R, "correct the recording or its line in the manifest"))
