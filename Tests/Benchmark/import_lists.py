#!/usr/bin/env python3
"""Times `payg import` beside the sqlite3 shell's .import of the same file.

    import_lists.py PROGRAM [ROWS...]

The shell puts the cells as they are into a plain table with a unique index on
the serial; payg also judges every value, seals every key, looks for weak ones
and writes its history. In pairs, one of each in turn. The seed is fixed.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time

program, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]] or [10_000, 100_000, 1_000_000]
HEADER = "Serial Number,Starting Code,Key,Count,Time Divider,Restricted Digit Mode,Hardware Model,Version,Test Code\n"
TABLE = "CREATE TABLE list (serial TEXT UNIQUE, code, key, count, divider, restricted, model, version, test)"


def write_list(path, rows, shuffled):
    random.seed(rows)
    # A prime and no divisor of the rows: every serial once, and no memory of
    # ours that a process begun from here would be counted with.
    step = 7_368_787 if shuffled else 1
    with open(path, "w") as file:
        file.write(HEADER)
        for row in range(rows):
            code, key = random.randrange(10**9), random.getrandbits(128)
            file.write(f"CSP-{row * step % rows:08d},{code:09d},{key:032x},1,1,0,CSC-20,1.4,\n")


def run(arguments, environment=None):
    """Seconds, and the most memory that the process held, in MB."""
    start = time.monotonic()
    process = subprocess.Popen(
        arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"{' '.join(arguments)}: {errors}")
    return seconds, usage.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1024)


def pair(folder, path):
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    environment = dict(
        os.environ,
        PAYG_REGISTRY=os.path.join(folder, "registry.sqlite"),
        PAYG_KEY_FILE=os.path.join(folder, "registry.key"),
    )
    run([program, "init"], environment)
    ours, memory = run([program, "import", path], environment)
    rival, _ = run(["sqlite3", os.path.join(folder, "plain.sqlite"), TABLE, f".import --csv --skip 1 {path} list"])
    return ours, rival, memory


print(f"{'rows':>10}  {'serials':8}  {'times .import':>14}  {'least–most':>11}  {'µs a row':>8}  {'memory':>7}")
with tempfile.TemporaryDirectory() as top:
    for rows in sizes:
        for shuffled in (False, True):
            path, folder = os.path.join(top, "list.csv"), os.path.join(top, "work")
            os.makedirs(folder, exist_ok=True)
            write_list(path, rows, shuffled)
            pairs = [pair(folder, path) for _ in range(5 if rows <= 1_000_000 else 3)]
            ratios = sorted(ours / rival for ours, rival, _ in pairs)
            fastest = min(ours for ours, _, _ in pairs) / rows * 1e6
            print(
                f"{rows:>10}  {'shuffled' if shuffled else 'in order':8}  {ratios[len(ratios) // 2]:>14.2f}  "
                f"{ratios[0]:>5.2f}–{ratios[-1]:.2f}  {fastest:>8.2f}  {max(m for _, _, m in pairs):>4.0f} MB",
                flush=True,
            )
