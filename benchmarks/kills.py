"""Kill -9 at so many random moments of imports, undos and ledger writes: the suite's own crash test, as long as asked for.

python benchmarks/kills.py --kills 1000
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    options = parser.parse_args()
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/store/test_crash.py"]
    code = subprocess.call(command, cwd=ROOT, env={**os.environ, "KILLS": str(options.kills)})
    print(
        f"{options.kills:,} kills in {time.monotonic() - started:.0f} s: {'all whole' if code == 0 else 'FAILED'}"
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
