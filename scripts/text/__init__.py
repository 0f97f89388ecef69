"""How texts are read: figures of the front ends on rows, tests and words of others."""
