"""A clock that is set back, by libfaketime: the program as it is installed reads it."""

import json
import shutil

import operations
from checks import Findings
from program import Fault


def run(program, chance, is_short):
    if not shutil.which("faketime"):
        return "left out: faketime is not installed"
    folder = program.scratch / "clock"
    folder.mkdir()
    (folder / "list.csv").write_bytes(operations.sample("cloud-solar-dispatch.csv")())
    for words in (["init"], ["import", "list.csv"], ["issue", "CSP-240311", "--days", "1"]):
        program.run(folder, *words)
    findings = Findings()
    for back, words, status, is_warned in [
        ("-3h", ["issue", "CSP-240311", "--days", "1"], 0, True),
        ("-3h", ["issue", "CSP-240311", "--days", "1"], 0, False),
        ("-5h", ["assign", "CSP-240318", "KIS-0001"], 3, False),
        ("-5h", ["customer", "add", "KIS-0001", "--name", "Amina"], 0, True),
        # Back to the right time is no step back.
        ("+0", ["assign", "CSP-240318", "KIS-0001"], 0, False),
        # More than a day: no token that nobody insists on.
        ("-400d", ["issue", "CSP-240318", "--days", "1"], 64, False),
        ("-400d", ["issue", "CSP-240318", "--days", "1", "--yes"], 0, True),
        ("+0", ["issue", "CSP-240318", "--days", "1"], 0, False),
    ]:
        findings.trial(lambda: step(program, folder, back, words, status, is_warned))
    program.verified(folder)
    events = json.loads(program.run(folder, "audit", "events", "--json").output)
    places = [event["sequence"] for event in events]
    times = [event["at"] for event in events]
    if places != sorted(places) or times == sorted(times):
        raise Fault(f"events are not in the order in which things were done, or the clock was not set back: {times}")
    told = json.loads(program.run(folder, "audit", "verify", "--json").output)["warnings"]
    if len(told) != 3:
        raise Fault(f"verify tells of {told}")
    return findings.report()


def step(program, folder, back, words, status, is_warned):
    under = ("faketime", "-f", back) if back != "+0" else ()
    run = program.run(folder, *words, under=under)
    if run.status != status or ("warning: the clock says" in run.talk) != is_warned:
        raise Fault(f"with the clock at {back}: {run}")
    return f"{back}: {'warned' if is_warned else 'refused' if status == 64 else 'nothing to warn of'}"
