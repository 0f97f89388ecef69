"""Voxgate: retrain voice-cloning models and release them only on measured evidence.

In order: `types` and `errors`; `files`; `params`, `settings`, `ports`, `stage`, `content_cache`,
`code_digest`; `lease`; `audio` and `text`; `corpus`; `voice`; `speaking`; `features`; `training`
and `evaluation`; `pretraining`; `gate`; `release`; `adapters`; `wiring`. Each may import what
stands before it. docs/architecture.md is the map.
"""

__version__ = "0.1.0"
