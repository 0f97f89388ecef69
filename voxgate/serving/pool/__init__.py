"""Warm processes that speak: one voice, one core and one thread each, or a GPU each.

In order: `memory_budget`, `memory_table` and `devices` (what a GPU may take, and which it is);
`protocol`, `voices` and `worker` in a process of its own, and `device_memory` where that owns a
GPU; `supervision`, `lanes`, `places`, `owners` and `pool` around it.
"""
