"""The base voice: prepared readings, both networks trained on them, and the files that ship."""
