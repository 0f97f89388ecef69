"""What our own pages share: their looks, and the headers that keep everything else out.

In order: `files` reads a page that lies beside its server.
"""
