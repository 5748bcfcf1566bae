"""Sixteen processes at one registry: tokens, payments, lists, exports, backups, proofs.

Afterwards every token that was told is on record once, no count was used
twice, every list that was told as imported is whole, and nobody waited for
longer than the program's patience.
"""

import csv
import io
import json
import sqlite3
import threading
import time

import operations
from program import Fault

# A change waits for others no longer than this (Registry.patience), and then a
# little for its own work on a busy machine.
PATIENCE, WORK = 10, 20


class Worker(threading.Thread):
    def __init__(self, program, folder, number, end, chance, units):
        super().__init__()
        self.program, self.folder, self.number, self.end = program, folder, number, end
        self.chance, self.units = chance, units
        self.told, self.lists, self.statuses = [], [], {}
        self.longest, self.fault = 0, None

    def run(self):
        turn = 0
        try:
            while time.monotonic() < self.end:
                turn += 1
                self.act(turn)
        except Exception as problem:  # told by whoever waits for the thread
            self.fault = problem

    def payg(self, *words):
        start = time.monotonic()
        run = self.program.run(self.folder, *words, timeout=PATIENCE + 60)
        self.longest = max(self.longest, time.monotonic() - start)
        key = (words[0], run.status)
        self.statuses[key] = self.statuses.get(key, 0) + 1
        if run.status == 75 and "another program is writing" not in run.talk:
            raise Fault(f"busy, and not said so: {run}")
        if run.status not in (0, 4, 75):
            raise Fault(f"together with others: {run}")
        return run

    def act(self, turn):
        unit = self.chance.choice(self.units)
        name = f"{self.number}-{turn}"
        match self.chance.choice(["issue"] * 5 + ["again", "batch", "import", "export", "verify", "backup"]):
            case "issue":
                run = self.payg("issue", unit, "--days", "1")
                if run.status == 0:
                    self.told.append((unit, run.output.strip()))
            case "again":
                # Asked twice, as whoever was told that it was busy does.
                words = ["issue", unit, "--days", "2", "--ref", f"MP-{name}"]
                tokens = {run.output for run in (self.payg(*words), self.payg(*words)) if run.status == 0}
                if len(tokens) > 1:
                    raise Fault(f"one payment got two tokens: {tokens}")
                self.told += [(unit, token.strip()) for token in tokens]
            case "batch":
                path = self.folder / f"pay-{name}.csv"
                rows = [f"B-{name}-{place},{self.chance.choice(self.units)},1" for place in range(20)]
                path.write_text("\n".join(["Reference,Unit,Days", *rows]) + "\n")
                run = self.payg("issue-batch", path.name, "-o", f"told-{name}.csv")
                if run.status == 0:
                    answer = csv.DictReader(io.StringIO((self.folder / f"told-{name}.csv").read_text("utf-8-sig")))
                    self.told += [(row["Unit"], row["Tokens"].replace("-", "")) for row in answer if row["Tokens"]]
            case "import":
                path = self.folder / f"list-{name}.csv"
                path.write_bytes(operations.units(10, seed=name)().replace(b"U-", f"L-{name}-".encode()))
                run = self.payg("import", path.name)
                if run.status == 0:
                    self.lists.append(name)
            case "export" if self.lists:
                # Units of its own, so that what it hands over nobody asks a token for.
                self.payg("export", "openpaygo", "--unit", f"L-{self.lists.pop()}-000000", "-o", f"out-{name}.csv")
            case "verify":
                run = self.payg("audit", "verify")
                if run.status != 0:
                    raise Fault(f"the history does not fit while others write: {run}")
            case "backup":
                self.payg("backup", f"backup-{name}.sqlite")


def run(program, chance, is_short):
    folder = program.scratch / "together"
    folder.mkdir()
    (folder / "list.csv").write_bytes(operations.sample("cloud-solar-dispatch.csv")())
    for words in (["init"], ["import", "list.csv"]):
        program.run(folder, *words)
    units = [row["PAYG ID"] for row in csv.DictReader((folder / "list.csv").open())]
    imported = {}
    end = time.monotonic() + (4 if is_short else 60)
    workers = [Worker(program, folder, number, end, type(chance)(chance.random()), units) for number in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for worker in workers:
        if worker.fault:
            raise worker.fault
    return judged(program, folder, workers, is_short)


def judged(program, folder, workers, is_short):
    program.verified(folder)
    proven = backups(program, folder, workers, is_short)
    connection = sqlite3.connect(folder / "registry.sqlite")
    stored = connection.execute(
        "SELECT payg_id, digits FROM token JOIN unit ON unit.id = unit_id ORDER BY 1, 2").fetchall()
    told = [token for worker in workers for token in worker.told]
    if len(told) != len(set(told)):
        raise Fault("two customers were told one token")
    missing = set(told) - set(stored)
    if missing:
        raise Fault(f"tokens were told that are not on record: {sorted(missing)[:5]}")
    counts, = connection.execute("SELECT count(*) - count(DISTINCT unit_id || ' ' || count) FROM token").fetchone()
    lost, = connection.execute(
        "SELECT count(*) FROM unit WHERE count < (SELECT max(count) FROM token WHERE unit_id = unit.id)").fetchone()
    if counts or lost:
        raise Fault(f"{counts} counts were used twice, {lost} counts went back")
    parts, = connection.execute(
        "SELECT count(*) FROM dispatch WHERE unit_count <> (SELECT count(*) FROM unit WHERE dispatch_id = dispatch.id)"
    ).fetchone()
    if parts:
        raise Fault(f"{parts} lists are there in part")
    connection.close()
    statuses = {}
    for worker in workers:
        for key, count in worker.statuses.items():
            statuses[key] = statuses.get(key, 0) + count
    longest = max(worker.longest for worker in workers)
    if longest > PATIENCE + WORK:
        raise Fault(f"somebody waited for {longest:.1f} s")
    said = busy(program, folder) if not is_short else ""
    ends = ", ".join(f"{count} {name} {status}" for (name, status), count in sorted(statuses.items()))
    return f"{len(told)} tokens told, each on record once; {proven}; {ends}; the longest took {longest:.1f} s{said}"


def backups(program, folder, workers, is_short):
    """What was copied while others wrote is each a registry that proves itself."""
    made = sorted(path.name for path in folder.glob("backup-*.sqlite"))
    told = sum(worker.statuses.get(("backup", 0), 0) for worker in workers)
    if len(made) != told:
        raise Fault(f"{told} backups were told, and there are {made}")
    for name in made[:5] if is_short else made:
        run = program.run(folder, "audit", "verify", "--registry", name)
        if run.status != 0:
            raise Fault(f"a backup made while others write does not prove itself: {run}")
    if parts := [path.name for path in folder.glob(".payg-*")]:
        raise Fault(f"parts are left: {parts}")
    return f"{len(made)} backups, each whole"


def busy(program, folder):
    """Somebody holds the registry and does not let go."""
    holder = sqlite3.connect(folder / "registry.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    start = time.monotonic()
    run = program.run(folder, "issue", "CSP-240311", "--days", "1")
    waited = time.monotonic() - start
    holder.execute("ROLLBACK")
    holder.close()
    if run.status != 75 or not PATIENCE <= waited < PATIENCE + 5 or "try again" not in run.talk:
        raise Fault(f"a registry that somebody holds, after {waited:.1f} s: {run}")
    return f"; one that is held was given up after {waited:.1f} s, with exit code 75"
