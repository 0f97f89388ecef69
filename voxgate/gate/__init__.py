"""The verdict: a pure function of an evidence bundle."""
