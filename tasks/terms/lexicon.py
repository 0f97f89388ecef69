"""`lexicon`: the user's own pronunciations, which `featurize` reads and a voice carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tasks.terms.prompt import term_places
from voxgate.corpus.lexicon_folder import DEFAULT_FOLDER, lexicon_folder
from voxgate.corpus.user_lexicon import (
    check_arpabet,
    check_written,
    list_terms,
    term_key,
    with_term,
    without_term,
)
from voxgate.errors import ConfigError
from voxgate.evaluation.benchmark import Prompt, load_benchmark, prompts_language
from voxgate.files import write_text
from voxgate.lease import data_lease
from voxgate.params import Params
from voxgate.stage import Workspace
from voxgate.temporaries import scratch_directory
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.lexicons import find_lexicons, lexicon_name
from voxgate.text.symbols import symbol_table
from voxgate.text.term_check import check_term
from voxgate.text.term_lines import Term

__all__ = [
    "LexiconFile",
    "NewTerm",
    "add_term",
    "find_lexicon",
    "list_lexicon",
    "remove_term",
    "says",
]


@dataclass(frozen=True, kw_only=True)
class NewTerm:
    """What is asked for: a word, how it is read, and a sentence that says it.

    The reading is in the notation of the word's `language`, which is that of the benchmark where
    none is given.
    """

    written: str
    reading: str
    language: str | None = None
    carrier: str | None = None


@dataclass(frozen=True, kw_only=True)
class LexiconFile:
    """Where the words of one language are, and what reads with them.

    `folder` is below data/, `name` the file's path from there; `named` tells whether params.yaml
    says so. `others` are the lexicons of other languages beside it.
    """

    path: Path
    name: str
    folder: str
    named: bool
    language: str
    languages: Sequence[str]
    """Further languages that the voice may be asked for."""

    symbols: str
    others: Mapping[str, Path] = field(default_factory=dict)

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

    def terms(self) -> dict[str, Term]:
        """Return its terms by what no two of them share.

        Raises:
            ConfigError: it has broken lines, or is not UTF-8 text.
        """
        text = self.read()
        self.open(text)
        return list_terms(text, self.language)

    def front_end(self) -> FrontEnd:
        """Return what reads texts as a voice that is trained today will.

        Raises:
            ConfigError: as `terms`.
        """
        return self.open(self.read()) if self.named else self.plain()

    def plain(self) -> FrontEnd:
        """Return the front end without the user's words."""
        return self._open({})

    def open(self, text: str) -> FrontEnd:
        """Return the front end under a lexicon of this text.

        Raises:
            ConfigError: the text has broken lines; names all of them, and this file.
        """
        with scratch_directory() as folder:
            copy = folder / self.path.name
            copy.write_text(text, encoding="utf-8")
            try:
                return self._open({**self.others, self.language: copy})
            except ConfigError as error:
                where = self.path if error.where == str(copy) else error.where
                raise ConfigError(str(where), error.faults) from None

    def _open(self, lexicons: Mapping[str, Path]) -> FrontEnd:
        return open_front_end(
            self.language,
            symbols=symbol_table(self.symbols),
            lexicons=lexicons,
            languages=[other for other in self.languages if other != self.language],
        )


def find_lexicon(workspace: Workspace, params: Params, language: str | None = None) -> LexiconFile:
    """Return the file of a language in the folder that `featurize.lexicon` names, below data/.

    Where params.yaml names none it is the folder `lexicons`; the language is that of the benchmark
    where none is given: the one that the voice is judged in.

    Raises:
        ConfigError: the name leads out of data/, or is a file.
        TextError: the language has no front end.
    """
    language = language or prompts_language(workspace.benchmark_dir / params.evaluate.prompt_file)
    named = params.featurize.lexicon
    folder = lexicon_folder(workspace.data_dir, named or DEFAULT_FOLDER)
    path = folder / lexicon_name(language)
    return LexiconFile(
        path=path,
        name=path.relative_to(workspace.data_dir.resolve()).as_posix(),
        folder=named or DEFAULT_FOLDER,
        named=named is not None,
        language=language,
        languages=params.featurize.languages,
        symbols=params.featurize.symbols,
        others={code: one for code, one in find_lexicons(folder).items() if code != language},
    )


