"""`text say` and `text check`: how a text is read today, and whether every term is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tasks.terms.lexicon import find_lexicon
from voxgate.corpus.languages import corpus_languages
from voxgate.corpus.lexicon_check import check_lexicons
from voxgate.corpus.lexicon_folder import DEFAULT_FOLDER, lexicon_folder
from voxgate.corpus.manifest import read_manifest
from voxgate.evaluation.benchmark import prompts_language
from voxgate.params import Params
from voxgate.stage import Workspace
from voxgate.text.front_end import SpokenWord
from voxgate.text.lexicons import find_lexicons
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table

__all__ = ["check_texts", "say_text", "voice_languages"]


def say_text(
    workspace: Workspace, params: Params, text: str, *, language: str | None = None
) -> dict[str, Any]:
    """Return as JSON values how a voice that is trained today will read a text.

    `place` of a word is where it stands in `text`, from 1; None where it is not written so there
    (a number, a sign, an abbreviation).

    Raises:
        TextError: the text cannot be read, the language has no front end, or its libraries are
            not installed.
        ConfigError: a lexicon has broken lines.
        ManifestError: the recordings, whose languages the voice speaks, cannot be read.
    """
    file = find_lexicon(workspace, params, language)
    file = replace(file, languages=voice_languages(workspace, params))
    spoken = to_phonemes(text, file.front_end(), lead_in=False)
    places = _places(text, [word.word for word in spoken.words])
    return {
        "language": file.language,
        "text": text,
        "normalised": spoken.text,
        "phones": list(spoken.phones),
        "words": [_word(word, place) for word, place in zip(spoken.words, places, strict=True)],
        "guessed": [
            {"word": word.word, "place": place}
            for word, place in zip(spoken.words, places, strict=True)
            if word.guessed
        ],
        "lexicon_read": file.named,
    }


def check_texts(workspace: Workspace, params: Params) -> dict[str, Any]:
    """Return as JSON values every sentence in which a term is not read as its lexicon says.

    Raises:
        ConfigError: a lexicon is broken; names all faults.
        ManifestError: the recordings, whose languages the voice speaks, cannot be read.
        TextError: a language has no front end, or its libraries are not installed.
    """
    named = params.featurize.lexicon
    folder = lexicon_folder(workspace.data_dir, named or DEFAULT_FOLDER)
    lexicons = find_lexicons(folder)
    languages = voice_languages(workspace, params)
    found = check_lexicons(
        lexicons, symbols=symbol_table(params.featurize.symbols), languages=languages
    )
    return {
        "folder": f"data/{named or DEFAULT_FOLDER}",
        "named_in_params": named is not None,
        "languages": languages,
        "files": [path.name for path in lexicons.values()],
        "terms": found.terms,
        "sentences": len(found.rows),
        "differences": [
            {
                "language": row.language,
                "term": row.term,
                "line": row.line,
                "where": row.where,
                "sentence": row.sentence,
                "expected": list(row.expected),
                "got": list(row.got),
                "fault": row.fault,
            }
            for row in found.differences
        ],
    }


def voice_languages(workspace: Workspace, params: Params) -> list[str]:
    """Return the languages of the voice that is trained here, the primary one first.

    They are those of its recordings and of params.yaml; without recordings, the benchmark's.
    """
    further = params.featurize.languages
    spoken = []
    if workspace.manifest.is_file():
        speaker = params.featurize.speaker
        spoken = [
            recording.language
            for recording in read_manifest(workspace.manifest)
            if speaker in (None, recording.speaker_id)
        ]
    found = corpus_languages(spoken, further)
    if len(found) > len(further):
        return found
    judged = prompts_language(workspace.benchmark_dir / params.evaluate.prompt_file)
    return corpus_languages([judged], further)


def _word(word: SpokenWord, place: int | None) -> dict[str, Any]:
    return {
        "word": word.word,
        "phones": list(word.phones),
        "source": word.source,
        "guessed": word.guessed,
        "language": word.language,
        "place": place,
    }


def _places(text: str, words: list[str]) -> list[int | None]:
    """Return where each word stands in the written text, from 1, in their order."""
    folded, start = text.casefold(), 0
    places: list[int | None] = []
    for word in words:
        found = folded.find(word.casefold(), start) if len(folded) == len(text) else -1
        places.append(None if found < 0 else found + 1)
        start = start if found < 0 else found + len(word)
    return places
