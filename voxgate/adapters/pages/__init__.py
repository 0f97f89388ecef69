"""What our own pages share: their looks, the desk that serves them, and what keeps others out.

In order: `files` reads a page that lies beside its server; `desk` serves one on loopback.
"""
