"""What is killed, starved and cut off. One entry adds an operation.

An operation says how the state before it is made, what the command is, and
what counts as wholly done and wholly absent: by itself, that the folder is
what an undisturbed run leaves, or what it was before. What may be found
besides those two is named in `between`, with why it is no harm.
"""

import csv
import dataclasses
import pathlib
import random
import re
import shutil
import sqlite3
import tempfile
from typing import Callable

from content import State
from program import PROJECT, Fault

SAMPLE = PROJECT / "SampleData"
SCHEMAS = PROJECT / "Tests" / "FleetStoreTests" / "Schemas"


@dataclasses.dataclass(frozen=True)
class Between:
    """A state that is neither done nor absent, and no harm."""

    name: str
    # Whether a state is this one, beside those before and after.
    fits: Callable[[State, State, State], bool]
    # What asking again answers, and what then brings the rest; empty words for
    # where a clean refusal is all there is.
    again: set[int]
    rest: list[str] = dataclasses.field(default_factory=list)
    # Whether nothing that was said to be unchanged is changed by it.
    is_nothing: bool = False
    # Whether asking again leaves what an undisturbed run leaves.
    ends_done: bool = True
    # Whether the program may say that it is done: it is, but for what it tells.
    is_told: bool = False


@dataclasses.dataclass(frozen=True)
class Operation:
    name: str
    # The words after `payg`.
    command: list[str]
    # The commands that make the state before, and what is done without the program.
    before: list[list[str] | Callable[[pathlib.Path], None]] = dataclasses.field(default_factory=list)
    # Files beside it: name and what makes the bytes.
    inputs: dict[str, Callable[[], bytes]] = dataclasses.field(default_factory=dict)
    # What else the state before needs.
    prepare: Callable[[pathlib.Path], None] | None = None
    # Exit codes of asking again once it is done; 0 says the same again.
    again: set[int] = dataclasses.field(default_factory=lambda: {0})
    between: list[Between] = dataclasses.field(default_factory=list)
    # Files that hold credentials in the clear on purpose.
    open_files: set[str] = dataclasses.field(default_factory=set)
    # Hidden files that a kill may leave, as the README says, by their beginning.
    leftovers: tuple[str, ...] = ()
    # What differs in a file where the tokens were there already, as text to text.
    same: Callable[[str], str] = lambda text: text
    # For what every opening does: how far it got, seen without the program.
    peek: Callable[[pathlib.Path], str] | None = None
    # What must be so where it is done, beside what an undisturbed run leaves.
    check: Callable[[pathlib.Path], None] | None = None
    # Whether asked again it is done once more, on purpose.
    is_repeated: bool = False
    # Whether the state before does not prove itself, and what it prints is what
    # it finds there.
    is_unproven: bool = False
    # Whether it is large, so that only some of its calls are tried.
    large: bool = False
    # How many of its calls are tried where all would take too long; all else.
    tried: int | None = None


def sample(name):
    return (SAMPLE / name).read_bytes


def units(count, seed=1):
    """A dispatch list of units that nobody has."""
    def make():
        chance = random.Random(seed)
        lines = ["Serial Number,Starting Code,Key,Count"]
        lines += [f"U-{unit:06},{100_000_000 + unit},{chance.getrandbits(128):032x},1" for unit in range(count)]
        return ("\r\n".join(lines) + "\r\n").encode()
    return make


def payments(count):
    """A list of payments for the sample's units."""
    def make():
        names = [row["PAYG ID"] for row in csv.DictReader((SAMPLE / "cloud-solar-dispatch.csv").open())]
        rows = [f"MP-{place},{names[place % len(names)]},{1 + place % 9}" for place in range(count)]
        return ("\n".join(["Reference,Unit,Days", *rows]) + "\n").encode()
    return make


def already(text):
    """The answer to a list of payments says of each whether it had its tokens."""
    return re.sub(r"<time>,[01],", "<time>,?,", text)


def older(schema):
    """A registry that a program of that schema made, with its key file."""
    def make(folder):
        text = next(SCHEMAS.glob(f"{schema}_*.sql")).read_text()
        key = next(line.split()[-1] for line in text.splitlines() if line.startswith("-- key "))
        connection = sqlite3.connect(folder / "registry.sqlite")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(text)
        connection.close()
        for name in ("registry.sqlite", "registry.key"):
            path = folder / name
            if name.endswith(".key"):
                path.write_bytes(bytes.fromhex(key))
            path.chmod(0o600)
    return make


