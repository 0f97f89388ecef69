"""Says what it was told, over the pipe that its last word names."""

import sys
from multiprocessing.connection import Connection

if __name__ == "__main__":
    pipe = Connection(int(sys.argv[-1]))
    while True:
        pipe.send(pipe.recv())
