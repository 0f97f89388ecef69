"""Where `load_voice` was when the first versions were registered; nothing of today imports this.

MLflow keeps a copy of its model file with each version (adapters/mlflow/voice.py), and the copies
of those versions import this name. As long as one of them can be rolled back to, it stays.
"""

from voxgate.speaking import load_voice

__all__ = ["load_voice"]
