"""A program that says which device it sees; it imports nothing that takes time."""

from __future__ import annotations

import json
import os
import sys

if __name__ == "__main__":
    if sys.argv[1] == "fail":
        sys.exit("told to fail")
    told = {"sees": os.environ["CUDA_VISIBLE_DEVICES"], "arguments": sys.argv[1:]}
    sys.stdout.write(json.dumps(told) + "\n")
