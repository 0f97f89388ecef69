"""Data versions and the stage graph in DVC.

In order: `tree` lists a folder as DVC does, `known_files` without reading what nobody touched;
`repository` asks Git and DVC, `cache` is where DVC keeps objects; `data` is the registered version,
`diff`, `remote` and `validated` what can be done with it; `pipeline` runs stages.
"""
