"""The whole path in another language: speech, data version, parameters, a verdict.

    python -m scripts.text.run_language zh [--minutes 13] [--base FOLDER] [--only-prepare]

Lets the teacher's voice of the language read a corpus, adds and registers it, writes into
`params.yaml` that voices are judged on that language's prompts and start from a base that has seen
it, and starts `voxgate run`. Each command is shown before it runs, so that it can be given by
hand. Wants a checkout whose `data/` holds nothing, or this corpus.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from voxgate.errors import ConfigError
from voxgate.files import digest_file, write_text

__all__ = ["commands", "language_params", "main"]

_CORPORA = Path(".voxgate/corpora")
_VOICES = {"zh": "zf_xiaoxiao", "ja": "jf_alpha"}
_BASE_FILES = ("s1", "s2")

Run = Callable[[Sequence[str]], int]


def commands(language: str, *, minutes: float, work: Path = _CORPORA) -> list[list[str]]:
    """Return the commands up to a registered data version, in order."""
    folder, voice = work / language, _VOICES[language]
    made = ["--language", language, "--out", str(folder), "--minutes", str(minutes)]
    added = [str(folder), "--speaker", voice, "--language", language]
    return [
        ["voxgate", "pretrain", "corpus", *made],
        ["voxgate", "corpus", "add", *added, "--consent", str(folder / "consent.yaml")],
        ["voxgate", "data", "commit"],
    ]


def language_params(params: str, language: str, *, base: Path, base_dir: Path) -> str:
    """Return `params` (the text of params.yaml) with prompts, model name and base of a language.

    Args:
        params: what stands in the file; its comments and all other lines are kept.
        language: of prompts and model.
        base: the folder of the base, below `base_dir`; its files are pinned by their digests.
        base_dir: where bases lie.

    Raises:
        ConfigError: a line that is to be changed is not there once, or the base lacks a file.
    """
    files = {model: base / f"{model}.safetensors" for model in _BASE_FILES}
    absent = [str(path) for path in files.values() if not path.is_file()]
    if absent:
        raise ConfigError(
            str(base), [f"{', '.join(absent)} is absent; docs/other_languages.md makes it"]
        )
    changes = {
        r"(?m)^(  prompts: prompts\.)[a-z]+(\.jsonl)$": language,
        r"(?m)^(  model_name: voice-)[a-z]+()$": language,
        r"(?m)^(    folder: )\S+()$": base.relative_to(base_dir).as_posix(),
        **{
            rf'(?m)^(    {model}_sha256: ")[0-9a-f]+(")$': digest_file(path)
            for model, path in files.items()
        },
    }
    for pattern, value in changes.items():
        params, count = re.subn(pattern, rf"\g<1>{value}\g<2>", params)
        if count != 1:
            line = pattern.removeprefix("(?m)")
            raise ConfigError("params.yaml", [f"{count} lines are like {line}, expected one"])
    return params


def main(arguments: Sequence[str] | None = None, *, run: Run = subprocess.call) -> int:
    """Run from the command line; returns the exit status of the last command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", choices=sorted(_VOICES))
    parser.add_argument("--minutes", type=float, default=13.0)
    parser.add_argument("--base", type=Path, default=Path("base/languages"))
    parser.add_argument("--only-prepare", action="store_true", help="do not start the run")
    given = parser.parse_args(arguments)
    path = Path("params.yaml")
    try:
        changed = language_params(
            path.read_text(encoding="utf-8"), given.language, base=given.base, base_dir=Path("base")
        )
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for command in commands(given.language, minutes=given.minutes):
        if status := _shown(command, run):
            return status
    write_text(path, changed)
    sys.stdout.write(f"params.yaml: prompts, model name and base ({given.base}) are written\n")
    return 0 if given.only_prepare else _shown(["voxgate", "run"], run)


def _shown(command: Sequence[str], run: Run) -> int:
    sys.stdout.write(f"$ {' '.join(command)}\n")
    sys.stdout.flush()
    return run(command)


if __name__ == "__main__":
    sys.exit(main())
