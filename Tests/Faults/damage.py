"""Registries that are not as they were written: bytes flipped, pages lost or
swapped, cut off, of another program, of a newer one, changed by hand.

None may crash the program. What `audit verify` lets pass must be what was
written; and a token that is told must be one for the unit and the days that
were asked for, with a count that was never used.
"""

import json
import re
import sqlite3

from checks import Findings
from program import Fault, copy
import operations

PAGE = 4096
QUESTIONS = [
    ["unit", "list"], ["unit", "show", "CSP-240311"], ["audit", "tokens"], ["audit", "events"], ["customer", "list"],
    ["dispatch", "show", "1"], ["export", "show", "1"], ["token", "find", "123456789"],
]
ASKED = ["issue", "CSP-240311", "--days", "3", "--ref", "MP-DAMAGED"]


def run(program, chance, is_short):
    folder = program.scratch / "damage"
    folder.mkdir()
    (folder / "list.csv").write_bytes(operations.sample("cloud-solar-dispatch.csv")())
    (folder / "customers.csv").write_bytes(operations.sample("customers.csv")())
    for words in [
        ["init"], ["import", "list.csv"], ["customer", "import", "customers.csv"],
        ["assign", "CSP-240311", "KIS-0001"], ["issue", "CSP-240311", "--days", "30", "--ref", "MP-1"],
        ["issue", "CSP-240311", "--days", "1"], ["issue", "CSP-240318", "--days", "7"],
        ["export", "openpaygo", "--unit", "CSP-240325", "-o", "out.csv"],
    ]:
        run = program.run(folder, *words)
        if run.status:
            raise Fault(f"the state before cannot be made: {run}")
    whole = (folder / "registry.sqlite").read_bytes()
    findings = Findings()
    for number in range(40 if is_short else 600):
        kind = chance.choice([flips, flips, unit_flips, retyped, retyped, zeroed, swapped, cut])
        bytes_ = kind(bytearray(whole), chance, program)
        asked = [chance.choice(QUESTIONS)] if is_short else QUESTIONS
        findings.trial(lambda: looked_at(program, folder, whole, bytes_, asked, f"{kind.__name__} {number}"))
    for number in range(8 if is_short else 200):
        findings.trial(lambda: log_damage(program, folder, chance, number))
    for name, sql, named in BY_HAND:
        findings.trial(lambda: by_hand(program, folder, name, sql, named))
    for sql in SCHEMA_BY_HAND:
        findings.trial(lambda: schema_by_hand(program, folder, sql))
    for name, work in STRANGERS.items():
        findings.trial(lambda: stranger(program, folder, name, work))
    for _ in range(3 if is_short else 30):
        findings.trial(lambda: key_damage(program, folder, chance))
    return findings.report()


# MARK: - Damage to the file

