"""The program that is tested, run with faults, and the folders it works in."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent

# Every exit code there is, as in Sources/payg/Failure.swift.
DOCUMENTED = {0, 1, 2, 3, 4, 64, 65, 66, 73, 75, 77, 78}


class Fault(Exception):
    """The program did what it must not do."""


class Run:
    """What the program did."""

    def __init__(self, words, process):
        self.words = words
        self.status = process.returncode
        self.output = process.stdout.decode(errors="replace")
        self.talk = process.stderr.decode(errors="replace")

    @property
    def was_killed(self):
        return self.status == -signal.SIGKILL

    def __str__(self):
        return f"payg {' '.join(self.words)}: {self.status}\n{self.output}{self.talk}"


class Program:
    """The built program, and the library of calls."""

    def __init__(self, path, scratch):
        self.path = pathlib.Path(path).resolve()
        self.scratch = pathlib.Path(scratch)
        self.library = self.scratch / "calls.so"
        compiler = next(c for c in (os.environ.get("CC"), "cc", "clang") if c and shutil.which(c))
        subprocess.run(
            [compiler, "-O1", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", self.library, HERE / "calls.c", "-ldl"],
            check=True,
        )

    def environment(self, folder, **more):
        return {
            "PATH": os.environ["PATH"], "HOME": str(folder), "PAYG_REGISTRY": f"{folder}/registry.sqlite",
            "PAYG_KEY_FILE": f"{folder}/registry.key", "PAYG_ACTOR": "Faults", "TMPDIR": str(self.scratch), **more,
        }

    def run(self, folder, *words, faults=None, log=None, disk=None, timeout=60, under=(), more=None):
        """Runs it in a folder. An end that is not documented is a fault in itself."""
        variables = dict(more or {})
        if faults or log or disk:
            variables |= {"LD_PRELOAD": str(self.library), "FAULTS_PROGRAM": self.path.name}
            if faults:
                variables["FAULTS"] = faults
            if log:
                variables["FAULTS_LOG"] = str(log)
            if disk:
                variables["FAULTS_DISK"] = str(disk)
        try:
            process = subprocess.run(
                [*under, str(self.path), *words], cwd=folder, env=self.environment(folder, **variables),
                stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            raise Fault(f"payg {' '.join(words)} does not end") from None
        run = Run(words, process)
        is_killed_on_purpose = run.was_killed and faults and faults.startswith(("kill", "torn"))
        if run.status not in DOCUMENTED and not is_killed_on_purpose:
            raise Fault(f"an end that is not documented: {run}")
        return run

    def calls(self, folder, *words):
        """The calls of an undisturbed run: (name, size, path) each."""
        log = self.scratch / "calls.log"
        log.unlink(missing_ok=True)
        run = self.run(folder, *words, log=log)
        lines = log.read_text().splitlines() if log.exists() else []
        return run, [(name, int(size), path) for _, name, size, path in (line.split(" ", 3) for line in lines)]

    def verified(self, folder):
        """The registry opens, and its history fits."""
        run = self.run(folder, "audit", "verify")
        if run.status != 0:
            raise Fault(f"the history does not fit afterwards: {run}")


def copy(folder, to):
    """A folder as it is, in another place."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def plain(text):
    """Text without what differs from run to run: moments, digests, random names."""
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:?\d\d(:?\d\d)?(Z| UTC)?", "<time>", text)
    text = re.sub(r"(?<=registry\.key\.)[0-9a-f]{16}\b", "<id>", text)
    text = re.sub(r"\b[0-9a-f]{64}\b", "<digest>", text)
    return re.sub(r"\b[0-9a-f]{32}\b", "<id>", text)


def scratch_folder():
    return tempfile.TemporaryDirectory(prefix="payg-faults-")
