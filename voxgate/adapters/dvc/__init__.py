"""Data versions and the stage graph in DVC."""
