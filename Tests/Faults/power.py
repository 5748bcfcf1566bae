"""The power goes before every call: what no fsync made durable is lost, all of
it or any part.

The library keeps what each file held at its last fsync, and each folder's
names at its last. From that and from what was there, two kinds of disk are put
together: one with nothing that was not made durable, and ones where each
sector and each name is the durable or the last one, by chance.
"""

import os
import shutil

from checks import Findings, settled
from kill import places
from program import copy

SECTOR = 512


def run(stage, chance, limit):
    findings = Findings()
    for place in [*places(stage, chance, limit), None]:
        folder, disk = copy(stage.folder, stage.work), fresh(stage.program.scratch / "disk")
        pinned = remember(folder, disk)
        run = stage.program.run(
            folder, *stage.operation.command, faults=f"kill:{place}" if place else None, disk=disk
        )
        where = f"call {place} of {len(stage.calls)}" if place else "the end"
        for mix in ["nothing more than was made durable", *(f"mix {n + 1}" for n in range(1 if limit else 3))]:
            after = fresh(stage.program.scratch / "after-power")
            leave(folder, disk, after, chance if mix.startswith("mix") else None)
            findings.trial(lambda: settled(stage, after, run, f"power lost before {where}, {mix}"))
        for descriptor in pinned:
            os.close(descriptor)
    return findings.report(f"{len(stage.calls)} calls, ")


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def remember(folder, disk):
    """Everything that is there before is durable. The files are held open, so
    that none gets the number of one that was deleted."""
    pinned = []
    lines = []
    for path in folder.iterdir():
        number = path.stat().st_ino
        shutil.copy(path, disk / f"inode-{number}")
        lines.append(f"{number} {path.name}\n")
        pinned.append(os.open(path, os.O_RDONLY))
    (disk / f"names-{folder.stat().st_ino}").write_text("".join(lines))
    return pinned


def leave(folder, disk, after, chance):
    """Puts together what the power cut left."""
    durable = {}
    for line in (disk / f"names-{folder.stat().st_ino}").read_text().splitlines():
        number, name = line.split(" ", 1)
        if name not in (".", ".."):
            durable[name] = int(number)
    live = {path.name: path.stat().st_ino for path in folder.iterdir()}
    for name in sorted(durable.keys() | live.keys()):
        number = durable.get(name)
        if chance and chance.random() < 0.5:
            number = live.get(name)
        if number is None:
            continue
        kept = disk / f"inode-{number}"
        content = kept.read_bytes() if kept.exists() else b""
        if chance and live.get(name) == number:
            content = mixed(content, (folder / name).read_bytes(), chance)
        (after / name).write_bytes(content)
        (after / name).chmod(0o600)


def mixed(durable, last, chance):
    size = len(chance.choice([durable, last]))
    parts = []
    for place in range(0, size, SECTOR):
        part = chance.choice([durable, last])[place:min(place + SECTOR, size)]
        parts.append(part.ljust(min(SECTOR, size - place), b"\0"))
    return b"".join(parts)
