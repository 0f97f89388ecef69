"""What prints a page."""

from __future__ import annotations

from voxgate.adapters.chromium.printing import find_browser, print_page

__all__ = ["find_browser", "print_page"]
