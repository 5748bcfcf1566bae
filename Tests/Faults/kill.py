"""Killed before every call that changes a file, and in the middle of every write."""

from checks import Findings, settled
from program import Fault, copy


def places(stage, chance, limit):
    """The calls to try: all, or a sample with the last ones in it."""
    everything = range(1, len(stage.calls) + 1)
    if limit is None:
        limit = 60 if stage.operation.large else stage.operation.tried
    if limit is None or len(everything) <= limit:
        return list(everything)
    # Things are made durable, and get their names, at the end.
    last = everything[-(limit // 4):] if limit >= 4 else []
    return sorted([*chance.sample(everything[:len(everything) - len(last)], limit - len(last)), *last])


def run(stage, chance, limit):
    findings = Findings()

    def trial(kind, place):
        name, size, path = stage.calls[place - 1]
        folder = copy(stage.folder, stage.work)
        run = stage.program.run(folder, *stage.operation.command, faults=f"{kind}:{place}")
        what = f"{kind} at call {place} of {len(stage.calls)}, {name} {path}"
        if not run.was_killed and run.status != 0:
            raise Fault(f"{what}: neither killed nor done: {run}")
        return settled(stage, folder, run, what)

    for place in places(stage, chance, limit):
        name, size, _ = stage.calls[place - 1]
        kinds = ["kill", "torn"] if name in ("write", "pwrite") and size > 1 else ["kill"]
        for kind in kinds if limit is None else [chance.choice(kinds)]:
            findings.trial(lambda: trial(kind, place))
    return findings.report(f"{len(stage.calls)} calls, ")
