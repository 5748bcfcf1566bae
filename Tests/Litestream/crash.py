"""Copies a registry with Litestream while it issues tokens at full speed, kills
both at a random moment, and restores on another path: what was lost, and that
no count is used again.

    crash.py PAYG LITESTREAM ROUNDS [--units N] [--interval 500ms] [--allowed SECONDS]
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from fleet import Fleet, head, run

parser = argparse.ArgumentParser()
parser.add_argument("payg")
parser.add_argument("litestream")
parser.add_argument("rounds", type=int)
parser.add_argument("--units", type=int, default=20_000)
parser.add_argument("--interval", default="500ms", help="how often Litestream looks and sends")
parser.add_argument("--allowed", type=float, default=1.0, help="seconds of issuing that may be lost")
options = parser.parse_args()


def tokens(path, after=0):
    """(unit, count) of every token that a later event than this one tells of."""
    with sqlite3.connect(path) as db:
        return {
            (unit, count)
            for unit, count in db.execute(
                "SELECT payg_id, token.count FROM token JOIN unit ON unit.id = unit_id WHERE event > ?", (after,)
            )
        }


class Watch(threading.Thread):
    """When each event was first seen by another reader: it was on the disk by then."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.seen, self.ends = path, [], False

    def run(self):
        db = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        while not self.ends:
            # Before the look: what it sees was there by then, or came during it.
            at = time.monotonic()
            self.seen.append((at, db.execute("SELECT max(sequence) FROM event").fetchone()[0]))
            time.sleep(0.01)
        db.close()


def payments(path, first, number):
    with open(path, "w") as file:
        file.write("Reference,Unit,Days\n")
        for place in range(first, first + number):
            file.write(f"MP-{place},LS-{place % options.units:06},1\n")


def one_round(folder, number):
    fleet = Fleet(folder, options.payg, options.litestream, options.units, options.interval)
    registry, environment = fleet.registry, fleet.environment
    copier = fleet.copy()
    time.sleep(1)

    # Every unit gets its next token before any gets another one: what a second
    # of issuing uses is spread as in a fleet.
    list_file = os.path.join(folder, "payments.csv")
    payments(list_file, 0, 20 * options.units)
    imported = head(registry)
    watch = Watch(registry)
    watch.start()
    writer = subprocess.Popen(
        [options.payg, "issue-batch", list_file, "-o", os.path.join(folder, "answer.csv")], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    # The list is understood whole before the first token is made.
    while writer.poll() is None and (not watch.seen or watch.seen[-1][1] < imported + 1000):
        time.sleep(0.01)
    time.sleep(0.5 + random.random() * 2.5)
    ended = writer.poll() is not None
    killed = time.monotonic()
    writer.send_signal(signal.SIGKILL)
    copier.send_signal(signal.SIGKILL)
    writer.wait()
    copier.wait()
    watch.ends = True
    watch.join()
    if ended:
        sys.exit("the list was issued before anything was killed: it must be longer")

    # The registry that crashed is only looked at from here on, as evidence.
    evidence = os.path.join(folder, "evidence")
    os.mkdir(evidence)
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(registry + ending):
            shutil.copy(registry + ending, os.path.join(evidence, "registry.sqlite" + ending))
    crashed = os.path.join(evidence, "registry.sqlite")
    used = tokens(crashed)

    # A second one would say that the log was written back behind Litestream's back.
    generations = len(fleet.generations())
    copy = fleet.restored("copy.sqlite")
    copied = head(copy)
    elsewhere = os.path.join(folder, "elsewhere.sqlite")
    environment["PAYG_REGISTRY"] = elsewhere
    run(options.payg, "restore", copy, env=environment)
    run(options.payg, "audit", "verify", env=environment)

    # The first event that is lost was written after the last look that did not see it.
    lost = head(crashed) - copied
    since = max((at for at, seen in watch.seen if seen <= copied), default=watch.seen[0][0])
    seconds = killed - since if lost else 0.0

    again = os.path.join(folder, "again.csv")
    payments(again, 20 * options.units, options.units)
    run(options.payg, "issue-batch", again, "-o", os.path.join(folder, "again-answer.csv"), env=environment)
    run(options.payg, "audit", "verify", env=environment)
    new = tokens(elsewhere, copied)
    twice = new & used
    last = {}
    for unit, count in used:
        last[unit] = max(count, last.get(unit, 1))
    furthest = max(count - last.get(unit, 1) for unit, count in new)
    started = next(at for at, seen in watch.seen if seen > imported)
    print(
        f"killed, round {number}: {len(used)} tokens issued in {killed - started:.1f} s; {lost} events lost, of the last "
        f"{seconds:.2f} s; {len(new)} tokens made after the restore, {len(twice)} with a count that was used, the "
        f"furthest {furthest} counts ahead; {generations} generation{'s' if generations > 1 else ''}",
        flush=True,
    )
    if len(new) != options.units or twice:
        sys.exit("a count was used again")
    if furthest > 64:
        sys.exit("a count is beyond what a unit looks ahead")
    if seconds > options.allowed + 0.05:
        sys.exit(f"more than {options.allowed} s of issuing were lost")


for number in range(1, options.rounds + 1):
    folder = tempfile.mkdtemp(prefix="payg-litestream-")
    try:
        one_round(folder, number)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
