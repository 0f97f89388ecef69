"""`lexicon`: the user's own pronunciations, which `featurize` reads and a voice carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.terms.prompt import term_places
from voxgate.corpus.user_lexicon import check_term, list_terms, with_term, without_term
from voxgate.errors import ConfigError
from voxgate.evaluation.benchmark import load_benchmark, prompts_language
from voxgate.files import write_text
from voxgate.lease import data_lease
from voxgate.params import Params
from voxgate.stage import Workspace
from voxgate.temporaries import scratch_directory
from voxgate.text.front_end import FrontEnd, Phones
from voxgate.text.front_ends import open_front_end
from voxgate.text.symbols import symbol_table

__all__ = ["LexiconFile", "add_term", "find_lexicon", "list_lexicon", "remove_term"]


@dataclass(frozen=True, kw_only=True)
class LexiconFile:
    """Where the pronunciations are: `name` below data/; `named` tells whether params.yaml says so.

    `language` is that of the benchmark: the one that the voice is judged in.
    """

    path: Path
    name: str
    named: bool
    language: str
    symbols: str

    def read(self) -> str:
        """Return the text of the file; "" where there is none yet.

        Raises:
            ConfigError: it is not UTF-8 text.
        """
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError as error:
            raise ConfigError(str(self.path), [f"expected UTF-8 text: {error}"]) from None

    def terms(self) -> dict[str, Phones]:
        """Return its words.

        Raises:
            ConfigError: it has broken lines, or is not UTF-8 text.
        """
        text = self.read()
        self.open(text)
        return list_terms(text)

    def front_end(self) -> FrontEnd:
        """Return what reads texts as a voice that is trained today will.

        Raises:
            ConfigError: as `terms`.
        """
        return self.open(self.read()) if self.named else self.plain()

    def plain(self) -> FrontEnd:
        """Return the front end without the user's words."""
        return open_front_end(self.language, symbols=symbol_table(self.symbols))

    def open(self, text: str) -> FrontEnd:
        """Return the front end under a lexicon of this text.

        Raises:
            ConfigError: the text has broken lines; names all of them, and this file.
        """
        table = symbol_table(self.symbols)
        with scratch_directory() as folder:
            copy = folder / "lexicon.txt"
            copy.write_text(text, encoding="utf-8")
            try:
                return open_front_end(self.language, symbols=table, lexicon=copy)
            except ConfigError as error:
                raise ConfigError(str(self.path), error.faults) from None


def find_lexicon(workspace: Workspace, params: Params) -> LexiconFile:
    """Return the file that `featurize.lexicon` names, else `lexicon.LANGUAGE.txt`, below data/.

    Raises:
        ConfigError: the name leads out of data/.
    """
    language = prompts_language(workspace.benchmark_dir / params.evaluate.prompt_file)
    named = params.featurize.lexicon
    name = named or f"lexicon.{language}.txt"
    data = workspace.data_dir.resolve()
    path = (data / name).resolve()
    if not path.is_relative_to(data):
        raise ConfigError(
            str(workspace.params_file),
            [f"featurize.lexicon: expected a file under data/, got {named!r}"],
        )
    return LexiconFile(
        path=path,
        name=name,
        named=named is not None,
        language=language,
        symbols=params.featurize.symbols,
    )


def add_term(
    workspace: Workspace,
    params: Params,
    term: str,
    phones: Sequence[str],
    *,
    replace: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Write how a word is spoken; returns as JSON values what was there, and what was written.

    `before` is how the word would be spoken without the user's lexicon, and how surely.

    Raises:
        ConfigError: the term or a phoneme cannot be used, the file is broken, there is no data/,
            the front end never asks for this word, or it is there with other phonemes and
            `replace` is False.
        LockHeldError: another command writes data/.
        StorageError: the disk refused; the file is as it was.
    """
    wanted = check_term(term, phones)
    file = find_lexicon(workspace, params)
    _require_data(workspace)
    with data_lease(workspace, purpose=f"lexicon add of {term}"):
        text = file.read()
        file.open(text)
        kept = list_terms(text).get(term.lower())
        if kept is not None and kept != wanted and not replace:
            raise ConfigError(
                str(file.path),
                [f"{term.lower()!r} is there as {' '.join(kept)}; --replace writes the new one"],
            )
        after = text if kept == wanted else with_term(text, term, wanted)
        _require_heard(file, after, term, wanted)
        if after != text and not dry_run:
            write_text(file.path, after)
    return {
        **_place(file),
        "term": term.lower(),
        "phones": list(wanted),
        "replaced": list(kept) if kept is not None and kept != wanted else None,
        "before": _spoken(file.plain(), term),
        "changed": after != text,
        "dry_run": dry_run,
    }


def remove_term(
    workspace: Workspace, params: Params, term: str, *, dry_run: bool = False
) -> dict[str, Any]:
    """Take a word away; returns as JSON values what it was and how it will be spoken.

    Raises:
        ConfigError: the file is broken, or has no such word; says which there are.
        LockHeldError, StorageError: as `add_term`.
    """
    file = find_lexicon(workspace, params)
    _require_data(workspace)
    with data_lease(workspace, purpose=f"lexicon remove of {term}"):
        text = file.read()
        file.open(text)
        terms = list_terms(text)
        kept = terms.get(term.lower())
        if kept is None:
            known = ", ".join(sorted(terms)) or "none"
            raise ConfigError(str(file.path), [f"no word {term.lower()!r}; there are: {known}"])
        if not dry_run:
            write_text(file.path, without_term(text, term))
    return {
        **_place(file),
        "term": term.lower(),
        "phones": list(kept),
        "before": _spoken(file.plain(), term),
        "changed": True,
        "dry_run": dry_run,
    }


def list_lexicon(workspace: Workspace, params: Params) -> dict[str, Any]:
    """Return every word as JSON values, with the prompts of the benchmark that say it.

    Raises:
        ConfigError: the file or the benchmark is broken.
    """
    file = find_lexicon(workspace, params)
    terms = file.terms()
    prompts = load_benchmark(workspace.benchmark_dir / params.evaluate.prompt_file).prompts
    plain = file.plain()
    return {
        **_place(file),
        "terms": [
            {
                "term": term,
                "phones": list(phones),
                "before": _spoken(plain, term),
                "prompts": [p.id for p in prompts if term_places(p.normalised, term)],
            }
            for term, phones in sorted(terms.items())
        ],
    }


def _place(file: LexiconFile) -> dict[str, Any]:
    return {"file": f"data/{file.name}", "named_in_params": file.named, "name": file.name}


def _require_data(workspace: Workspace) -> None:
    if not workspace.manifest.is_file():
        raise ConfigError(
            str(workspace.data_dir),
            ["no manifest.csv: `voxgate corpus fetch` or `voxgate corpus add` brings recordings"],
        )


def _require_heard(file: LexiconFile, text: str, term: str, phones: Phones) -> None:
    """Refuse a line that no text would ever meet: the front end reads the word as others."""
    words = file.open(text).read(term).words
    if [word.phones for word in words] != [phones]:
        spoken = " ".join(word.word for word in words)
        raise ConfigError(
            str(file.path),
            [
                f"{term!r} is read as {spoken!r}, so that its line would never be used; add the "
                "words that are read, or write it in small letters in the texts"
            ],
        )


def _spoken(front_end: FrontEnd, term: str) -> dict[str, Any]:
    words = front_end.read(term).words
    return {
        "phones": [phone for word in words for phone in word.phones],
        "source": ", ".join(dict.fromkeys(word.source for word in words)),
        "guessed": any(word.guessed for word in words),
    }
