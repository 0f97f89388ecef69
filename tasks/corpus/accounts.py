"""Where each second of the imported recordings went, and where each clip came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voxgate.corpus.cutting.accounting import Account, account_for, add_accounts
from voxgate.corpus.cutting.composition import settle, settle_each
from voxgate.corpus.cutting.decisions import Decision, read_decisions
from voxgate.corpus.cutting.records import Import, Source, clip_id, read_imports
from voxgate.corpus.cutting.stretches import Stretch
from voxgate.errors import CorpusError
from voxgate.excerpts import excerpt
from voxgate.files import write_text
from voxgate.reporting.seconds import SourceSeconds, render_seconds

__all__ = [
    "Accounts",
    "FoundClip",
    "SourceAccount",
    "account_sources",
    "draw_accounts",
    "find_clip",
]

_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class SourceAccount:
    """One recording's stretches and table, after the decisions about its clips."""

    source: Source
    stretches: tuple[Stretch, ...]
    account: Account


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """The tables of several recordings, and all of them as one."""

    sources: tuple[SourceAccount, ...]
    together: Account


@dataclass(frozen=True, kw_only=True)
class FoundClip:
    """A clip, the recording that it was cut from, and what a person decided about it.

    `stretch` is as it counts now; its span says the seconds of the recording.
    """

    recording_id: str
    source: Source
    stretch: Stretch
    decision: Decision | None


def account_sources(data_dir: Path, name: str | None = None) -> Accounts:
    """Return the tables of all imports, or of those of one source, by its id or file name.

    Raises:
        CorpusError: there is no import, or none of that name.
    """
    imports = _require_imports(data_dir)
    chosen = [i for i in imports if name is None or name in {i.source.source_id, i.source.name}]
    if not chosen:
        known = ", ".join(sorted({i.source.source_id for i in imports})[:_SHOWN])
        raise CorpusError(f"no import of {excerpt(name)}; there are: {known}")
    decisions = read_decisions(data_dir)
    sources = [_account(imported, decisions) for imported in chosen]
    return Accounts(sources=tuple(sources), together=add_accounts(each.account for each in sources))


def draw_accounts(accounts: Accounts, path: Path) -> None:
    """Write the tables as a page with a strip for each recording.

    Raises:
        StorageError: the file cannot be written.
    """
    write_text(path, render_seconds([SourceSeconds(**vars(each)) for each in accounts.sources]))


def find_clip(data_dir: Path, clip: str) -> FoundClip:
    """Return where a clip comes from; `clip` is a recording id, or a path in data/.

    Raises:
        CorpusError: no import has such a clip.
    """
    wanted = clip.removeprefix("data/").removeprefix("audio/").removesuffix(".flac")
    decisions = read_decisions(data_dir)
    for imported in _require_imports(data_dir):
        for was, now in settle_each(imported, decisions):
            ids = [clip_id(imported.source, stretch.span) for stretch in (was, now)]
            if was.utterance is not None and wanted in ids:
                return FoundClip(
                    recording_id=wanted,
                    source=imported.source,
                    stretch=now,
                    decision=decisions.get(ids[0]),
                )
    raise CorpusError(
        f"no import has a clip {excerpt(clip)}; expected a recording id of manifest.csv such as "
        "anna/talk-1a2b3c4d/000001500-000004000. A recording that was added by `corpus add` has no "
        "other place"
    )


def _account(imported: Import, decisions: Mapping[str, Decision]) -> SourceAccount:
    stretches = settle(imported, decisions)
    return SourceAccount(
        source=imported.source,
        stretches=stretches,
        account=account_for(stretches, imported.source.n_samples),
    )


def _require_imports(data_dir: Path) -> list[Import]:
    imports = read_imports(data_dir)
    if not imports:
        raise CorpusError(
            f"{data_dir} has no import; `voxgate corpus import` makes one of long recordings"
        )
    return imports
