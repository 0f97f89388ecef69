"""What the registry should show, and how what it shows differs: a three-way comparison.

The registry remembers up to which event it followed the ledger. What differs from that earlier
projection was changed by hand; what merely lags behind is caught up with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voxgate.release.book import Book
from voxgate.release.records import Release

__all__ = ["ALIASES", "Drift", "Projection", "Shown", "find_drifts", "project_book"]

ALIASES = ("champion", "challenger", "previous", "gold")

APPROVAL_TAG = "voxgate.approval"
BUNDLE_TAG = "voxgate.bundle"
DECIDED_BY_TAG = "voxgate.decided_by"
EVIDENCE_TAG = "voxgate.evidence"
RELEASE_SCOPE_TAG = "voxgate.release_scope"
VERDICT_TAG = "voxgate.verdict"


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Aliases and tags by the registry's own version numbers."""

    aliases: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a registry shows. `versions` maps its numbers to their tags, deleted ones left out.

    `head` is the event up to which it followed the ledger; None before the first time.
    """

    aliases: Mapping[str, int]
    versions: Mapping[int, Mapping[str, str]]
    head: str | None
    exists: bool = True
    """Whether the registry has a model of this name at all."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A difference. `by_hand` is true when no event of the ledger explains it.

    `expected` and `found` are the registry's version numbers, or texts of a tag.
    """

    code: str
    subject: str
    expected: int | str | None
    found: int | str | None
    by_hand: bool
    message: str


def project_book(book: Book, *, now: datetime) -> Projection:
    """Return what the registry should show."""
    named = {
        "champion": book.live,
        "challenger": book.challenger,
        "previous": book.previous,
        "gold": book.gold,
    }
    numbers = {version: release.registry_version for version, release in book.releases.items()}
    return Projection(
        aliases={alias: numbers[v] for alias, v in named.items() if v is not None},
        tags={r.registry_version: _tags(r, now) for r in book.releases.values()},
    )


def find_drifts(wanted: Projection, earlier: Projection, shown: Shown, book: Book) -> list[Drift]:
    """Return every difference between the registry and the ledger, the gravest first."""
    return [
        *_lost(book, shown),
        *_spelling(shown),
        *_aliases(wanted, earlier, shown),
        *_tags_differ(wanted, shown),
    ]


def _tags(release: Release, now: datetime) -> dict[str, str]:
    tags = {APPROVAL_TAG: release.standing(now)}
    if release.judgement is not None:
        tags[VERDICT_TAG] = release.judgement.verdict
        tags[BUNDLE_TAG] = release.judgement.bundle
        tags[EVIDENCE_TAG] = release.judgement.evidence_digest
    if release.approval is not None:
        tags[DECIDED_BY_TAG] = release.approval.by
        tags[RELEASE_SCOPE_TAG] = release.approval.scope
    return tags


def _lost(book: Book, shown: Shown) -> Iterator[Drift]:
    if book.lives and not shown.exists:
        yield Drift(
            code="model_lost",
            subject=book.model,
            expected=book.model,
            found=None,
            by_hand=True,
            message=f"the registry has no model {book.model!r}: it was renamed or deleted; whoever "
            "loads the voice by its name gets nothing, or what somebody else puts there",
        )
    named = {"champion": book.live, "previous": book.previous, "gold": book.gold}
    named["challenger"] = book.challenger
    for alias, version in named.items():
        if version is None:
            continue
        number = book.releases[version].registry_version
        if number not in shown.versions:
            yield Drift(
                code="version_lost",
                subject=alias,
                expected=number,
                found=None,
                by_hand=True,
                message=f"version {version} ({alias}) was deleted from the registry, where it was "
                f"number {number}; `voxgate registry repair` restores it from its package",
            )


def _spelling(shown: Shown) -> Iterator[Drift]:
    for alias, number in sorted(shown.aliases.items()):
        if alias.casefold() in ALIASES and alias not in ALIASES:
            yield Drift(
                code="alias_wrong_case",
                subject=alias,
                expected=None,
                found=number,
                by_hand=True,
                message=f"the alias {alias!r} of number {number} is not {alias.casefold()!r}: "
                "aliases are case-sensitive, so nothing reads it",
            )


def _aliases(wanted: Projection, earlier: Projection, shown: Shown) -> Iterator[Drift]:
    for alias in ALIASES:
        want, found = wanted.aliases.get(alias), shown.aliases.get(alias)
        if want == found or (want is not None and want not in shown.versions):
            continue  # a lost version is reported as such
        # An alias that is not there says nothing that could be adopted; it is just set.
        by_hand = found is not None and found != earlier.aliases.get(alias)
        if want is None:
            code, text = "alias_unexpected", f"points to {found}, the ledger has none"
        elif found is None:
            code, text = "alias_missing", f"is not there, the ledger says {want}"
        else:
            code, text = "alias_moved", f"points to {found}, the ledger says {want}"
        why = "somebody changed it by hand" if by_hand else "the registry lags behind"
        yield Drift(
            code=code,
            subject=alias,
            expected=want,
            found=found,
            by_hand=by_hand,
            message=f"the alias {alias!r} {text}: {why}",
        )


def _tags_differ(wanted: Projection, shown: Shown) -> Iterator[Drift]:
    for number, tags in sorted(wanted.tags.items()):
        found = shown.versions.get(number)
        for name, value in tags.items() if found is not None else ():
            assert found is not None
            if found.get(name) != value:
                yield Drift(
                    code="tag_differs",
                    subject=f"{number}:{name}",
                    expected=value,
                    found=found.get(name),
                    by_hand=False,
                    message=f"tag {name} of number {number} is {found.get(name)!r}, "
                    f"the ledger says {value!r}",
                )
