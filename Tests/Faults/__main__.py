"""Does to payg what disks, power cuts, people and time do, and looks at what is left.

    python3 Tests/Faults PROGRAM [PART…] [--short] [--operation NAME…] [--seed N]
"""

import argparse
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

# Parts that try every operation, and parts that are of their own.
EACH = {"kill": kill.run, "power": power.run, "errors": errors.run}
ONCE = {"counted": counted.run, "media": media.run, "damage": damage.run, "clock": clock.run, "together": together.run}
# Calls that are tried of each operation in the short form.
SHORT = {"kill": 2, "power": 1, "errors": 2}


def main():
    options = argparse.ArgumentParser(prog="scripts/faults")
    options.add_argument("program")
    options.add_argument("part", nargs="*", help=f"of {', '.join([*EACH, *ONCE])}; all if none is named")
    options.add_argument("--short", action="store_true", help="a sample, for every change; some 75 seconds")
    options.add_argument("--operation", action="append", choices=[o.name for o in operations.OPERATIONS])
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options.add_argument("--verbose", action="store_true", help="every message that errors were told with")
    chosen = options.parse_intermixed_args()
    errors.VERBOSE = chosen.verbose
    parts = chosen.part or ([*EACH] if chosen.operation else [*EACH, *ONCE])
    if unknown := set(parts) - {*EACH, *ONCE}:
        options.error(f"there is no part {', '.join(unknown)}")
    print(f"seed {chosen.seed}", flush=True)
    with scratch_folder() as scratch:
        program = Program(chosen.program, scratch)
        failures = 0
        for operation in operations.OPERATIONS:
            if chosen.operation and operation.name not in chosen.operation or not set(parts) & set(EACH):
                continue
            if chosen.short and operation.large:
                continue
            stage = operations.Stage(program, operation)
            for part in EACH:
                if part in parts:
                    failures += told(f"{part} {operation.name}", chosen, lambda chance: EACH[part](
                        stage, chance, SHORT[part] if chosen.short else None))
        for part in ONCE:
            if part in parts:
                failures += told(part, chosen, lambda chance: ONCE[part](program, chance, chosen.short))
    sys.exit(1 if failures else 0)


def told(name, chosen, work):
    start = time.monotonic()
    try:
        answer, failed = work(random.Random(f"{chosen.seed} {name}")), 0
    except Fault as fault:
        answer, failed = f"FAULT\n{fault}", 1
    print(f"{name}: {answer} ({time.monotonic() - start:.1f} s)", flush=True)
    return failed


main()
