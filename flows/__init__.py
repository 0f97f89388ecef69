"""The path of a recording: Prefect flows and the command line.

`prefect_api` and `environment` are the ground. The flows stand on them, one a file, named by what
they do: `retrain_voice` is the one to read first. `deployment` hands them to a schedule,
`retraining_queue` to a queue of a machine, `reports` says what came out, `cli` is what people type.
Imports anything but adapters; nobody imports it.
"""
