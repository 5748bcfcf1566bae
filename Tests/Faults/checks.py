"""What must be so after a fault, whatever it was."""

import collections

import operations
from content import holds_secret
from program import Fault


class Findings:
    """How many trials ended how, and the first few that ended as none may."""

    def __init__(self):
        self.ends = collections.Counter()
        self.faults = []

    def trial(self, work):
        """Takes note of one; `work` gives back how it ended."""
        try:
            self.ends[work()] += 1
        except Fault as fault:
            self.faults.append(str(fault))
            if len(self.faults) >= 5:
                self.report()

    def report(self, lead=""):
        """What to say of all of them.

        Raises Fault where one ended as it may not."""
        if self.faults:
            raise Fault("\n\n".join(self.faults))
        return f"{lead}{sum(self.ends.values())} trials: " + ", ".join(
            f"{count} {end}" for end, count in sorted(self.ends.items()))


def settled(stage, folder, run, what):
    """The operation is wholly done or wholly absent, nothing secret lies about,
    and asking again ends well. Gives back what it was found as."""
    operation, program = stage.operation, stage.program

    def fault(problem, *more):
        raise Fault("\n".join([f"{operation.name}, {what}: {problem}", *map(str, more)]))

    # A finished file that could not be put in place is kept, and its name told.
    kept = {path.name for path in folder.iterdir() if path.name.startswith(".") and path.name in run.talk}
    leak = holds_secret(folder, stage.secrets + operations.held_keys(folder), stage.open_files | kept)
    if leak:
        fault(f"{leak} has a credential in the clear", run)
    seen = operation.peek(folder) if operation.peek else None
    problem = None
    # Without its key a registry does not prove itself.
    if (folder / "registry.sqlite").exists() and (folder / "registry.key").exists():
        try:
            program.verified(folder)
        except Fault as unproven:
            if not operation.is_unproven:
                raise
            problem = unproven
    for name in kept:
        (folder / name).unlink()
    state = stage.state(folder)
    found = stage.named(state)
    if found is None:
        fault(
            f"half done: beside before, {state.differs(stage.before)}; beside after, {state.differs(stage.after)}", run
        )
    is_changed = found != "absent" if isinstance(found, str) else not found.is_nothing
    if problem and is_changed:
        fault(f"it does not prove itself: {problem}", run)
    is_told = found == "done" or not isinstance(found, str) and found.is_told
    if run.output and not is_told and not operation.is_unproven:
        fault("what was told is not done", run)
    if operation.check and found == "done":
        operation.check(folder)
    again = program.run(folder, *operation.command)
    expected = {0} if found == "absent" else operation.again if found == "done" else found.again
    if again.status not in expected:
        fault(f"asking again ({found if isinstance(found, str) else found.name}) is not answered as it should", again)
    ends_done = True
    if not isinstance(found, str):
        ends_done = found.ends_done
        if found.rest:
            rest = program.run(folder, *found.rest)
            if rest.status != 0:
                fault(f"what was missing cannot be brought ({found.name})", rest)
    if ends_done:
        program.verified(folder)
        last = stage.state(folder)
        # What brings the rest may be on record.
        same = last == stage.after or (not isinstance(found, str) and found.rest and last.files == stage.after.files)
        is_once_more = found == "done" and operation.is_repeated
        if operation.check:
            operation.check(folder)
        if stage.named(last) != "done" and not same and not is_once_more:
            fault(f"asked again, it is not as if nothing had happened: {last.differs(stage.after)}", again)
    return seen or (found if isinstance(found, str) else found.name)
