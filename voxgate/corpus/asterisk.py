"""Lay out the Asterisk core sounds (a folder of prompts and one list of transcripts) as data/."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from voxgate.corpus.consent import Consent, ConsentScope, dump_consents
from voxgate.corpus.manifest import Recording, dump_manifest
from voxgate.errors import CorpusError

__all__ = ["ENGLISH_CONSENT", "ENGLISH_SPEAKER_ID", "LayoutReport", "lay_out_asterisk"]

ENGLISH_SPEAKER_ID = "asterisk-en"

ENGLISH_CONSENT = Consent(
    scope=ConsentScope.EVALUATION,
    source="Debian packages asterisk-core-sounds-en-g722 and asterisk-core-sounds-en 1.6.1-1; "
    "upstream: http://downloads.asterisk.org/pub/telephony/sounds/",
    licence="CC-BY-SA-3.0",
    attribution="Asterisk core sounds, English. Copyright 2003-2010 Allison Smith "
    "(http://www.theivrvoice.com); financial contributions by Digium, Inc.",
    statement="The licence covers the copyright in these recordings and grants no rights in the "
    "speaker's voice; no consent of the speaker to a synthetic voice is known. The recordings "
    "serve to evaluate this workflow. A model trained on them is not for publication.",
)

_SUFFIX = ".g722"
# A line that is one bracket names a sound ("[ascending tones]") instead of quoting speech.
_SOUND = re.compile(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>")


@dataclass(frozen=True, kw_only=True)
class LayoutReport:
    """What was laid out. `text_without_audio` are lines of the list that have no file."""

    recordings: int
    with_text: int
    text_without_audio: tuple[str, ...]


def lay_out_asterisk(sounds: Path, transcripts: str, data_dir: Path) -> LayoutReport:
    """Fill the empty folder `data_dir` with audio/, manifest.csv and consent.yaml.

    Every file comes along, dirt included: tones, silence and screams have an empty text and are
    for `validate` to quarantine. The same input gives the same bytes.

    Raises:
        CorpusError: the folder holds no recording, or lines of the list are broken (all named).
    """
    texts = _parse_transcripts(transcripts)
    files = {
        path.relative_to(sounds).with_suffix("").as_posix(): path
        for path in sounds.rglob(f"*{_SUFFIX}")
    }
    if not files:
        raise CorpusError(f"{sounds}: expected *{_SUFFIX} files, found none; fetch it again")
    recordings = []
    for name in sorted(files):
        relative = f"audio/{ENGLISH_SPEAKER_ID}/{name}{_SUFFIX}"
        target = data_dir / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[name], target)
        recordings.append(
            Recording(
                recording_id=f"{ENGLISH_SPEAKER_ID}/{name}",
                path=relative,
                speaker_id=ENGLISH_SPEAKER_ID,
                language="en",
                text=texts.get(name, ""),
            )
        )
    (data_dir / "manifest.csv").write_bytes(dump_manifest(recordings).encode())
    consents = dump_consents({ENGLISH_SPEAKER_ID: ENGLISH_CONSENT})
    (data_dir / "consent.yaml").write_bytes(consents.encode())
    return LayoutReport(
        recordings=len(recordings),
        with_text=sum(bool(recording.text) for recording in recordings),
        text_without_audio=tuple(sorted(texts.keys() - files.keys())),
    )


def _parse_transcripts(transcripts: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    faults = []
    for number, line in enumerate(transcripts.splitlines(), start=1):
        if not line.strip() or line.startswith(";"):
            continue
        name, colon, text = line.partition(":")
        if not colon or name in texts:
            faults.append(f"line {number}: {'a second ' + name if colon else 'no colon'}")
            continue
        text = text.strip()
        texts[name] = "" if _SOUND.fullmatch(text) else text
    if faults:
        raise CorpusError(f"list of transcripts: expected `id: text`, got {'; '.join(faults)}")
    return texts
