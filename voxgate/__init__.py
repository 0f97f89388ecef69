"""Voxgate: retrain voice-cloning models and release them only on measured evidence."""

__version__ = "0.1.0"