def flips(data, chance, _):
    for _ in range(chance.choice([1, 1, 2, 8, 64])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def unit_flips(data, chance, _):
    """In what lies around the unit that is asked for, where it hurts most."""
    places = [match.start() for match in re.finditer(b"CSP-240311", bytes(data))]
    for _ in range(chance.choice([1, 1, 2, 4])):
        place = chance.choice(places) + chance.randrange(-40, 160)
        data[place % len(data)] = chance.randrange(256)
    return data


def retyped(data, chance, _):
    """What a row's header says of its columns: one is null, or another kind of value."""
    leaves = [page for page in range(1, len(data) // PAGE) if data[page * PAGE] in (0x0D, 0x0A)]
    for _ in range(chance.choice([1, 1, 2])):
        start = chance.choice(leaves) * PAGE
        cells = int.from_bytes(data[start + 3:start + 5], "big")
        if cells:
            pointer = start + 8 + 2 * chance.randrange(cells)
            cell = start + int.from_bytes(data[pointer:pointer + 2], "big")
            place = min(cell + chance.randrange(2, 18), start + PAGE - 1)
            data[place] = chance.choice([0, 1, 8, 9, data[place] ^ 1, chance.randrange(256)])
    return data


def zeroed(data, chance, _):
    page = chance.randrange(len(data) // PAGE)
    data[page * PAGE:(page + 1) * PAGE] = bytes(PAGE)
    return data


def swapped(data, chance, _):
    one, other = (chance.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    data[one:one + PAGE], data[other:other + PAGE] = data[other:other + PAGE], data[one:one + PAGE]
    return data


def cut(data, chance, _):
    return data[:chance.choice([chance.randrange(len(data)), chance.randrange(len(data) // PAGE) * PAGE])]


def held(path):
    """Every row of every table, or None where SQLite itself finds fault."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        connection.text_factory = bytes
        try:
            if connection.execute("PRAGMA integrity_check").fetchall() != [(b"ok",)]:
                return None
            tables = connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
            names = [name.decode() for name, in tables.fetchall()]
            rows = {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in names}
            schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
            return rows, schema
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def proven(content):
    """The rows without what the history does not keep, because it is personal:
    all of a customer but their reference. README, "Security"."""
    if content is None:
        return None
    rows, _ = content
    return {name: [row[:2] for row in table] if name == "customer" else table for name, table in rows.items()}


def looked_at(program, folder, whole, data, asked, what):
    work = copy(folder, program.scratch / "damaged")
    (work / "registry.sqlite").write_bytes(data)
    (work / "damaged.sqlite").write_bytes(data)
    (work / "whole.sqlite").write_bytes(whole)
    verified = program.run(work, "audit", "verify")
    for words in asked:
        program.run(work, *words)
    issued = program.run(work, *ASKED)
    content, original = held(work / "damaged.sqlite"), held(work / "whole.sqlite")
    if issued.status == 0:
        genuine(program, folder, issued, what)
    if bytes(data) == whole:
        return "the same"
    if verified.status == 0 and proven(content) != proven(original):
        raise Fault(f"{what}: damaged, and verified: {difference(content, original)}")
    if verified.status == 0:
        return "nothing that counts was hit" if content == original else "only what is not proven was hit"
    if not verified.output + verified.talk:
        raise Fault(f"{what}: nothing is said: {verified}")
    return f"damage found ({verified.status})" + (", a genuine token" if issued.status == 0 else "")


def difference(content, original):
    if content is None:
        return "SQLite's own check of it fails"
    return [(name, one, other) for name in original[0] for one, other in
            zip(content[0].get(name, []), original[0][name]) if one != other][:3] or "rows are missing"


def genuine(program, folder, issued, what):
    """A token that was told is one for this unit, for these days, never used before."""
    work = copy(folder, program.scratch / "genuine")
    token = issued.output.strip()
    checked = program.run(work, "token", "check", "CSP-240311", token, "--json")
    told = json.loads(checked.output or "{}")
    if told.get("outcome") != "accepted" or told.get("days") != 3 or told.get("type") != "addTime":
        raise Fault(f"{what}: a token was told that the unit does not take as asked: {issued}{checked}")


# MARK: - Its log, its key

def log_damage(program, folder, chance, number):
    """The log of a program that was killed: what was told is in it, and only whole transactions count."""
    # As late as there is a log: what comes after it takes the log away.
    for call in range(60, 0, -1):
        work = copy(folder, program.scratch / "log")
        run = program.run(work, "issue", "CSP-240318", "--days", "2", "--ref", "MP-LOG", faults=f"kill:{call}")
        log = work / "registry.sqlite-wal"
        if run.was_killed and log.exists() and log.stat().st_size >= PAGE:
            break
    else:
        raise Fault(f"the log cannot be had: {run}")
    data = bytearray(log.read_bytes())
    data = chance.choice([flips, cut])(data, chance, program) if len(data) >= PAGE else data
    log.write_bytes(data)
    if number % 2:
        (work / "registry.sqlite-shm").unlink(missing_ok=True)
    for words in (QUESTIONS[0], ["audit", "verify"], ASKED):
        run = program.run(work, *words)
        if run.status != 0:
            raise Fault(f"a damaged log is more than transactions lost: {run}")
    return "log damaged: whole transactions or none"


def key_damage(program, folder, chance):
    work = copy(folder, program.scratch / "damaged-key")
    key = work / "registry.key"
    data = bytearray(key.read_bytes())
    if chance.random() < 0.5:
        data = data[:chance.randrange(len(data))]
    else:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    key.write_bytes(data)
    for words in (ASKED, ["audit", "verify"]):
        run = program.run(work, *words)
        if run.status != 77:
            raise Fault(f"a damaged key file is not told as such: {run}")
    if program.run(work, "unit", "list").status != 0:
        raise Fault("lists need no key")
    return "key damaged: told (77)"


# MARK: - Changed by hand, and strangers

# With the triggers dropped and made again: whoever edits by hand can do that.
BY_HAND = [
    ("another token", "UPDATE token SET digits = '123456789' WHERE reference = 'MP-1'", "not the one that was issued"),
    ("more days", "UPDATE token SET value = 300 WHERE reference = 'MP-1'", "not the one that was issued"),
    ("another reference", "UPDATE token SET reference = 'MP-2' WHERE reference = 'MP-1'", "not the one that was issued"),
    ("a token gone", "DELETE FROM token WHERE id = 2", "is missing"),
    ("a token moved", "UPDATE token SET unit_id = 3 WHERE id = 2", "is missing"),
    ("a token twice", "INSERT INTO token (unit_id, count, type, value, time_divider, digits, issued_at, actor, event) "
     "SELECT unit_id, count, type, value, time_divider, '000000000', issued_at, actor, event FROM token WHERE id = 1",
     "has no event"),
    ("a token out of its place", "UPDATE token SET previous_id = NULL WHERE id = 2", "does not name the unit's token"),
    ("a token left out", "UPDATE unit SET last_token_id = 1, last_token_count = 2 WHERE payg_id = 'CSP-240311'",
     "the token that it has as its last is another"),
    ("a count back", "UPDATE unit SET count = 1 WHERE payg_id = 'CSP-240311'", "its count is 1"),
    ("time for free", "UPDATE unit SET paid_until = '2030-01-01T00:00:00Z' WHERE id = 5", "CSP-240339"),
    ("an event gone", "DELETE FROM event WHERE sequence = 4", "event 4 is missing"),
    ("another actor", "UPDATE event SET actor = 'Nobody' WHERE sequence = 4", "event 4 does not fit the chain"),
    ("a unit taken back", "DELETE FROM handed_over WHERE unit_id = (SELECT id FROM unit WHERE payg_id = 'CSP-240325')", "CSP-240325"),
    ("another's credentials", "UPDATE unit SET sealed = (SELECT sealed FROM unit WHERE id = 7) WHERE id = 6", "do not open"),
    ("another divider", "UPDATE unit SET time_divider = 24 WHERE id = 6", "is not as it was imported"),
]


def by_hand(program, folder, name, sql, named):
    work = copy(folder, program.scratch / "by-hand")
    connection = sqlite3.connect(work / "registry.sqlite")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for trigger, _ in triggers:
        connection.execute(f"DROP TRIGGER {trigger}")
    if connection.execute(sql).rowcount != 1:
        raise Fault(f"{name}: no row is changed by hand")
    for _, text in triggers:
        connection.execute(text)
    connection.commit()
    connection.close()
    verified = program.run(work, "audit", "verify")
    if verified.status != 2 or named not in verified.output:
        raise Fault(f"{name}: not found, or not named: {verified}")
    return "changed by hand: named"


# What a registry is guarded by, taken away.
SCHEMA_BY_HAND = [
    "DROP TRIGGER token_never_changed", "DROP TRIGGER event_follows", "DROP INDEX token_reference",
    "ALTER TABLE unit ADD COLUMN free INTEGER",
    "CREATE TRIGGER extra AFTER INSERT ON token BEGIN UPDATE unit SET count = 1 WHERE id = 9; END",
]


def schema_by_hand(program, folder, sql):
    work = copy(folder, program.scratch / "by-hand")
    connection = sqlite3.connect(work / "registry.sqlite")
    connection.execute(sql)
    connection.close()
    verified = program.run(work, "audit", "verify")
    name = re.search(r"(?:TRIGGER|INDEX|TABLE) (\w+)", sql).group(1)
    if verified.status != 2 or name not in verified.output:
        raise Fault(f"the schema changed by hand ({sql}): not found, or not named: {verified}")
    return "schema changed by hand: named"


def other_application(path):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 42")
    connection.close()


def newer(path):
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO grdb_migrations VALUES ('9999_of_tomorrow')")
    connection.commit()
    connection.close()


STRANGERS = {
    "of another application": (other_application, 65),
    "of a newer version": (newer, 78),
    "a picture": (lambda path: path.write_bytes(b"\x89PNG" + bytes(5000)), 65),
    "empty": (lambda path: path.write_bytes(b""), 65),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), 65),
    "not there": (lambda path: path.unlink(), 66),
}


def stranger(program, folder, name, work_and_status):
    change, status = work_and_status
    work = copy(folder, program.scratch / "stranger")
    path = work / "registry.sqlite"
    change(path)
    before = path.read_bytes() if path.is_file() else None
    for words in (["unit", "list"], ASKED, ["audit", "verify"], ["import", "list.csv"]):
        run = program.run(work, *words)
        if run.status != status:
            raise Fault(f"a registry {name}: {run}")
    if (path.read_bytes() if path.is_file() else None) != before:
        raise Fault(f"a registry {name} was changed")
    return f"{name}: told ({status})"
