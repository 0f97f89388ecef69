"""What two data versions are like: from the tables of their validations, else from the manifests.

Of the sound, what no table has is measured here only where that is asked for: to decode a corpus
takes minutes. What was measured once is kept by content, and then known without being asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tasks.data_versions.sound import hear_version
from voxgate.corpus.lexicon_folder import user_lexicons
from voxgate.corpus.manifest import Recording
from voxgate.corpus.validated_clips import ValidatedClip, read_validated_file
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.data_shape.comparison import DataShape, compare_versions
from voxgate.evaluation.data_shape.figures import ClipFigures, VersionFigures, describe_version
from voxgate.params import Params
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.inline_readings import without_readings
from voxgate.text.phonemes import to_phonemes
from voxgate.text.spoken_length import spoken_letters
from voxgate.text.symbols import PUNCTUATION, symbol_table
from voxgate.text.tags import without_tags
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data_exchange import DataVersion, find_validated, open_version

__all__ = ["shape_data"]

_OTHER_RULES = (
    "the two versions were validated by other code or parameters: some figures may differ for that"
)

_OTHER_CLIPS = (
    "one version counts the clips that its validation accepted, the other all that have a text"
)


def shape_data(
    checkout: Checkout, old: str, new: str | None, *, measure: bool = False
) -> DataShape:
    """Describe two data versions, by Git revision; None is data/ as it is.

    Raises:
        ConfigError: the prompts of the gate, or the lexicon, cannot be read.
        DataVersionError, ManifestError: as `diff_data`.
    """
    params, workspace = checkout.params, checkout.workspace
    reader = _Reader(params, workspace.data_dir)
    versions = [open_version(checkout.root, revision) for revision in (old, new)]
    shapes, rules = [], []
    for version in versions:
        figures, made_by = _describe(checkout, version, reader, measure=measure)
        shapes.append(figures)
        rules.append(made_by)
    benchmark = load_benchmark(workspace.benchmark_dir / params.evaluate.prompt_file)
    gate = [prompt.text for prompt in benchmark.prompts if prompt.split == "gate"]
    return compare_versions(
        shapes[0],
        shapes[1],
        benchmark,
        wanted={phone for text in gate for phone in reader.phones_of(text, benchmark.language)},
        notes=list(_notes(*rules)),
    )


def _notes(old: str | None, new: str | None) -> Iterator[str]:
    if (old is None) != (new is None):
        yield _OTHER_CLIPS
    elif old != new:
        yield _OTHER_RULES


def _describe(
    checkout: Checkout, version: DataVersion, reader: _Reader, *, measure: bool
) -> tuple[VersionFigures, str | None]:
    """Return the figures of a version, and by which rules it was validated, if it was."""
    table = find_validated(checkout.root, version.digest)
    lines = version.recordings()
    if table is None:
        clips: list[ValidatedClip] = []
        heard = [recording for recording in lines.values() if recording.text]
    else:
        clips = [clip for clip in read_validated_file(table.path) if clip.usable]
        heard = [clip.ingested.recording for clip in clips]
    sound = hear_version(checkout, version, heard, measure=measure)
    found = [_of_table(clip, sound) for clip in clips] or [_of_line(r, sound) for r in heard]
    figures = describe_version(
        found,
        version=version.digest,
        source="validated" if table else "measured" if sound else "listed",
        phones_of=reader.phones_of,
        missing=[*_unvalidated(table is None), *_unheard(len(heard) - len(sound))],
    )
    return figures, None if table is None else table.rules


def _unvalidated(absent: bool) -> list[str]:
    text = "no validation of this version is in DVC's cache: all its recordings count that have a "
    text += "text, and nobody compared their speakers (`voxgate run` validates)"
    return [text] if absent else []


def _unheard(count: int) -> list[str]:
    return [f"sound of {count} clips: `--measure` listens to it, once"] if count else []


def _of_table(clip: ValidatedClip, sound: Mapping[str, Mapping[str, float]]) -> ClipFigures:
    recording, audio = clip.ingested.recording, clip.ingested.audio
    heard = sound.get(recording.recording_id, {})
    seconds = None if audio is None else (clip.trim_end - clip.trim_start) / audio.sample_rate_hz
    return ClipFigures(
        recording_id=recording.recording_id,
        text=clip.train_text,
        language=recording.language,
        snr_db=clip.figures.snr_db,
        letters_per_s=clip.figures.speech_rate,
        pitch_hz=heard.get("pitch_hz"),
        duration_s=seconds,
        speaker_cosine=clip.figures.speaker_cosine,
    )


def _of_line(recording: Recording, sound: Mapping[str, Mapping[str, float]]) -> ClipFigures:
    heard = sound.get(recording.recording_id, {})
    seconds = heard.get("duration_s")
    letters = spoken_letters(without_tags(without_readings(recording.text)))
    return ClipFigures(
        recording_id=recording.recording_id,
        text=recording.text,
        language=recording.language,
        snr_db=heard.get("snr_db"),
        letters_per_s=letters / seconds if seconds else None,
        pitch_hz=heard.get("pitch_hz"),
        duration_s=seconds,
    )


@dataclass(frozen=True)
class _Reader:
    """Names the phones of texts; a front end takes a second to open, so each is opened once."""

    params: Params
    data: Path
    opened: dict[str, FrontEnd] = field(default_factory=dict)

    def phones_of(self, text: str, language: str) -> Iterable[str]:
        table = symbol_table(self.params.featurize.symbols)
        if language not in self.opened:
            self.opened[language] = open_front_end(
                language,
                symbols=table,
                lexicons=user_lexicons(self.data, self.params.featurize.lexicon),
                languages=self.params.featurize.languages,
            )
        found = to_phonemes(text, self.opened[language], lead_in=False)
        return [phone for phone in found.phones if phone not in PUNCTUATION]
