"""Sittings of the judges: set-up, takes, calibration, drill, scoring again, observing."""
