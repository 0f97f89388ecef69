"""Triggers by which both databases refuse to change or remove a row."""

from __future__ import annotations

__all__ = ["CHAIN_TAKEN", "postgres_triggers", "sqlite_triggers"]

CHAIN_TAKEN = "sequence = NEW.sequence OR previous = NEW.previous OR digest = NEW.digest"
"""When a row of a chain would replace another one."""


def sqlite_triggers(table: str, *, taken: str = CHAIN_TAKEN) -> tuple[str, ...]:
    """Return the statements for SQLite; `taken` says when a new row is one that is there."""

    def trigger(name: str, when: str) -> str:
        return f"""
CREATE TRIGGER {table}_{name} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

    # INSERT OR REPLACE deletes without firing a DELETE trigger, hence the third one.
    return (
        trigger("no_update", f"BEFORE UPDATE ON {table}"),
        trigger("no_delete", f"BEFORE DELETE ON {table}"),
        trigger(
            "no_replace",
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} "  # noqa: S608 -- ours
            f"WHERE {taken})",
        ),
    )


def postgres_triggers(table: str) -> tuple[str, ...]:
    """Return the statements for PostgreSQL, where a primary key is never replaced by an insert."""
    return (
        f"""
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""",
        f"""
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
        f"""
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    )
