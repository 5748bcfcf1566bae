"""Times exports of a fleet beside the sqlite3 shell writing the same columns
from an unsealed table, in the same run.

    export_units.py PAYG [UNITS...]
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PAYG = sys.argv[1]
SIZES = [int(size) for size in sys.argv[2:]] or [10_000, 100_000, 1_000_000]
ROUNDS = 5
HEADERS = ["Serial Number", "Starting Code", "Key", "Count", "Time Divider", "Restricted Digit Mode",
           "Hardware Model", "Version", "Test Code"]


def timed(*arguments, **options):
    start = time.perf_counter()
    subprocess.run(arguments, check=True, stderr=subprocess.DEVNULL, **options)
    return time.perf_counter() - start


def measure(folder, units):
    numbers = random.Random(1)
    with open(f"{folder}/list.csv", "w") as file:
        file.write(",".join(HEADERS) + "\n")
        for unit in range(units):
            file.write(f"CSP-{unit:07},{numbers.randrange(10**8, 10**9)},{numbers.getrandbits(128):032x},1,1,0,"
                       "CSC-20R,2.1,\n")
    environment = dict(os.environ, PAYG_REGISTRY=f"{folder}/registry.sqlite", PAYG_KEY_FILE=f"{folder}/registry.key",
                       PAYG_ACTOR="benchmark")
    for words in [["init"], ["import", f"{folder}/list.csv"]]:
        subprocess.run([PAYG, *words], env=environment, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    shutil.copy(f"{folder}/registry.sqlite", f"{folder}/imported.sqlite")
    subprocess.run(["sqlite3", f"{folder}/plain.sqlite", ".mode csv", f".import {folder}/list.csv unit"], check=True)
    ours, shell = [], []
    for _ in range(ROUNDS):
        # Each export is the first one of a registry just imported.
        shutil.copy(f"{folder}/imported.sqlite", f"{folder}/registry.sqlite")
        for file in ["ours.csv", "theirs.csv"]:
            if os.path.exists(f"{folder}/{file}"):
                os.remove(f"{folder}/{file}")
        os.sync()
        ours.append(timed(PAYG, "export", "openpaygo", "-o", f"{folder}/ours.csv", env=environment))
        with open(f"{folder}/theirs.csv", "w") as out:
            shell.append(timed("sqlite3", "-csv", "-header", f"{folder}/plain.sqlite", "SELECT * FROM unit",
                               stdout=out))
    with open(f"{folder}/ours.csv") as one, open(f"{folder}/theirs.csv") as other:
        # The shell quotes a header with a space.
        assert one.read() == other.read().replace('"', ""), "the two files differ"
    ratios = sorted(one / other for one, other in zip(ours, shell))
    print(f"{units:9} units  sqlite3 -csv {statistics.median(shell):6.2f} s  payg {statistics.median(ours):6.2f} s  "
          f"{statistics.median(ratios):.2f} times ({ratios[0]:.2f}…{ratios[-1]:.2f})")


for size in SIZES:
    folder = tempfile.mkdtemp(prefix="payg-benchmark-")
    try:
        measure(folder, size)
    finally:
        shutil.rmtree(folder)
