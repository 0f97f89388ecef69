"""What the stages cost at size, and where the time goes (docs/scaling.md)."""
