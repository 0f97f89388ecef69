"""Networks: torch only, without files, environment or network (but for checkpoints).

Imports nothing of voxgate. The import name is one that others use too, so no class is ever pickled.
"""