def add_term(
    workspace: Workspace,
    params: Params,
    asked: NewTerm,
    *,
    replace: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Write how a word is spoken; returns as JSON values what was there, and what was written.

    `before` is how the word would be spoken without the user's lexicon, and how surely.

    Raises:
        ConfigError: the word or its reading cannot be used, the file is broken, there is no data/,
            the front end never asks for this word, or it is there with another reading and
            `replace` is False.
        TextError: the language has no front end, or its libraries are not installed.
        LockHeldError: another command writes data/.
        StorageError: the disk refused; the file is as it was.
    """
    file = find_lexicon(workspace, params, asked.language)
    wanted = _checked(asked, file.language)
    _require_data(workspace)
    with data_lease(workspace, purpose=f"lexicon add of {asked.written}"):
        text = file.read()
        file.open(text)
        kept = list_terms(text, file.language).get(wanted.written)
        if kept is not None and kept.reading != wanted.reading and not replace:
            raise ConfigError(
                str(file.path),
                [f"{wanted.written!r} is there as {kept.reading}; --replace writes the new one"],
            )
        carrier = wanted.carrier or (None if kept is None else kept.carrier)
        same = kept is not None and (kept.reading, kept.carrier) == (wanted.reading, carrier)
        after = (
            text
            if same
            else with_term(text, file.language, wanted.written, wanted.reading, carrier=carrier)
        )
        front_end = file.open(after)
        _require_heard(file, front_end, asked.written, wanted)
        if after != text and not dry_run:
            write_text(file.path, after)
    replaced = kept is not None and kept.reading != wanted.reading
    return {
        **_place(file),
        "term": wanted.written,
        "reading": wanted.reading,
        "carrier": carrier,
        "phones": _spoken(front_end, asked.written)["phones"],
        "replaced": kept.reading if kept is not None and replaced else None,
        "before": _spoken(file.plain(), asked.written),
        "changed": after != text,
        "dry_run": dry_run,
    }


def remove_term(
    workspace: Workspace,
    params: Params,
    written: str,
    *,
    language: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Take a word away; returns as JSON values what it was and how it will be spoken.

    Raises:
        ConfigError: the file is broken, or has no such word; says which there are.
        TextError, LockHeldError, StorageError: as `add_term`.
    """
    file = find_lexicon(workspace, params, language)
    _require_data(workspace)
    key = term_key(written, file.language)
    with data_lease(workspace, purpose=f"lexicon remove of {written}"):
        text = file.read()
        file.open(text)
        terms = list_terms(text, file.language)
        kept = terms.get(key)
        if kept is None:
            known = ", ".join(sorted(terms)) or "none"
            raise ConfigError(str(file.path), [f"no word {key!r}; there are: {known}"])
        if not dry_run:
            write_text(file.path, without_term(text, file.language, written))
    return {
        **_place(file),
        "term": key,
        "reading": kept.reading,
        "before": _spoken(file.plain(), written),
        "changed": True,
        "dry_run": dry_run,
    }


def list_lexicon(
    workspace: Workspace, params: Params, *, language: str | None = None
) -> dict[str, Any]:
    """Return every word as JSON values, of one language or of all, with the prompts that say it.

    Raises:
        ConfigError: a file or the benchmark is broken.
        TextError: the language has no front end, or its libraries are not installed.
    """
    first = find_lexicon(workspace, params, language)
    codes = [language] if language else [*find_lexicons(first.path.parent)] or [first.language]
    files = [find_lexicon(workspace, params, code) for code in codes]
    return {
        "files": [f"data/{file.name}" for file in files],
        "named_in_params": first.named,
        "name": first.folder,
        "terms": [row for file in files for row in _rows(workspace, params, file)],
    }


def says(prompt: Prompt, key: str) -> bool:
    """Tell whether a prompt says a term: by its words, or as it is written without spaces."""
    return bool(term_places(prompt.normalised, key)) or (not key.isascii() and key in prompt.text)


def _rows(workspace: Workspace, params: Params, file: LexiconFile) -> Iterator[dict[str, Any]]:
    asked = params.evaluate.prompt_files.get(file.language)
    prompts = load_benchmark(workspace.benchmark_dir / asked).prompts if asked else ()
    terms, plain = file.terms(), file.plain()
    for key, term in sorted(terms.items()):
        yield {
            "term": key,
            "language": file.language,
            "reading": term.reading,
            "carrier": term.carrier,
            "before": _spoken(plain, key),
            "prompts": [prompt.id for prompt in prompts if says(prompt, key)],
        }


def _checked(asked: NewTerm, language: str) -> Term:
    """Return the term as its line will say it.

    Raises:
        ConfigError: it cannot be a line; names everything that is wrong.
    """
    reading = " ".join(asked.reading.split())
    if language == "en":
        reading = " ".join(check_arpabet(asked.written, reading.split()))
    check_written(*filter(None, (asked.written, reading, asked.carrier)))
    key = term_key(asked.written, language)
    if asked.carrier is not None and key not in term_key(asked.carrier, language):
        raise ConfigError(
            "the user lexicon", [f"the sentence {asked.carrier!r} does not say {asked.written!r}"]
        )
    return Term(written=key, reading=reading, carrier=asked.carrier, line=0)


def _place(file: LexiconFile) -> dict[str, Any]:
    return {
        "file": f"data/{file.name}",
        "language": file.language,
        "named_in_params": file.named,
        "name": file.folder,
    }


def _require_data(workspace: Workspace) -> None:
    if not workspace.manifest.is_file():
        raise ConfigError(
            str(workspace.data_dir),
            ["no manifest.csv: `voxgate corpus fetch` or `voxgate corpus add` brings recordings"],
        )


def _require_heard(file: LexiconFile, front_end: FrontEnd, written: str, term: Term) -> None:
    """Refuse a line that no text would ever meet: the front end reads the word as others."""
    if file.language == "en":
        words = front_end.read(written).words
        is_heard = [word.phones for word in words] == [tuple(term.reading.split())]
    else:
        own, *_ = check_term(term, file.language, others=(), open_front_end=lambda _: front_end)
        if own.fault is not None:
            raise ConfigError(str(file.path), [f"{own.sentence!r}: {own.fault}"])
        words = front_end.read(written).words
        is_heard = own.is_right
    if not is_heard:
        spoken = " ".join(word.word for word in words)
        raise ConfigError(
            str(file.path),
            [
                f"{written!r} is read as {spoken!r}, so that its line would never be used; add the "
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