def migrated(folder):
    """Whether a registry was brought forward, seen in a copy: opening it is what does it."""
    with tempfile.TemporaryDirectory() as place:
        for path in folder.glob("registry.sqlite*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, place)
        connection = sqlite3.connect(f"{place}/registry.sqlite")
        done = {name for name, in connection.execute("SELECT identifier FROM grdb_migrations")}
        connection.close()
    every = [path.stem for path in sorted((PROJECT / "Migrations").glob("*.sql"))]
    if done != set(every[:len(done)]):
        raise Fault(f"migrations are missing in between: {sorted(done)}")
    if 1 < len(done) < len(every):
        raise Fault(f"it is neither the registry of before nor that of today: {sorted(done)}")
    return "absent" if len(done) == 1 else "done"


def rotated(folder):
    """How far a change of the master key came. Opening the registry completes
    it, so this is seen in a copy: the new key waits under a name of its own until
    it is the one that is needed."""
    with tempfile.TemporaryDirectory() as place:
        for path in folder.glob("registry.sqlite*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, place)
        connection = sqlite3.connect(f"{place}/registry.sqlite")
        (key,), = connection.execute("SELECT key_id FROM registry")
        former = [id.hex()[:16] for id, in connection.execute("SELECT key_id FROM former_key")]
        connection.close()
    place = (folder / "registry.key").read_bytes()
    beside = {path.name.removeprefix("registry.key."): path.read_bytes() for path in folder.glob("registry.key.*")}
    waiting = beside.pop(key.hex()[:16] + ".new", None)
    # On its way from there to the place.
    arriving = beside.pop(key.hex()[:16], None)
    if any(len(content) != 32 for content in [place, *beside.values(), waiting or place, arriving or place]):
        raise Fault("a key file is not whole")
    if not former:
        if len(beside) > 1 or place in beside.values() or waiting or arriving or any(not id.endswith(".new") for id in beside):
            raise Fault(f"the key files are none of this registry: {sorted(beside)}")
        return SEALED_NOTHING.name if beside else "absent"
    if len(former) > 1 or set(beside) - set(former):
        raise Fault(f"former keys {former}, and files of {sorted(beside)}")
    found = f"beside the registry's key file {sorted(beside)}, and {'' if waiting else 'not '}the new one"
    if arriving not in (None, waiting):
        raise Fault(f"the new key's names are of different keys: {found}")
    if waiting in (None, place):
        if set(beside) != set(former) or place in beside.values():
            raise Fault(f"the former key or the new one has no file: {found}")
        return "done"
    if any(content != place for content in beside.values()):
        raise Fault(f"the former key or the new one has no file: {found}")
    return NOT_MOVED


def taken_away(name):
    return lambda folder: (folder / name).unlink()


def overwritten(folder):
    """The beginning is another program's: nobody can read it as a registry any more."""
    with open(folder / "registry.sqlite", "r+b") as file:
        file.write(b"rubbish" * 100)


def unguarded(folder):
    """Without a trigger and an index that the schema has."""
    connection = sqlite3.connect(folder / "registry.sqlite")
    connection.executescript("DROP TRIGGER event_follows; DROP INDEX token_reference;")
    connection.close()


def counts_go_on(folder):
    """No count that the replaced registry used will be used again, and it is kept."""
    replaced = list(folder.glob("registry-replaced-*.sqlite"))
    if not replaced:
        raise Fault("the replaced registry is not kept")
    connection = sqlite3.connect(folder / "registry.sqlite")
    counts = dict(connection.execute("SELECT payg_id, count FROM unit"))
    connection.close()
    for path in replaced:
        connection = sqlite3.connect(path)
        used = connection.execute(
            "SELECT payg_id, max(token.count) FROM token JOIN unit ON unit.id = unit_id GROUP BY 1").fetchall()
        connection.close()
        behind = [unit for unit, count in used if counts[unit] < count]
        if behind:
            raise Fault(f"counts that were used would be used again: {behind}")


FLEET = [["init"], ["import", "list.csv"]]
LIST = {"list.csv": sample("cloud-solar-dispatch.csv")}
CUSTOMERS = {"customers.csv": sample("customers.csv")}

# A key file that waits beside the registry's, with the new key's id in its
# name, and that no registry knows of.
WAITING = "registry.key.<id>.new"
SEALED_NOTHING = Between(
    "a key file that sealed nothing",
    lambda state, before, after: state.rows == before.rows and state.names == before.names | {WAITING}, again={0},
    ends_done=False, is_nothing=True,
)
# Found where it is, and put in its place by whatever opens it next; or there, and
# under other names too, which whatever opens it next takes away.
NOT_MOVED = "the new key, and its file not in its place"

# The registry's row tells of the file, which is put in place last.
RECORDED = Between(
    "recorded, and the file not in place",
    lambda state, before, after: state.rows == after.rows and state.names == before.names,
    again={4}, rest=["export", "again", "1", "-o", "out.csv"],
)

OPERATIONS = [
    Operation(
        "init", ["init"], again={4}, leftovers=(".payg-",),
        between=[
            Between(
                "the key file alone", lambda state, before, after: state.rows is None and state.names == after.names,
                again={4}, ends_done=False, is_nothing=True,
            )
        ],
    ),
    Operation("import", ["import", "list.csv"], [["init"]], LIST),
    Operation("import-many", ["import", "list.csv"], [["init"]], {"list.csv": units(6_000)}, large=True),
    Operation("customers", ["customer", "import", "customers.csv"], FLEET, LIST | CUSTOMERS),
    Operation("issue", ["issue", "CSP-240311", "--days", "30", "--ref", "MP-1"], FLEET, LIST),
    # Three tokens in one transaction.
    Operation("issue-long", ["issue", "CSP-240311", "--days", "2500", "--ref", "MP-1"], FLEET, LIST),
    Operation(
        "batch", ["issue-batch", "pay.csv", "-o", "out.csv"], FLEET, LIST | {"pay.csv": payments(60)}, again={4}, same=already,
        between=[
            Between(
                "the tokens, and the file not in place",
                lambda state, before, after: state.rows == after.rows and state.names == before.names, again={0},
            )
        ],
    ),
    Operation(
        "batch-many", ["issue-batch", "pay.csv", "-o", "out.csv"], FLEET, LIST | {"pay.csv": payments(1_800)},
        again={4}, same=already, large=True,
        between=[
            Between(
                "the first payments, a thousand at a time",
                lambda state, before, after: state.names == before.names
                and state.rows["token"] == after.rows["token"][:1_000]
                or state.rows == after.rows and state.names == before.names,
                again={0},
            )
        ],
    ),
    Operation(
        "export", ["export", "openpaygo", "-o", "out.csv"], FLEET, LIST, again={4}, open_files={"out.csv"},
        between=[RECORDED],
    ),
    Operation(
        "replace", ["unit", "replace", "CSP-240311", "CSP-240318", "--reason", "burnt"],
        [*FLEET, ["issue", "CSP-240311", "--days", "30"]], LIST, again={4},
    ),
    Operation("replace-credentials", ["import", "other.csv", "--replace", "CSP-240311", "--reason", "a letter"], FLEET,
              LIST | {"other.csv": lambda: b"PAYG ID,Key,Starting Code,Count\n"
                      b"CSP-240311,0f0e0d0c0b0a09080706050403020100,123456789,1\n"}),
    Operation(
        "test-plan", ["unit", "test-plan", "CSP-240311", "-o", "plan.csv"], FLEET, LIST, again={4},
        between=[
            Between(
                "the test tokens, and the plan not in place",
                lambda state, before, after: state.rows == after.rows and state.names == before.names,
                # Another plan, with tokens of its own.
                again={0}, ends_done=False,
            )
        ],
    ),
    Operation(
        "reconcile", ["reconcile", "higher.csv", "--apply-counts", "--html", "out.html"], FLEET,
        LIST | {"higher.csv": lambda: sample("cloud-solar-dispatch.csv")().replace(b",1\n", b",9\n", 3)}, again={4},
        between=[
            Between(
                "the counts, and the report not in place",
                lambda state, before, after: state.rows == after.rows and state.names == before.names, again={0},
                ends_done=False,
            )
        ],
    ),
    Operation(
        "device", ["device", "new", "CSP-240311", "--state", "unit.json"], FLEET, LIST, again={4},
        open_files={"unit.json"},
        between=[
            Between(
                "recorded, and the device not made",
                lambda state, before, after: state.rows == after.rows and state.names == before.names,
                # Made then, and on record twice.
                again={0}, ends_done=False,
            )
        ],
    ),
    Operation(
        "slip", ["slip", "CSP-240311", "-o", "slip.html"], [*FLEET, ["issue", "CSP-240311", "--days", "30"]], LIST,
        again={4},
    ),
    Operation("migrate", ["unit", "list"], prepare=older("0001"), peek=migrated),
    Operation(
        "rotate", ["key", "rotate", "--yes"], [*FLEET, ["issue", "CSP-240311", "--days", "30"]], LIST, peek=rotated,
        is_repeated=True, between=[SEALED_NOTHING],
    ),
    Operation(
        "backup", ["backup", "copy.sqlite"], [*FLEET, ["issue", "CSP-240311", "--days", "30"]], LIST, again={4},
        leftovers=(".payg-",), tried=60,
        between=[
            Between(
                "the backup, and not on record",
                lambda state, before, after: state.rows == before.rows and state.names == after.names
                and state.files == after.files,
                again={4}, ends_done=False, is_told=True,
            )
        ],
    ),
    Operation(
        "restore", ["restore", "copy.sqlite", "--force", "--skip-counts"],
        [*FLEET, ["issue", "CSP-240311", "--days", "30"], ["backup", "copy.sqlite"],
         ["issue", "CSP-240311", "--days", "3", "--ref", "MP-1"], ["issue", "CSP-240318", "--days", "7"]], LIST,
        leftovers=(".payg-",), is_repeated=True, check=counts_go_on, tried=60,
        between=[
            Between(
                "what was there copied away, and nothing replaced",
                lambda state, before, after: state.rows == before.rows and state.names == after.names
                and state.files == after.files,
                # Copied away once more.
                again={0}, is_nothing=True,
            )
        ],
    ),
    Operation(
        "restore-damaged", ["restore", "copy.sqlite", "--force", "--skip-counts", "--skip-ahead", "20"],
        [*FLEET, ["backup", "copy.sqlite"], ["issue", "CSP-240311", "--days", "3"], overwritten], LIST,
        leftovers=(".payg-",), is_repeated=True, is_unproven=True,
        between=[
            Between(
                "what was there under another name, too, and nothing replaced",
                lambda state, before, after: state.rows == before.rows and state.names == after.names,
                again={0}, ends_done=False, is_nothing=True,
            )
        ],
    ),
    Operation(
        "restore-alone", ["restore", "copy.sqlite", "--skip-ahead", "20"],
        [*FLEET, ["backup", "copy.sqlite"], taken_away("registry.sqlite")], LIST, again={4},
        leftovers=(".payg-",),
    ),
    Operation(
        "restore-key", ["key", "restore", "page.html"],
        [*FLEET, ["key", "export-recovery", "-o", "page.html", "--no-qr", "--yes"], taken_away("registry.key")],
        LIST, again={4},
    ),
    Operation("trail", ["audit", "export", "-o", "trail.jsonl"], [*FLEET, ["issue", "CSP-240311", "--days", "30"]], LIST,
              again={4}),
    Operation("doctor", ["doctor", "--fix"], [*FLEET, unguarded], LIST, is_unproven=True),
]


def held_keys(folder):
    return [path.read_bytes() for path in folder.glob("registry.key*")]


class Stage:
    """An operation with the folders before and after it, made once."""

    def __init__(self, program, operation, name=None):
        from program import copy

        self.program, self.operation = program, operation
        self.folder = program.scratch / (name or operation.name)
        self.work = program.scratch / "work"
        self.folder.mkdir()
        self.secrets = []
        for name, make in operation.inputs.items():
            (self.folder / name).write_bytes(make())
            self.secrets += self.credentials(name)
        if operation.prepare:
            operation.prepare(self.folder)
        for words in operation.before:
            # What is taken away by a step is secret too.
            self.secrets += held_keys(self.folder)
            if callable(words):
                words(self.folder)
                continue
            run = program.run(self.folder, *words)
            if run.status != 0:
                raise Fault(f"the state before {operation.name} cannot be made: {run}")
        self.secrets += held_keys(self.folder)
        self.before = self.state(self.folder)
        self.run, self.calls = program.calls(copy(self.folder, self.work), *operation.command)
        if self.run.status != 0:
            raise Fault(f"{operation.name} does not work undisturbed: {self.run}")
        self.after = self.state(self.work)

    def state(self, folder):
        state = State(folder)
        state.files = {name: self.operation.same(text) for name, text in state.files.items()}
        return state

    def credentials(self, name):
        """The keys of a list, as they could stand in a file."""
        rows = csv.DictReader((self.folder / name).read_text().splitlines())
        keys = [row.get("Key") or row.get("Secret Key") for row in rows]
        return [form for key in keys[:100] if key for form in (key.encode(), key.upper().encode(), bytes.fromhex(key))]

    @property
    def open_files(self):
        return {*self.operation.inputs, *self.operation.open_files}

    def named(self, state):
        """Which of the states it is: absent, done, a Between; None for none of them."""
        state.names = {name for name in state.names if not name.startswith(self.operation.leftovers or ("\0",))}
        if state == self.before:
            return "absent"
        if state == self.after:
            return "done"
        return next((b for b in self.operation.between if b.fits(state, self.before, self.after)), None)
