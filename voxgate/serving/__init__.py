"""The speech service without its doors: what is asked for, who speaks it, what is kept.

No web framework, no SQL and no queue in here; `ports` says what is asked of those. In order:

* `requests` (what a caller wants, what a worker is told), `ports`, `api_keys` (who may ask);
* who speaks: `worker_protocol`, `worker_voices` and `worker` in a process of its own,
  `supervision`, `lanes`, `places` and `pool` around it, `memory_budget` for owners of a GPU;
* what is kept: `preset_book`, `sentence_keys`, `sentence_files`, `sentence_cache`, `flights`,
  `sentence_reading`, `spoken_answer`, and `speaking_desk`, which puts these together;
* what waits: `assets`, `jobs`, `job_ports`, `job_files`, `job_transitions`, `job_runner`,
  `job_loop`;
* who had what said: `audit`, `audit_chain`, `audit_segments`, `audit_spool`, `audit_delivery`;
* which version speaks: `served_state`, `routing`, `live_versions`.
"""
