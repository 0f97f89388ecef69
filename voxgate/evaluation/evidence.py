"""What an evaluation found, as one canonical JSON document: the gate reads nothing else."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from voxgate.errors import BundleError
from voxgate.files import canonical_json, digest_json, write_text
from voxgate.text.counting_units import WORD, CountingUnit, named_unit

__all__ = ["EVIDENCE_SCHEMA", "Evidence", "ItemScore", "evidence_from_json", "read_evidence"]

EVIDENCE_SCHEMA = 4
"""4 counts other units than words; evidence in words is still written as 3. 3 has the sound of each
sample and its critical words; 2 the counts of Whisper's normaliser beside those that are judged; in
1 they are the same."""
_OF_WORDS = 3
_OLDER = (1, 2)
_OPTIONAL = ("toneless_errors",)
"""Columns of rows that only languages with tones have."""

_SECTIONS = (
    "model", "data", "benchmark", "protocol", "centroid", "self_test", "ceiling",
    "impostor_floor", "selection",
)  # fmt: skip
_IDENTITY = {
    "prompt_id": str,
    "prompt_class": str,
    "prompt_words": int,
    "seed_index": int,
    "seed": int,
    "catastrophes": list,
}


@dataclass(frozen=True, kw_only=True)
class ItemScore:
    """One sample: counts, not rates, so that any aggregate can be formed later.

    Every measure is None when `fault` says why the sample could not be measured. `similarity` is
    the cosine with the held-out centroid. `catastrophes` holds sorted codes. `word_errors` and
    `char_errors` are judged; those of Whisper's normaliser are comparable with published figures. A
    "word" is the unit of the language (`Evidence.unit`); `toneless_errors` are those in the units
    without tones, of as many `ref_words`, and None where the language has none.
    `critical_words` are the words of the prompt that must not change, `critical_errors` those of
    them that were not heard. `sound` has the measures of `sound.catalogue` by name; one that has no
    value for this sample (a pause where no word was heard) is None.
    """

    prompt_id: str
    prompt_class: str
    prompt_words: int
    seed_index: int
    seed: int
    expected_duration_s: float
    fault: str | None = None
    transcript: str | None = None
    word_errors: int | None = None
    ref_words: int | None = None
    char_errors: int | None = None
    ref_chars: int | None = None
    whisper_word_errors: int | None = None
    whisper_ref_words: int | None = None
    critical_errors: int | None = None
    critical_words: int | None = None
    similarity: float | None = None
    duration_s: float | None = None
    duration_ratio: float | None = None
    language: str | None = None
    catastrophes: tuple[str, ...] = ()
    audio_sha256: str | None = None
    sound: Mapping[str, float | None] = field(default_factory=dict)
    toneless_errors: int | None = None

    @property
    def item(self) -> tuple[str, int]:
        """Identify the sample inside one evaluation."""
        return self.prompt_id, self.seed_index


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One model's evaluation.

    Attributes:
        model: `checkpoint` and `digest` of the judged voice.
        data: digests of what it was trained on, and the counts of the data suite.
        consent_scope: what the speaker agreed to; travels with the model.
        benchmark: prompt file, language, digest, and the gate's prompt ids by the blocks measured.
        protocol: instruments and rules; numbers of different protocols are never compared.
        centroid: clips and digest of the held-out speaker centroid.
        self_test: `passed` and its checks.
        ceiling: what the speaker's real held-out recordings score.
        impostor_floor: how similar other speakers are to the centroid.
        selection: how each checkpoint did on the `select` prompts.
        expected_items: how many samples the plan has.
        rows: one a sample, measured or not.
    """

    model: Mapping[str, Any]
    data: Mapping[str, Any]
    consent_scope: str | None
    benchmark: Mapping[str, Any]
    protocol: Mapping[str, Any]
    centroid: Mapping[str, Any]
    self_test: Mapping[str, Any]
    ceiling: Mapping[str, Any]
    impostor_floor: Mapping[str, Any]
    selection: Mapping[str, Any]
    expected_items: int
    rows: Sequence[ItemScore] = field(default_factory=tuple)

    @property
    def evaluated_items(self) -> int:
        """How many samples have a measurement."""
        return sum(1 for row in self.rows if row.fault is None)

    @property
    def protocol_digest(self) -> str:
        """Name the measurement; equal digests mean comparable numbers."""
        return digest_json(self.protocol)

    @property
    def unit(self) -> CountingUnit:
        """What errors are counted in."""
        return named_unit(self.protocol.get("unit"))

    @property
    def language(self) -> str:
        """That of the prompts; early evidence knew one."""
        return str(self.benchmark.get("language", "en"))

    @property
    def frame_digest(self) -> str:
        """Name measurement, benchmark and speaker; where two differ, numbers are not compared.

        How many blocks of the benchmark were measured is no part of it: of evidence that covers
        more, a part is compared (`of_blocks`).
        """
        plan = ("digest", "gate_seeds")
        return digest_json(
            {
                "protocol": self.protocol_digest,
                "benchmark": {name: self.benchmark.get(name) for name in plan},
                "centroid": self.centroid.get("digest"),
            }
        )

    @property
    def blocks(self) -> frozenset[int]:
        """The blocks of the gate's prompts that were measured; early evidence knew one block."""
        return frozenset(map(int, self.benchmark.get("blocks", {"1": ()})))

    def of_blocks(self, blocks: Collection[int]) -> Evidence:
        """Return the part about the prompts of these blocks.

        Raises:
            BundleError: one of them was not measured.
        """
        missing = sorted(set(blocks) - self.blocks)
        if missing:
            raise BundleError(
                f"evidence of {self.model.get('checkpoint')} covers the blocks "
                f"{sorted(self.blocks)} of the gate's prompts, not {missing}; let the voice speak "
                "those too"
            )
        if set(blocks) == self.blocks:
            return self
        return self._with_rows(
            {str(b): self.benchmark["blocks"][str(b)] for b in blocks}, self.rows
        )

    def joined(self, other: Evidence) -> Evidence:
        """Return this evidence with the blocks that only `other` has, of the same voice.

        What frames the numbers stays as it was when the first block was measured.

        Raises:
            BundleError: they are of two voices, or of two frames.
        """
        mine, theirs = self.model.get("digest"), other.model.get("digest")
        if mine != theirs or self.frame_digest != other.frame_digest:
            raise BundleError(
                f"evidence of {mine} in frame {self.frame_digest[:12]} cannot be joined with that "
                f"of {theirs} in frame {other.frame_digest[:12]}; let the voice speak again"
            )
        added = other.of_blocks(other.blocks - self.blocks)
        blocks = {**_named_blocks(self), **_named_blocks(added)}
        return self._with_rows(blocks, [*self.rows, *added.rows])

    def _with_rows(
        self, blocks: Mapping[str, Sequence[str]], rows: Sequence[ItemScore]
    ) -> Evidence:
        prompts = {prompt for named in blocks.values() for prompt in named}
        kept = tuple(row for row in rows if row.prompt_id in prompts)
        return replace(
            self,
            benchmark={
                **self.benchmark,
                "gate_prompts": sorted(prompts),
                "blocks": dict(sorted(blocks.items())),
            },
            expected_items=len(prompts) * self.benchmark["gate_seeds"],
            rows=kept,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the document; rows are ordered by prompt and seed."""
        rows = sorted(self.rows, key=lambda row: row.item)
        document = {name.name: getattr(self, name.name) for name in fields(self)}
        return {
            **document,
            "schema": _OF_WORDS if self.unit is WORD else EVIDENCE_SCHEMA,
            "evaluated_items": self.evaluated_items,
            "rows": [_row_as_json(row) for row in rows],
        }

    def write(self, path: Path) -> None:
        """Write the canonical document.

        Raises:
            ValueError: it contains NaN or infinity.
        """
        write_text(path, canonical_json(self.as_json()))


def _row_as_json(row: ItemScore) -> dict[str, Any]:
    columns = {**asdict(row), "catastrophes": list(row.catastrophes)}
    absent = {name for name in _OPTIONAL if columns[name] is None}
    return {name: value for name, value in columns.items() if name not in absent}


def _named_blocks(evidence: Evidence) -> dict[str, Sequence[str]]:
    early = {"1": sorted({row.prompt_id for row in evidence.rows})}
    return dict(evidence.benchmark.get("blocks", early))


def read_evidence(path: Path) -> Evidence:
    """Read an evidence file.

    Raises:
        BundleError: it is absent, no JSON, incomplete, or from a newer schema.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BundleError(f"{path} is missing; run `dvc repro evaluate` first") from None
    except ValueError as error:
        raise BundleError(f"{path} is not JSON ({error}); evaluate again") from None
    return evidence_from_json(document, where=str(path))


def evidence_from_json(document: Any, *, where: str) -> Evidence:
    """Parse an evidence document; numbers may still be absent or NaN: the gate holds on them.

    Raises:
        BundleError: a field is missing or unknown, or the schema is newer.
    """
    if not isinstance(document, dict):
        raise BundleError(f"{where}: expected an object, got {type(document).__name__}")
    schema = document.get("schema")
    if schema in _OLDER:
        document = _from_older(document)
    elif schema not in (_OF_WORDS, EVIDENCE_SCHEMA):
        raise BundleError(
            f"{where}: evidence of schema {schema!r}, this version reads 1 to {EVIDENCE_SCHEMA}; "
            "use the voxgate version that wrote it, or evaluate again"
        )
    known = {name.name for name in fields(Evidence)}
    _expect_keys(document, known | {"schema", "evaluated_items"}, where)
    _check_sections(document, where)
    rows = [_row(row, f"{where}: row {n}") for n, row in enumerate(document["rows"], start=1)]
    evidence = Evidence(**{name: document[name] for name in known - {"rows"}}, rows=tuple(rows))
    if document["evaluated_items"] != evidence.evaluated_items:
        raise BundleError(
            f"{where}: evaluated_items says {document['evaluated_items']!r}, the rows hold "
            f"{evidence.evaluated_items} measured samples; the file was altered"
        )
    return evidence


def _from_older(document: Mapping[str, Any]) -> dict[str, Any]:
    """Bring older evidence to today's fields, without what was not measured then.

    What was measured and the protocol stay, so that it is set beside nothing that was measured in
    another way.
    """
    rows = document.get("rows")
    return {
        **document,
        "schema": _OF_WORDS,
        "rows": [_row_from_older(row) for row in rows] if isinstance(rows, list) else rows,
    }


def _row_from_older(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    names = ("word_errors", "ref_words")  # in schema 1 Whisper's normaliser judged
    counts = {f"whisper_{name}": row.get(name) for name in names}
    return {**counts, "critical_errors": None, "critical_words": None, "sound": {}, **row}


def _check_sections(document: Mapping[str, Any], where: str) -> None:
    faults = [
        f"{name}: expected an object, got {type(document[name]).__name__}"
        for name in _SECTIONS
        if not isinstance(document[name], dict)
    ]
    if not isinstance(document["rows"], list):
        faults.append(f"rows: expected a list, got {type(document['rows']).__name__}")
    if not faults:
        try:
            digest_json(document["protocol"])
        except ValueError:
            faults.append("protocol: contains NaN or infinity, so it cannot be compared")
        try:
            named_unit(document["protocol"].get("unit"))
        except ValueError as error:
            faults.append(f"protocol: {error}")
    if faults:
        raise BundleError(f"{where}: {'; '.join(faults)}")


def _row(raw: Any, where: str) -> ItemScore:
    if not isinstance(raw, dict):
        raise BundleError(f"{where}: expected an object, got {type(raw).__name__}")
    raw = {**dict.fromkeys(_OPTIONAL), **raw}
    _expect_keys(raw, {name.name for name in fields(ItemScore)}, where)
    # What names a sample must be right; a measure may be absent or NaN, and the gate holds on it.
    faults = [
        f"{name}: expected {kind.__name__}, got {raw[name]!r}"
        for name, kind in _IDENTITY.items()
        if not isinstance(raw[name], kind) or isinstance(raw[name], bool)
    ]
    if faults:
        raise BundleError(f"{where}: {'; '.join(faults)}")
    if not isinstance(raw["sound"], dict):
        raise BundleError(f"{where}: sound: expected an object, got {raw['sound']!r}")
    codes = raw["catastrophes"]
    if not all(isinstance(code, str) for code in codes):
        raise BundleError(f"{where}: catastrophes: expected codes, got {codes!r}")
    return ItemScore(**{**raw, "catastrophes": tuple(codes)})


def _expect_keys(document: Mapping[str, Any], expected: set[str], where: str) -> None:
    faults = [f"{name!r} is missing" for name in sorted(expected - document.keys())]
    faults += [f"{name!r} is unknown" for name in sorted(document.keys() - expected)]
    if faults:
        raise BundleError(f"{where}: {'; '.join(faults)}")
