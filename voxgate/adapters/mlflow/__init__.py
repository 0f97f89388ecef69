"""Tracking and registry in MLflow, which follows the ledger."""
