"""Ids of jobs through Celery and Redis; the rows stay the truth.

In order: `celery_app` (the application and its settings, the sending side), `worker` (an event loop
for the receiving side, and the sweeper).
"""
