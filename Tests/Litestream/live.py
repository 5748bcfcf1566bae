"""Restores a registry while Litestream copies what was just issued: that the copy
goes on with what was restored. And where the registry's file is another
one afterwards, because what was there could not be read: that whoever restores
is told to start Litestream again, and that it then copies the new one.

    live.py PAYG LITESTREAM
"""

import os
import shutil
import signal
import sys
import tempfile
import time

from fleet import Fleet, head

UNITS = 5_000


def follows(fleet, what):
    """Waits until Litestream has all that the registry has."""
    deadline = time.monotonic() + 30
    while True:
        copy = fleet.restored("copy.sqlite")
        if head(copy) == head(fleet.registry):
            break
        if time.monotonic() > deadline:
            sys.exit(f"{what}: the copy ends with event {head(copy)}, the registry with {head(fleet.registry)}")
        os.remove(copy)
        time.sleep(0.5)
    fleet.payg("audit", "verify", "--registry", copy)
    print(f"{what}: the copy has all {head(copy)} events", flush=True)
    os.remove(copy)


def main(fleet):
    copier = fleet.copy()
    fleet.payg("backup", "backup.sqlite")
    payments = os.path.join(fleet.folder, "payments.csv")
    with open(payments, "w") as file:
        file.write("Reference,Unit,Days\n")
        for place in range(2 * UNITS):
            file.write(f"MP-{place},LS-{place % UNITS:06},1\n")
    fleet.payg("issue-batch", payments, "-o", "answer.csv")
    # The log has all of it, and Litestream part of it.
    fleet.payg("restore", "backup.sqlite", "--force", "--skip-counts")
    fleet.payg("issue", "LS-000001", "--days", "1")
    follows(fleet, "restored while Litestream runs")
    if len(fleet.generations()) != 1:
        sys.exit("Litestream lost the thread and began anew")

    with open(fleet.registry, "r+b") as file:
        file.write(b"rubbish" * 100)
    told = fleet.payg("restore", "backup.sqlite", "--force")
    if "start Litestream again" not in told:
        sys.exit(f"nobody is told to start Litestream again:\n{told}")
    copier.send_signal(signal.SIGTERM)
    copier.wait()
    copier = fleet.copy()
    fleet.payg("issue", "LS-000001", "--days", "1")
    follows(fleet, "restored over what could not be read, and Litestream started again")
    copier.kill()
    copier.wait()


folder = tempfile.mkdtemp(prefix="payg-litestream-")
try:
    main(Fleet(folder, *sys.argv[1:3], UNITS, "500ms"))
finally:
    shutil.rmtree(folder, ignore_errors=True)
