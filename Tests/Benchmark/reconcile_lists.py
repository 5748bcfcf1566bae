#!/usr/bin/env python3
"""Times `payg reconcile` beside `payg import` of the same list into a fresh registry.

    reconcile_lists.py PROGRAM [ROWS...]

Each list is imported and then compared, in turn: as it is; with its rows in
another order; and as a provider gives it back, every count another. The seed
is fixed.
"""

import os
import random
import subprocess
import sys
import tempfile
import time

program, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]] or [10_000, 100_000, 1_000_000]
HEADER = "Serial Number,Starting Code,Key,Count,Time Divider,Restricted Digit Mode,Hardware Model,Version,Test Code\n"
ROUNDS = 5


def write_list(path, rows, shuffled, count):
    random.seed(rows)
    lines = []
    for row in range(rows):
        code, key = random.randrange(10**9), random.getrandbits(128)
        lines.append(f"CSP-{row:08d},{code:09d},{key:032x},{count},1,0,CSC-20,1.4,\n")
    if shuffled:
        random.shuffle(lines)
    with open(path, "w") as file:
        file.write(HEADER)
        file.writelines(lines)


def run(arguments, environment, expected=0):
    """Seconds, and the most memory that the process held, in MB."""
    start = time.monotonic()
    process = subprocess.Popen(
        arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != expected:
        sys.exit(f"{' '.join(arguments)}: {errors}")
    return seconds, usage.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1024)


def one_round(folder, listed, others):
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    environment = dict(
        os.environ,
        PAYG_REGISTRY=os.path.join(folder, "registry.sqlite"),
        PAYG_KEY_FILE=os.path.join(folder, "registry.key"),
    )
    run([program, "init"], environment)
    imported, _ = run([program, "import", listed], environment)
    return imported, [run([program, "reconcile", path, *more], environment, status) for path, status, more in others]


print(f"{'rows':>10}  {'list':16}  {'times import':>12}  {'least–most':>11}  {'µs a row':>8}  {'memory':>7}")
with tempfile.TemporaryDirectory() as top:
    for rows in sizes:
        paths = [os.path.join(top, name) for name in ("list.csv", "shuffled.csv", "provider.csv")]
        folder = os.path.join(top, "work")
        os.makedirs(folder, exist_ok=True)
        write_list(paths[0], rows, False, 1)
        write_list(paths[1], rows, True, 1)
        write_list(paths[2], rows, False, 3)
        others = [
            ("as it is", paths[0], 0, []),
            ("shuffled", paths[1], 0, []),
            ("all counts differ", paths[2], 2, []),
            ("the same, as JSON", paths[2], 2, ["--json"]),
            ("counts applied", paths[2], 0, ["--apply-counts"]),
        ]
        rounds = [one_round(folder, paths[0], [other[1:] for other in others]) for _ in range(ROUNDS)]
        for place, (name, *_) in enumerate(others):
            ratios = sorted(ours[place][0] / imported for imported, ours in rounds)
            fastest = min(ours[place][0] for _, ours in rounds) / rows * 1e6
            memory = max(ours[place][1] for _, ours in rounds)
            print(
                f"{rows:>10}  {name:17} {ratios[len(ratios) // 2]:>12.2f}  "
                f"{ratios[0]:>5.2f}–{ratios[-1]:.2f}  {fastest:>8.2f}  {memory:>4.0f} MB",
                flush=True,
            )
