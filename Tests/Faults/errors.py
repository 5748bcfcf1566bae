"""No room, a disk that fails, and one that is gone, at every call: what is said
about it, and what is left.

What the program says must be so: what it calls done is done, and where it says
that nothing was changed, nothing was.
"""

import collections

import operations
from checks import Findings, settled
from kill import places
from program import Fault, copy

# A failed write or fsync is EIO; no room is ENOSPC.
EIO = 5
# Done all the same, failed, input or key that cannot be read, output that cannot be written.
CODES = {0, 1, 66, 73, 77}
# And that something is not as it should be, of what only says so.
FOUND = 2
WRITES = {"write", "pwrite"}


def kinds(name, size):
    yield "full"
    yield "dead"
    yield f"fail:{EIO}"
    if name in WRITES and size > 1:
        yield "short"


VERBOSE = False


def run(stage, chance, limit):
    findings = Findings()
    messages = collections.Counter()

    def trial(kind, place):
        name, _, path = stage.calls[place - 1]
        what, _, code = kind.partition(":")
        folder = copy(stage.folder, stage.work)
        run = stage.program.run(
            folder, *stage.operation.command, faults=f"{what}:{place}" + (f":{code}" if code else "")
        )
        told = f"{what} at call {place} of {len(stage.calls)}, {name} {path}"
        if run.status:
            talk = run.talk.replace(str(folder), "…").strip()
            messages[f"{run.status} at {what} {name}: {talk}"] += 1
        if run.status not in CODES and not (run.status == FOUND and stage.operation.is_unproven):
            raise Fault(f"{stage.operation.name}, {told}: no exit code for it: {run}")
        state = settled(stage, folder, run, told)
        # From a disk that is gone nothing can be taken away again.
        nothing = {"absent"} | {b.name for b in stage.operation.between if b.is_nothing and what == "dead"}
        told_as_done = {"done", operations.NOT_MOVED} | {b.name for b in stage.operation.between if b.is_told}
        if run.status == 0 and state not in told_as_done or "nothing was changed" in run.talk and state not in nothing:
            raise Fault(f"{stage.operation.name}, {told}: what is said is not so ({state}): {run}")
        return f"{run.status} {state}"

    for place in places(stage, chance, limit):
        name, size, _ = stage.calls[place - 1]
        choices = list(kinds(name, size))
        for kind in choices if limit is None else [chance.choice(choices)]:
            findings.trial(lambda: trial(kind, place))
    if VERBOSE:
        for message, count in sorted(messages.items()):
            print(f"{count:4} {message}")
    return findings.report(f"{len(stage.calls)} calls, ")
