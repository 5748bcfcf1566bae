"""Times lists of payments beside the sqlite3 shell, and a whole `payg issue`
beside `sqlite3 db 'select 1'`, each pair in the same run.

    issue_tokens.py PAYG [PAYMENTS]
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
PAYMENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
ROUNDS = 5
CALLS = 60


def environment(folder):
    return dict(
        os.environ,
        PAYG_REGISTRY=f"{folder}/registry.sqlite",
        PAYG_KEY_FILE=f"{folder}/registry.key",
        PAYG_ACTOR="benchmark",
    )


def payg(folder, *words):
    subprocess.run([PAYG, *words], env=environment(folder), cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def fleet(folder, units):
    numbers = random.Random(1)
    with open(f"{folder}/list.csv", "w") as file:
        file.write("PAYG ID,Secret Key,Starting Code,Count\n")
        for unit in range(units):
            file.write(f"CSP-{unit:07},{numbers.getrandbits(128):032x},{numbers.randrange(10**8, 10**9)},1\n")
    payg(folder, "init")
    payg(folder, "import", "list.csv")


def copied(folder, name):
    """A registry as it is now, in a file of its own."""
    path = f"{folder}/{name}.sqlite"
    if os.path.exists(path):
        os.remove(path)
    subprocess.run(["sqlite3", f"{folder}/registry.sqlite", f".backup '{path}'"], check=True)
    return path


def rows(path, since):
    """The rows that a list of payments left, as SQL that inserts them."""
    made = []
    for table, place, column in [("event", since["event"], "sequence"), ("token", since["token"], "id")]:
        made.append(subprocess.run(
            ["sqlite3", path, f".mode insert {table}", f"SELECT * FROM {table} WHERE {column} > {place}"],
            check=True, capture_output=True, text=True).stdout)
    return "BEGIN;\n" + "".join(made) + "COMMIT;\n"


def number(path, sql):
    return int(subprocess.run(["sqlite3", path, sql], check=True, capture_output=True, text=True).stdout or 0)


def batches(folder):
    ratios, times = [], []
    for round in range(ROUNDS):
        with open(f"{folder}/pay{round}.csv", "w") as file:
            file.write("Reference,Unit,Days\n")
            for place in range(PAYMENTS):
                file.write(f"MP-{round}-{place:07},CSP-{place * 7919 % PAYMENTS:07},30\n")
        before = copied(folder, "before")
        since = {"token": number(before, "SELECT max(id) FROM token"),
                 "event": number(before, "SELECT max(sequence) FROM event")}
        ours = timed(lambda: payg(folder, "issue-batch", f"pay{round}.csv", "-o", f"out{round}.csv"))
        script = f"{folder}/rows.sql"
        with open(script, "w") as file:
            # Events refer to tokens by number only, so they come first as they did.
            file.write(rows(f"{folder}/registry.sqlite", since))
        shell = timed(lambda: subprocess.run(["sqlite3", before], stdin=open(script), check=True))
        assert number(before, f"SELECT count(*) FROM token WHERE id > {since['token']}") == PAYMENTS
        ratios.append(ours / shell)
        times.append(ours)
    ratios.sort()
    print(f"{PAYMENTS} payments: {statistics.median(ratios):.2f} times the sqlite3 shell inserting the same rows "
          f"({ratios[0]:.2f}…{ratios[-1]:.2f}), {statistics.median(times) / PAYMENTS * 1e6:.1f} µs a payment")


def calls(folder):
    ours, shell = [], []
    for call in range(CALLS):
        ours.append(timed(lambda: payg(folder, "issue", "CSP-0000007", "--days", "1")))
        shell.append(timed(lambda: subprocess.run(
            ["sqlite3", f"{folder}/registry.sqlite", "select 1"], check=True, stdout=subprocess.DEVNULL)))
    ours, shell = ours[10:], shell[10:]
    print(f"payg issue, the whole process: {statistics.median(ours) * 1e3:.1f} ms, "
          f"{statistics.median(ours) / statistics.median(shell):.2f} times sqlite3 db 'select 1' "
          f"({statistics.median(shell) * 1e3:.1f} ms)")


folder = tempfile.mkdtemp(prefix="payg-benchmark-")
try:
    fleet(folder, PAYMENTS)
    calls(folder)
    batches(folder)
finally:
    shutil.rmtree(folder)
