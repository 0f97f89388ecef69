"""Checkpoint files of GPT-SoVITS, in and out."""

from __future__ import annotations

from voxgate.adapters.public_gpt_sovits.base import write_base
from voxgate.adapters.public_gpt_sovits.export import export_public
from voxgate.adapters.public_gpt_sovits.weights import ImportedFile, import_public

__all__ = ["ImportedFile", "export_public", "import_public", "write_base"]
