"""That the library sees every call that strace sees: what goes past the C
library would neither be killed nor failed."""

import collections
import re
import shutil
import subprocess

import operations
from checks import Findings
from program import Fault, copy

# What each call of the C library is for the kernel.
KERNEL = {"open": "openat", "creat": "openat", "pwrite": "pwrite64", "posix_fallocate": "fallocate"}
TRACED = (
    "write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,ftruncate,truncate,fallocate,fsync,fdatasync,"
    "sync_file_range,msync,open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,"
    "unlinkat,rmdir,mkdir,mkdirat,chmod,fchmod,fchmodat,fchown,chown,fchownat,utimensat,io_uring_setup,splice,vmsplice"
)


def run(program, chance, is_short):
    if not shutil.which("strace"):
        return "left out: strace is not installed"
    findings = Findings()
    for operation in operations.OPERATIONS:
        if not operation.large:
            findings.trial(lambda: compared(program, operations.Stage(program, operation, f"counted-{operation.name}")))
    return findings.report()


def compared(program, stage):
    folder = copy(stage.folder, stage.work)
    log, trace = program.scratch / "counted.log", program.scratch / "counted.trace"
    log.unlink(missing_ok=True)
    variables = program.environment(folder, FAULTS_PROGRAM=program.path.name, FAULTS_LOG=str(log))
    subprocess.run(
        ["strace", "-f", "-y", "-qq", "-s", "0", "-o", trace, "-e", f"trace={TRACED}", "-E",
         f"LD_PRELOAD={program.library}", str(program.path), *stage.operation.command],
        cwd=folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True,
    )
    counted = collections.Counter(
        KERNEL.get(name, name) for _, name, *_ in (line.split(" ") for line in log.read_text().splitlines()))
    seen = collections.Counter()
    for line in trace.read_text().splitlines():
        call = re.match(r"\d+\s+(\w+)\((.*)", line)
        if not call or str(log) in line or "resumed" in line:
            continue
        name, words = call.groups()
        if name in ("open", "openat", "creat") and not re.search(r"O_CREAT|O_TRUNC|O_TMPFILE", words):
            continue
        # Files and folders, and what is told; not the pipes that threads wake each other with.
        if name == "write" and not re.match(r"\d+</", words) and not re.match(r"[12]<", words):
            continue
        seen[name] += 1
    if counted != seen:
        raise Fault(f"{stage.operation.name}: counted and not seen {counted - seen}, seen and not counted {seen - counted}")
    return "as strace sees them"
