"""Data versions and the stage graph in DVC.

In order: `tree` lists a folder as DVC does; `repository` asks Git and DVC; `data` is the registered
version, `diff`, `remote` and `validated` what can be done with it; `pipeline` runs stages.
"""
