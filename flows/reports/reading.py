"""How a text is read, and which terms are not read as their lexicon says."""

from __future__ import annotations

from typing import Any

__all__ = ["describe_check", "describe_reading"]


def describe_reading(answer: dict[str, Any]) -> str:
    """Return the text as it is spoken, a line a word, and what is only guessed."""
    lines = [f"{answer['language']}: {answer['normalised']}", ""]
    lines += map(_word_line, answer["words"])
    lines += ["", f"phones: {' '.join(answer['phones'])}"]
    if answer["guessed"]:
        guessed = ", ".join(map(_placed, answer["guessed"]))
        lines += [
            f"guessed: {guessed}",
            f"`voxgate lexicon add WORD READING --language {answer['language']}` says how a word "
            "is read",
        ]
    if not answer["lexicon_read"]:
        lines.append("No lexicon is read: featurize.lexicon of params.yaml is null.")
    return "\n".join(lines)


def describe_check(answer: dict[str, Any]) -> str:
    """Return every sentence in which a term is read otherwise, or that there is none."""
    files = ", ".join(answer["files"]) or "no lexicon"
    lines = [
        f"{answer['folder']}: {files}; {answer['terms']} terms in {answer['sentences']} sentences, "
        f"read as a voice for {', '.join(answer['languages'])}"
    ]
    for row in answer["differences"]:
        lines += [
            f"{row['language']} {row['term']} (line {row['line']}), {row['where']}: "
            f"{row['sentence']}",
            f"    {row['fault']}"
            if row["fault"]
            else f"    expected {' '.join(row['expected']) or 'nothing'}, "
            f"got {' '.join(row['got']) or 'nothing'}",
        ]
    if answer["differences"]:
        lines.append(
            f"{len(answer['differences'])} sentences are not read as the lexicon says: no voice "
            "with it passes the gate (terms)"
        )
    elif answer["terms"]:
        lines.append("all are read as their lines say")
    if answer["terms"] and not answer["named_in_params"]:
        lines.append("No stage reads the folder yet: set featurize.lexicon in params.yaml.")
    return "\n".join(lines)


def _word_line(word: dict[str, Any]) -> str:
    language = f" {word['language']}" if word["language"] else ""
    guessed = ", guessed" if word["guessed"] else ""
    place = "" if word["place"] is None else f" @{word['place']}"
    phones = " ".join(word["phones"])
    return f"  {word['word']}{place}: {phones} ({word['source']}{guessed}){language}"


def _placed(word: dict[str, Any]) -> str:
    if word["place"] is None:
        return str(word["word"])
    return f"{word['word']} (character {word['place']})"
