"""Ledger, leases and outbox in SQLite or PostgreSQL."""
