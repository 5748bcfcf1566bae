"""Real file systems: one that is full, and one that is read-only. Mounting them
takes root; without, these are left out, and said to be."""

import contextlib
import os
import subprocess

import operations
from checks import Findings, settled
from program import Fault, copy

# What a read-only registry can still be asked, and what it must refuse.
QUESTIONS = [["unit", "list"], ["audit", "tokens"], ["audit", "verify"]]


@contextlib.contextmanager
def mounted(program, size):
    place = program.scratch / "mounted"
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k,mode=700", "payg-faults", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def may_mount(program):
    if os.geteuid() != 0:
        return False
    try:
        with mounted(program, 64):
            return True
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False


def run(program, chance, is_short):
    if not may_mount(program):
        return "left out: mounting a file system takes root"
    findings = Findings()
    every = operations.OPERATIONS
    for operation in chance.sample([o for o in every if not o.large], 5) if is_short else every:
        stage = operations.Stage(program, operation, name=f"media-{operation.name}")
        rooms = [0, chance.choice([4, 16, 40, 100])] if is_short else [0, 1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 100, 150, 200]
        for room in rooms:
            findings.trial(lambda: full(program, stage, room))
        findings.trial(lambda: read_only(program, stage))
    return findings.report()


def ends(operation, *codes):
    """What a command may end with; one that says what it finds on a disk finds that."""
    return {*codes, 2} if operation.is_unproven else {*codes}


def full(program, stage, room):
    """Whole kilobytes are left, and then none."""
    used = sum(-(-path.stat().st_size // 4096) * 4 for path in stage.folder.iterdir())
    # With less than 16 MB free, the doctor finds a problem afterwards, too.
    with mounted(program, used + (20_480 if stage.operation.is_unproven else 4096)) as folder:
        for path in stage.folder.iterdir():
            subprocess.run(["cp", "-p", path, folder], check=True)
        free = os.statvfs(folder)
        filler = folder.parent / "mounted" / ".filler"
        size = free.f_bavail * free.f_frsize - room * 1024
        with open(filler, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)
        run = program.run(folder, *stage.operation.command)
        if run.status not in ends(stage.operation, 0, 66, 73):
            raise Fault(f"{stage.operation.name} with {room} kB of room: {run}")
        told = run.talk + run.output
        words = ["the disk is full", "no space left"] + (["MB are free, and"] if stage.operation.is_unproven else [])
        if run.status and not any(word in told for word in words):
            raise Fault(f"{stage.operation.name} with {room} kB of room does not say what is amiss: {run}")
        filler.unlink()
        return f"{run.status} full, {settled(stage, folder, run, f'{room} kB of room')}"


def read_only(program, stage):
    with mounted(program, 32_768) as folder:
        for path in stage.folder.iterdir():
            subprocess.run(["cp", "-p", path, folder], check=True)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        run = program.run(folder, *stage.operation.command)
        # Slips go elsewhere than beside a registry that can only be read, and so does what reads.
        if run.status not in ends(stage.operation, 66, 73) or "read-only" not in run.talk + run.output:
            raise Fault(f"{stage.operation.name} on a read-only file system: {run}")
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
        return f"{run.status} read-only, {settled(stage, folder, run, 'a read-only file system')}"
