"""A headless Chromium prints a page.

In order: `printing`.
"""
