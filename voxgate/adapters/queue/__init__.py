"""Ids of jobs and of campaigns through Celery and Redis; the rows stay the truth.

In order: `celery_app` (the application and its settings, the sending side), `worker` (an event loop
for the receiving side, and the sweeper), `campaign_queue` (turns at campaigns).
"""
