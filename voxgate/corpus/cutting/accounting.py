"""The table in which every second of the input is somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voxgate.corpus.cutting.stretches import Status, Stretch
from voxgate.types import HEARING_RATE_HZ

__all__ = ["Account", "Entry", "account_for", "add_accounts"]

_ORDER = tuple(Status)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the table; `reason` is the first of a rejected stretch, else empty."""

    status: Status
    reason: str
    stretches: int
    n_samples: int

    @property
    def seconds(self) -> float:
        """Length of all its stretches together."""
        return self.n_samples / HEARING_RATE_HZ


@dataclass(frozen=True, kw_only=True)
class Account:
    """Samples that went in, and the entries that they are divided into.

    doubts: how many doubtful stretches have a reason, by code; a stretch may have several.

    Raises:
        ValueError: the entries are not what went in; a table that does not add up is never shown.
    """

    n_samples: int
    entries: tuple[Entry, ...]
    doubts: dict[str, int]

    def __post_init__(self) -> None:
        out = sum(entry.n_samples for entry in self.entries)
        if out != self.n_samples:
            raise ValueError(f"{self.n_samples} samples went in, {out} are accounted for")

    @property
    def seconds(self) -> float:
        """Length of what went in."""
        return self.n_samples / HEARING_RATE_HZ

    def seconds_of(self, status: Status) -> float:
        """Return the seconds of all entries of a status."""
        return sum(entry.seconds for entry in self.entries if entry.status is status)


def account_for(stretches: Sequence[Stretch], n_samples: int) -> Account:
    """Divide `n_samples` of one recording among what became of its stretches.

    Raises:
        ValueError: the stretches are not as long as the recording.
    """
    samples: Counter[tuple[Status, str]] = Counter()
    counts: Counter[tuple[Status, str]] = Counter()
    doubts: Counter[str] = Counter()
    for stretch in stretches:
        rejected = stretch.status is Status.REJECTED
        key = (stretch.status, stretch.reasons[0].code if rejected else "")
        samples[key] += stretch.span.n_samples
        counts[key] += 1
        if stretch.status is Status.DOUBTFUL:
            doubts.update({reason.code for reason in stretch.reasons})
    return _account(samples, counts, doubts, n_samples)


def add_accounts(accounts: Iterable[Account]) -> Account:
    """Return one account of several recordings."""
    samples: Counter[tuple[Status, str]] = Counter()
    counts: Counter[tuple[Status, str]] = Counter()
    doubts: Counter[str] = Counter()
    n_samples = 0
    for account in accounts:
        n_samples += account.n_samples
        doubts.update(account.doubts)
        for entry in account.entries:
            samples[entry.status, entry.reason] += entry.n_samples
            counts[entry.status, entry.reason] += entry.stretches
    return _account(samples, counts, doubts, n_samples)


def _account(
    samples: Counter[tuple[Status, str]],
    counts: Counter[tuple[Status, str]],
    doubts: Counter[str],
    n_samples: int,
) -> Account:
    ordered = sorted(samples, key=lambda key: (_ORDER.index(key[0]), -samples[key], key[1]))
    return Account(
        n_samples=n_samples,
        entries=tuple(
            Entry(status=key[0], reason=key[1], stretches=counts[key], n_samples=samples[key])
            for key in ordered
        ),
        doubts=dict(sorted(doubts.items(), key=lambda item: (-item[1], item[0]))),
    )
