"""The other side of `clv.py`: run by a Python that has `lifetimes`, prints what it found as JSON.

    python clv_lifetimes.py HISTORIES.npz RUNS WEEKS

HISTORIES.npz: x, t_x, T (weeks), weight. Imports nothing of this project.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter


def main() -> None:
    path, runs, weeks = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    warnings.simplefilter("ignore")
    loaded = np.load(path)
    x, t_x, age, weight = (pd.Series(loaded[name]) for name in ("x", "t_x", "T", "weight"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        fitter = BetaGeoFitter(penalizer_coef=0.0)
        fitter.fit(x, t_x, age, weights=weight if weight.max() > 1 else None)
        seconds.append(time.process_time() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {
        "theta": [float(fitter.params_[name]) for name in ("r", "alpha", "a", "b")],
        "seconds": statistics.median(seconds),
        "added_mb": after - before,
    }
    if weeks:
        said = fitter.conditional_expected_number_of_purchases_up_to_time(weeks, x, t_x, age)
        found["expected"] = np.asarray(said, dtype=float).tolist()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
