"""`python -m loyalty COMMAND`: the edge where the clock is read and the process ends."""

from __future__ import annotations

import datetime as dt
import sys
import time

from loyalty.cli.run import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], dt.datetime(*time.localtime()[:6])))
