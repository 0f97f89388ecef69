"""The evidence bundle: a folder that holds everything a verdict depends on, and the verdict.

Anybody can recompute it offline; a changed byte is noticed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from voxgate.errors import BundleError
from voxgate.evaluation.evidence import evidence_from_json
from voxgate.files import digest_bytes, publish_directory, write_bytes, write_json, write_text
from voxgate.gate.calibration import calibration_from_json
from voxgate.gate.report import render_verdict
from voxgate.gate.standing import standing_from_json
from voxgate.gate.thresholds import thresholds_from_json
from voxgate.gate.verdict import RIVALS, Case, Verdict, judge

__all__ = ["BUNDLE_SCHEMA", "Bundle", "mismatches", "read_bundle", "write_bundle"]

BUNDLE_SCHEMA = 2
"""2 has inputs of further languages, such as `challenger.zh.json`; of one language it is 1."""
_OF_ONE_LANGUAGE = 1
_REQUIRED = ("challenger", "thresholds")
_INPUTS = ("challenger", "champion", "gold", "thresholds", "calibration", "standing")
_UNJUDGED = "unjudged"
"""Languages without a case, and why."""

_NAME = re.compile(rf"(?:{'|'.join(_INPUTS)})(?:\.(?P<language>[a-z]{{2,3}}))?|{_UNJUDGED}")


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle as read: the case and the digest of its manifest, which names all inputs."""

    case: Case
    digest: str


def write_bundle(folder: Path, inputs: Mapping[str, bytes]) -> Verdict:
    """Write a bundle with its verdict and report in the place of `folder`; return the verdict.

    Args:
        folder: where the bundle goes.
        inputs: the bytes of each document: challenger, thresholds, and where they exist champion,
            gold, calibration, standing; of a further language the same with its code
            (`challenger.zh`). They are kept as they are, so that their digests stay theirs.

    Raises:
        BundleError: an input is missing, unknown or unreadable.
        StorageError: the disk refused.
    """
    unknown = sorted(name for name in inputs if not _NAME.fullmatch(name))
    missing = sorted(set(_REQUIRED) - inputs.keys())
    if unknown or missing:
        raise BundleError(f"bundle {folder}: missing inputs {missing}, unknown inputs {unknown}")
    case = _case(inputs, folder)
    files = {f"{name}.json": digest_bytes(data) for name, data in inputs.items()}
    with publish_directory(folder) as temporary:
        for name, data in inputs.items():
            write_bytes(temporary / f"{name}.json", data)
        schema = _OF_ONE_LANGUAGE if set(_INPUTS).issuperset(inputs) else BUNDLE_SCHEMA
        write_json(temporary / "manifest.json", {"schema": schema, "files": files})
        digest = digest_bytes((temporary / "manifest.json").read_bytes())
        verdict = judge(case)
        for name, text in _results(case, verdict, digest).items():
            write_text(temporary / name, text)
    return verdict


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle and check every input against its manifest.

    Raises:
        BundleError: it is no bundle, an input is missing, altered or not listed, or something in
            it is of a newer schema.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise BundleError(f"{folder} is no evidence bundle: manifest.json is missing")
    data = path.read_bytes()
    listed = _listed(data, path)
    present = {path.name for path in folder.glob("*.json") if _NAME.fullmatch(path.stem)}
    if present != listed.keys():
        odd = ", ".join(sorted(present ^ listed.keys()))
        raise BundleError(
            f"{folder}: files differ from the manifest: {odd}; the bundle was altered"
        )
    inputs = {}
    for name, digest in listed.items():
        content = (folder / name).read_bytes()
        if digest_bytes(content) != digest:
            raise BundleError(
                f"{folder / name}: sha256 {digest_bytes(content)}, the manifest says {digest}; "
                "the file was altered. Fetch the bundle again from the registry."
            )
        inputs[name.removesuffix(".json")] = content
    return Bundle(case=_case(inputs, folder), digest=digest_bytes(data))


def mismatches(folder: Path, bundle: Bundle) -> list[str]:
    """Recompute verdict and report; return the names of files that are not what they must be."""
    results = _results(bundle.case, judge(bundle.case), bundle.digest)
    return [
        name
        for name, text in results.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != text.encode()
    ]


def _results(case: Case, verdict: Verdict, digest: str) -> dict[str, str]:
    document = {**verdict.as_json(), "bundle_digest": digest}
    text = json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return {"verdict.json": text + "\n", "report.md": render_verdict(case, verdict)}


def _case(inputs: Mapping[str, bytes], folder: Path) -> Case:
    languages = {found["language"] for name in inputs if (found := _NAME.fullmatch(name))} - {None}
    own = _case_of("", inputs, folder)
    unjudged = _parsed(inputs.get(_UNJUDGED, b"{}"), folder / f"{_UNJUDGED}.json")
    if not isinstance(unjudged, dict) or not all(isinstance(v, str) for v in unjudged.values()):
        raise BundleError(f"{folder}: {_UNJUDGED}.json: expected a reason by language")
    further = {language: _case_of(f".{language}", inputs, folder) for language in languages}
    if own.challenger.language in further or any(
        case.challenger.language != language for language, case in further.items()
    ):
        raise BundleError(f"{folder}: evidence is filed under another language than its own")
    return replace(own, further=further, unjudged=unjudged)


def _case_of(suffix: str, inputs: Mapping[str, bytes], folder: Path) -> Case:
    """Read the case of one language; its inputs have `suffix` behind their names."""
    documents = {
        name: _parsed(inputs[f"{name}{suffix}"], folder / f"{name}{suffix}.json")
        for name in _INPUTS
        if f"{name}{suffix}" in inputs
    }
    missing = sorted(set(_REQUIRED) - documents.keys())
    if missing:
        raise BundleError(
            f"{folder}: inputs are missing: {', '.join(name + suffix for name in missing)}"
        )

    def where(name: str) -> str:
        return str(folder / f"{name}{suffix}.json")

    return Case(
        challenger=evidence_from_json(documents["challenger"], where=where("challenger")),
        thresholds=thresholds_from_json(documents["thresholds"], where=where("thresholds")),
        rivals={
            name: evidence_from_json(documents[name], where=where(name))
            for name in RIVALS
            if name in documents
        },
        calibration=calibration_from_json(documents["calibration"], where=where("calibration"))
        if "calibration" in documents
        else None,
        standing=standing_from_json(documents["standing"], where=where("standing"))
        if "standing" in documents
        else None,
    )


def _listed(data: bytes, path: Path) -> dict[str, str]:
    manifest = _parsed(data, path)
    schema = manifest.get("schema") if isinstance(manifest, dict) else None
    if schema not in (_OF_ONE_LANGUAGE, BUNDLE_SCHEMA):
        raise BundleError(
            f"{path}: bundle of schema {schema!r}, this version reads 1 to {BUNDLE_SCHEMA}; use "
            "the voxgate version that wrote it"
        )
    return dict(manifest["files"])


def _parsed(data: bytes, path: Path) -> Any:
    try:
        # NaN is read, not refused: the verdict must be a HOLD that names it.
        return json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise BundleError(f"{path} is not JSON ({error}); the bundle was altered") from None
