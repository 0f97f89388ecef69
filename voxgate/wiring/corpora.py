"""The corpora that are fetched rather than recorded."""

from __future__ import annotations

from voxgate.adapters.corpora.fetch import FetchReport, fetch_corpus

__all__ = ["FetchReport", "fetch_corpus"]
