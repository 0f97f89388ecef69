"""What the columns of a list mean: by the names in its first line, or by what stands in them.

A column that nobody reads can be the one that says who speaks. So the middle of three columns is
taken for a transcript only if it reads like one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from voxgate.text.spaceless import split_words

__all__ = ["ID", "LANGUAGE", "NAME", "PATH", "SPEAKER", "SPOKEN", "TEXT", "header_roles"]
__all__ += ["infer_roles", "speaker_of_id"]

PATH, ID, NAME = "path", "id", "recording_id"
TEXT, SPOKEN = "text", "spoken"
SPEAKER, LANGUAGE = "speaker", "language"

_NAMES = {
    PATH: "path file filename file_name file_path filepath audio audio_file audio_path "
    "audio_filepath wav wav_path wav_file wav_filename",
    ID: "id clip clip_id utterance utterance_id utt_id basename",
    NAME: "recording_id",
    TEXT: "text transcript transcription sentence raw_text original_text",
    SPOKEN: "normalized_text normalised_text normalized_transcription normalised_transcription",
    SPEAKER: "speaker speaker_name speaker_id spk spk_id client_id",
    LANGUAGE: "language lang locale language_id lang_code",
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split()}

_LJSPEECH = (ID, TEXT, SPOKEN)
_SPEAKER_COLUMNS = {1: (ID, SPEAKER, TEXT), 2: (ID, TEXT, SPEAKER), 0: (SPEAKER, ID, TEXT)}
_MOST_NAME_WORDS = 3

# Names by which well-known corpora tell their speakers: VCTK's p225_001, LibriTTS's 84_121123_...
_NAMED = (
    re.compile(r"(?:.*/)?([ps]\d{3}|s5)[_/].*"),
    re.compile(r"(?:.*/)?(\d+)_\d+_\d{6}_\d{6}.*"),
)


def header_roles(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Return what each column is, if `cells` are names of columns with a file and a text."""
    names = [re.sub(r"[\s-]+", "_", cell.strip(" \t\"'").lower()) for cell in cells]
    roles = tuple(_ROLES.get(name, "") for name in names)
    known = set(roles)
    if "" in known or len(known) != len(roles) or not known & {PATH, ID}:
        return None
    return roles if known & {TEXT, SPOKEN} else None


def infer_roles(rows: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """Tell `id|text|normalised text` from three columns that name a speaker; None if unsure."""
    full = [row for row in rows if all(row)]
    unlike = [row for row in full if not _alike(row[1], row[2])]
    if len(unlike) * 2 <= len(full):
        # Two lists joined: in the lines that are no transcript, one name speaks many texts.
        texts = defaultdict(set)
        for row in unlike:
            texts[row[1].casefold()].add(row[2])
        return None if any(len(several) > 1 for several in texts.values()) else _LJSPEECH
    distinct = {
        column: len({row[column].casefold() for row in full})
        for column in _SPEAKER_COLUMNS
        if all(len(split_words(row[column])) <= _MOST_NAME_WORDS for row in full)
    }
    repeating = sorted((count, column) for column, count in distinct.items() if count < len(full))
    if not repeating or [count for count, _ in repeating[1:2]] == [repeating[0][0]]:
        return None
    return _SPEAKER_COLUMNS[repeating[0][1]]


def speaker_of_id(names: Iterable[str]) -> list[str] | None:
    """Return the speaker that each name tells, if all follow the names of one known corpus."""
    listed = list(names)
    for pattern in _NAMED:
        matches = [pattern.fullmatch(name) for name in listed]
        if listed and all(matches):
            return [match.group(1) for match in matches if match]
    return None


def _alike(written: str, spoken: str) -> bool:
    words, others = (
        {part for word in split_words(text.casefold()) for part in re.findall(r"\w+", word)}
        for text in (written, spoken)
    )
    return len(words & others) * 2 >= min(len(words), len(others))
