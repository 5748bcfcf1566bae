"""Does to payg what disks, power cuts, people and time do, and looks at what is left.

    python3 Tests/Faults PROGRAM [PART…] [--short] [--operation NAME…] [--seed N] [--jobs N]
"""

import argparse
import multiprocessing
import os
import random
import sys
import time

import clock
import counted
import damage
import errors
import kill
import media
import operations
import power
import together
from program import Fault, Program, scratch_folder

# Parts that try every operation, and parts that are of their own, those that take longest first.
EACH = {"kill": kill.run, "power": power.run, "errors": errors.run}
ONCE = {"media": media.run, "damage": damage.run, "counted": counted.run, "clock": clock.run}
# What measures how long somebody waits has the machine to itself.
ALONE = {"together": together.run}
# Calls that are tried of each operation in the short form.
SHORT = {"kill": 2, "power": 1, "errors": 2}


def main():
    options = argparse.ArgumentParser(prog="scripts/faults")
    options.add_argument("program")
    options.add_argument("part", nargs="*", help=f"of {', '.join([*EACH, *ONCE, *ALONE])}; all if none is named")
    options.add_argument("--short", action="store_true", help="a sample, for every change; about a minute")
    options.add_argument("--operation", action="append", choices=[o.name for o in operations.OPERATIONS])
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many are tried at once; as many as cores")
    options.add_argument("--verbose", action="store_true", help="every message that errors were told with")
    chosen = options.parse_intermixed_args()
    errors.VERBOSE = chosen.verbose
    parts = set(chosen.part or ([*EACH] if chosen.operation else [*EACH, *ONCE, *ALONE]))
    if unknown := parts - {*EACH, *ONCE, *ALONE}:
        options.error(f"there is no part {', '.join(unknown)}")
    print(f"seed {chosen.seed}", flush=True)
    tried = [
        o.name for o in operations.OPERATIONS
        if (not chosen.operation or o.name in chosen.operation) and not (chosen.short and o.large)
    ]
    tasks = [(name, [name]) for name in ONCE if name in parts]
    tasks += [(name, [part for part in EACH if part in parts]) for name in tried if parts & {*EACH}]
    failures = 0
    start = time.monotonic()
    with scratch_folder() as scratch:
        with multiprocessing.get_context("fork").Pool(max(1, chosen.jobs)) as pool:
            for said, failed in pool.imap_unordered(Task(chosen, scratch), tasks):
                failures += failed
                print(said, flush=True)
        for name in ALONE:
            if name in parts:
                said, failed = Task(chosen, scratch)((name, [name]))
                failures += failed
                print(said, flush=True)
    print(f"{failures} of them at fault, {(time.monotonic() - start) / 60:.1f} minutes", flush=True)
    sys.exit(1 if failures else 0)


class Task:
    """Tries the parts of one operation, or one part that is of its own, in a folder of its own."""

    def __init__(self, chosen, scratch):
        self.chosen, self.scratch = chosen, scratch

    def __call__(self, task):
        name, parts = task
        folder = os.path.join(self.scratch, f"of-{name}")
        os.mkdir(folder)
        program = Program(self.chosen.program, folder)
        alone = ONCE | ALONE
        if name in alone:
            return self.told(name, lambda chance: alone[name](program, chance, self.chosen.short))
        said, failures = [], 0
        try:
            stage = operations.Stage(program, next(o for o in operations.OPERATIONS if o.name == name))
        except Fault as fault:
            return f"{name}: FAULT\n{fault}", 1
        for part in parts:
            line, failed = self.told(f"{part} {name}", lambda chance: EACH[part](
                stage, chance, SHORT[part] if self.chosen.short else None))
            said.append(line)
            failures += failed
        return "\n".join(said), failures

    def told(self, name, work):
        start = time.monotonic()
        try:
            answer, failed = work(random.Random(f"{self.chosen.seed} {name}")), 0
        except Fault as fault:
            answer, failed = f"FAULT\n{fault}", 1
        return f"{name}: {answer} ({time.monotonic() - start:.1f} s)", failed


main()
