"""Warm processes that speak: one voice, one core and one thread each.

In order: `protocol`, `voices` and `worker` in a process of its own; `supervision`, `lanes`,
`places` and `pool` around it; `memory_budget` for owners of a GPU.
"""
