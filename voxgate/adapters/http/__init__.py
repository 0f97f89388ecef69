"""The speech service over HTTP: the dialects of OpenAI and GPT-SoVITS, keys, problems, metrics.

In order: `settings`, `faults` and `tracing`; `problems` says what an error is over HTTP; `limits`
and `door` let callers in; `bodies` reads what they send, `output`, `openai_dialect` and
`upstream_dialect` say what it means; `studio` encodes, `delivery` sends; `recent` and `metrics`
count; `speech_routes` puts these together, `status_route` and `page_route` show a person how it
goes; `envelope` is around every request, `app` is the whole and `server` listens. The event loop
only moves bytes: speaking is the service's, in other processes, and encoding has threads.
"""
