"""Where heavy loops run besides this process (`voxgate.executors`).

In order: `processes` are those of this machine, `ray_cluster` those of a Ray cluster.
"""
