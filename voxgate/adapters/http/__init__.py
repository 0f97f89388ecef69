"""The speech service over HTTP: the dialects of OpenAI and GPT-SoVITS, keys, problems, metrics.

In order: `settings`, `faults` and `tracing`; `problems` says what an error is over HTTP; `limits`
and `door` let callers in; `bodies` and `forms` read what they send, `output`, `openai_dialect` and
`upstream_dialect` say what it means; `studio` encodes, `delivery` sends what is made and
`stored_files` what is kept; `recent` and `metrics` count; `schemas` describes bodies;
`speech_routes` puts these together, `job_documents` and `job_routes` do so for jobs,
`profile_routes` for voices; `status_route` and `page_route` show a person how it goes; `envelope`
is around every request, `app` is the whole and `server` listens. The event loop only moves bytes:
speaking is the service's, in other processes, and encoding has threads.
"""
