"""Says what a module finds in its environment."""

import os

import voxgate

if __name__ == "__main__":
    print(os.environ["OMP_NUM_THREADS"], os.environ["OMP_WAIT_POLICY"], voxgate.__name__)  # noqa: T201
