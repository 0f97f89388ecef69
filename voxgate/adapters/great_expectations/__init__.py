"""Data checks in Great Expectations."""
