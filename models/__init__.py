"""Networks: torch only, without files, environment or network (but for checkpoints)."""
