"""Files of a checkout that are put back beside what is there.

References of speakers are named by their samples, records that wait for the database by chance,
heads of chains are as good as the newer ones that may be there, and a secret that is in use is the
one that counts: so a file that is there stays.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from voxgate.adapters.backup.trees import Content, files_below
from voxgate.errors import StorageError
from voxgate.files import write_path
from voxgate.private_files import make_private_folder

__all__ = ["KeptFolder"]


@dataclass(frozen=True)
class KeptFolder:
    """A local folder, or one file, that only its owner may read; a missing one holds nothing."""

    path: Path
    single: bool = False
    """Whether it is one file."""

    kind = "files"

    @property
    def where(self) -> str:
        """Return the path."""
        return str(self.path)

    def dump(self, folder: Path) -> None:
        """Copy every file; one that is taken away meanwhile was done with."""
        with self._reporting("back up"):
            for path in self._files():
                copy = folder / path.relative_to(self._above)
                copy.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):
                    shutil.copyfile(path, copy)

    def is_empty(self) -> bool:
        """Say whether there is no file."""
        return not self._files()

    def load(self, folder: Path) -> None:
        """Add each file whose name is not there, one after the other."""
        make_private_folder(self._above)
        with self._reporting("restore"):
            for path in files_below(folder):
                place = self._above / path.relative_to(folder)
                if not place.exists():
                    make_private_folder(place.parent)
                    with write_path(place, mode=0o600) as temporary:
                        shutil.copyfile(path, temporary)

    def compare(self, folder: Path) -> Content:
        """Compare names alone: no file of the backup would replace another."""
        with self._reporting("look into"):
            kept = {path.relative_to(folder) for path in files_below(folder)}
            missing = {name for name in kept if not (self._above / name).exists()}
        if missing == kept:
            return Content.NOTHING
        return Content.PART if missing else Content.ALL

    @property
    def _above(self) -> Path:
        return self.path.parent if self.single else self.path

    def _files(self) -> list[Path]:
        if self.single:
            return [self.path] if self.path.is_file() else []
        return files_below(self.path)

    @contextmanager
    def _reporting(self, action: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(f"cannot {action} {self.path}: {error}") from error
