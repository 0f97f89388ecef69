"""`corpus review`: a person's ears on the clips of an import, and decisions that stay."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voxgate.clock import utc_now
from voxgate.corpus.cutting.decisions import Decision, append_decision, read_log, standing_of
from voxgate.corpus.cutting.records import clip_path, import_folder, read_imports
from voxgate.corpus.importing import recompose
from voxgate.corpus.paths import resolve_inside
from voxgate.corpus.reviewing.answers import Answer, decide
from voxgate.corpus.reviewing.queue import Clip, find_misfits, plan_queue
from voxgate.corpus.reviewing.shown import describe_clip, describe_decision
from voxgate.errors import CorpusError
from voxgate.files import digest_file
from voxgate.lease import data_lease
from voxgate.login import describe_login
from voxgate.stage import Workspace

__all__ = ["ReviewRoom", "open_review"]

WAIT_S = 20.0
"""How long an answer waits for an import that writes data/ at that moment."""

_MAX_CLIP_BYTES = 1 << 26

Log = Mapping[str, Sequence[Decision]]


@dataclass(frozen=True, kw_only=True)
class ReviewRoom:
    """One reviewer at the clips of a checkout; the port that the page talks to.

    digests: sha256 of the stretches that the clips were read from, by folder of their import.
    """

    workspace: Workspace
    reviewer: str
    clips: Sequence[Clip]
    digests: Mapping[str, str]

    @property
    def count(self) -> int:
        """How many clips there are."""
        return len(self.clips)

    def overview(self) -> dict[str, Any]:
        """Say who reviews which clips, how each was decided, and what fits none of them."""
        standing = standing_of(read_log(self.workspace.data_dir))
        return {
            "reviewer": self.reviewer,
            "doubtful": sum(clip.doubtful for clip in self.clips),
            "states": self._states(standing),
            "misfits": [describe_decision(d) for d in find_misfits(standing, self.clips)],
        }

    def clip(self, number: int) -> dict[str, Any]:
        """Return what is known of a clip."""
        clip = self.clips[number]
        return describe_clip(clip, self._log()[clip.clip_id])

    def audio(self, number: int) -> bytes:
        """Return the FLAC file of a clip as the import cut it.

        Raises:
            CorpusError: it is not in data/, or is no clip.
        """
        name = clip_path(self.clips[number].clip_id)
        path = resolve_inside(self.workspace.data_dir, name)
        if not path.is_file() or path.stat().st_size > _MAX_CLIP_BYTES:
            raise CorpusError(f"data/{name}: expected a clip, found none; `voxgate data pull`")
        return path.read_bytes()

    def decide(self, number: int, answer: Answer) -> dict[str, Any]:
        """Add a decision to data/, on disk when this returns.

        Raises:
            CorpusError: somebody else decided meanwhile, or the recording was imported anew; or
                the answer is none. Nothing was added.
            LockHeldError: another command writes data/.
            StorageError: the disk refused.
        """
        clip = self.clips[number]
        with data_lease(self.workspace, purpose="corpus review", wait_s=WAIT_S):
            self._require_imported(clip)
            _require_seen(self._log()[clip.clip_id], answer)
            decision = decide(clip, answer, by=self.reviewer, at=utc_now())
            append_decision(self.workspace.data_dir, decision)
        log = self._log()
        standing = standing_of(decision for about in log.values() for decision in about)
        return {"clip": describe_clip(clip, log[clip.clip_id]), "states": self._states(standing)}

    def close(self) -> dict[str, int]:
        """Bring the manifest up to the decisions; returns how many clips were decided how.

        Raises:
            LockHeldError, StorageError, CorpusError: it was not done; the decisions are kept.
        """
        with data_lease(self.workspace, purpose="corpus review"):
            recompose(self.workspace.data_dir)
        standing = standing_of(read_log(self.workspace.data_dir))
        states = Counter(self._states(standing))
        doubtful = Counter(self._states(standing)[: sum(clip.doubtful for clip in self.clips)])
        return {
            "accepted": states["accept"],
            "rejected": states["reject"],
            "open": doubtful["open"],
            "misfits": len(find_misfits(standing, self.clips)),
        }

    def _log(self) -> defaultdict[str, list[Decision]]:
        found: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in read_log(self.workspace.data_dir):
            found[decision.clip].append(decision)
        return found

    def _states(self, standing: Mapping[str, Decision]) -> list[str]:
        return [
            standing[clip.clip_id].decision if clip.clip_id in standing else "open"
            for clip in self.clips
        ]

    def _require_imported(self, clip: Clip) -> None:
        folder = import_folder(clip.source)
        if _digest(self.workspace, folder) != self.digests[folder]:
            raise CorpusError(
                f"{clip.source.name} was imported anew while this page was open: its clips are "
                "others now. Start `voxgate corpus review` again; earlier answers are kept."
            )


def open_review(workspace: Workspace, login: Mapping[str, str]) -> ReviewRoom:
    """Read what was imported, and bring the manifest up to the decisions about it.

    Raises:
        CorpusError: nothing was imported, or its files are damaged.
        LockHeldError: another command writes data/.
    """
    with data_lease(workspace, purpose="corpus review"):
        imports = read_imports(workspace.data_dir)
        clips = plan_queue(imports)
        if not clips:
            raise CorpusError(
                f"{workspace.data_dir}: expected clips of an imported recording, found none; "
                "`voxgate corpus import` makes them"
            )
        recompose(workspace.data_dir)
        folders = [import_folder(imported.source) for imported in imports]
        digests = {folder: _digest(workspace, folder) for folder in folders}
    return ReviewRoom(
        workspace=workspace,
        reviewer=describe_login(login),
        clips=clips,
        digests=digests,
    )


def _digest(workspace: Workspace, folder: str) -> str:
    path = workspace.data_dir / folder / "stretches.jsonl"
    return digest_file(path) if path.is_file() else ""


def _require_seen(log: Sequence[Decision], answer: Answer) -> None:
    if len(log) == answer.seen:
        return
    last = log[-1]
    said = {"accept": "accepted", "reject": "rejected", "undo": "reopened"}[last.decision]
    raise CorpusError(
        f"{last.by} has {said} this clip meanwhile ({last.at:%Y-%m-%d %H:%M} UTC): nothing was "
        "changed. Look at it again, then decide."
    )
