"""A registry that Litestream copies."""

import os
import secrets
import sqlite3
import subprocess
import sys
import time


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}exit {done.returncode}")
    return done.stdout + done.stderr


def head(path):
    with sqlite3.connect(path) as db:
        return db.execute("SELECT max(sequence) FROM event").fetchone()[0]


class Fleet:
    """A new registry with units, and what Litestream is told about it."""

    def __init__(self, folder, payg, litestream, units, interval):
        self.folder, self.program, self.litestream = folder, payg, litestream
        self.registry, key, self.replica, self.config = (
            os.path.join(folder, name) for name in ("registry.sqlite", "registry.key", "replica", "litestream.yml"))
        self.environment = os.environ | {
            "PAYG_REGISTRY": self.registry, "PAYG_KEY_FILE": key, "PAYG_ACTOR": "litestream"}
        with open(os.path.join(folder, "units.csv"), "w") as file:
            file.write("Serial Number,Starting Code,Key,Count\n")
            for place in range(units):
                file.write(f"LS-{place:06},{secrets.randbelow(10**9):09},{secrets.token_hex(16)},1\n")
        self.payg("init")
        self.payg("import", file.name)
        with open(self.config, "w") as file:
            file.write(
                f"""
                dbs:
                  - path: {self.registry}
                    monitor-interval: {interval}
                    replicas:
                      - type: file
                        path: {self.replica}
                        sync-interval: {interval}
                """
            )

    def payg(self, *words):
        return run(self.program, *words, env=self.environment, cwd=self.folder)

    def copy(self):
        """Starts Litestream, and waits until it has begun a copy."""
        before = self.generations()
        log = open(os.path.join(self.folder, "litestream.log"), "w")
        copier = subprocess.Popen([self.litestream, "replicate", "-config", self.config], stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.generations() - before:
            if time.monotonic() > deadline or copier.poll() is not None:
                sys.exit(f"litestream made no snapshot\n{open(log.name).read()}")
            time.sleep(0.05)
        return copier

    def generations(self):
        folder = os.path.join(self.replica, "generations")
        return set(os.listdir(folder)) if os.path.isdir(folder) else set()

    def restored(self, name):
        """What Litestream has, in a file of its own."""
        path = os.path.join(self.folder, name)
        run(self.litestream, "restore", "-config", self.config, "-o", path, self.registry)
        return path
