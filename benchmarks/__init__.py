"""Measurements, each beside something else that runs the same minutes, under what the product's command line sets.

That is one thread for the judge's numpy, and 50,000 objects between two looks for garbage.
"""

import gc
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
gc.set_threshold(50_000)
