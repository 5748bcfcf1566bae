"""What is in a folder: the registry's rows, and the files beside it."""

import hashlib
import pathlib
import sqlite3

from program import Fault, plain

REGISTRY = "registry.sqlite"


def rows(path):
    """Everything that a registry holds, without what differs from run to run."""
    if path.read_bytes()[:16] != b"SQLite format 3\0":
        return {"no database": hashlib.sha256(path.read_bytes()).hexdigest()}
    connection = sqlite3.connect(path)
    try:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Fault(f"{path} has lost its integrity")
        if connection.execute("PRAGMA foreign_key_check").fetchall():
            raise Fault(f"{path} has rows that name missing ones")
        schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
        tables = [name for kind, name, _ in schema if kind == "table" and not name.startswith("sqlite_")]
        held = {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in tables
                if name != "grdb_migrations"}
        held["grdb_migrations"] = connection.execute("SELECT identifier FROM grdb_migrations ORDER BY 1").fetchall()
    finally:
        connection.close()
    # Blobs are sealed with a random nonce, or are digests over what differs.
    masked = {
        name: [tuple(
            f"<{len(value)} bytes>" if isinstance(value, bytes) else plain(value) if isinstance(value, str) else value
            for value in row) for row in table]
        for name, table in held.items()
    }
    return {"schema": schema, **masked}


def content(path):
    """What a file says; of a copy of a registry, what it holds."""
    if path.suffix == ".sqlite":
        try:
            return str(rows(path))
        except sqlite3.Error as error:
            raise Fault(f"{path.name} is not whole: {error}") from None
    return plain(path.read_bytes().decode(errors="replace"))


class State:
    """What a folder holds that lasts: the registry's rows and the whole files."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.rows = rows(folder / REGISTRY) if (folder / REGISTRY).exists() else None
        names = {
            path.name for path in folder.iterdir()
            if path.is_file() and path.name not in {REGISTRY + end for end in ("", "-wal", "-shm")}
        }
        # Names have the time in them, or a key's id.
        self.names = {plain(name) for name in names}
        self.files = {
            plain(name): content(folder / name) for name in names
            if not name.startswith(".") and not name.startswith("registry.key")
        }

    def __eq__(self, other):
        return self.rows == other.rows and self.names == other.names and self.files == other.files

    def count(self, table):
        return len(self.rows[table]) if self.rows else 0

    def differs(self, other):
        """In what it differs from another, for a person to read."""
        if (self.rows is None) != (other.rows is None):
            return "one has no registry"
        tables = [name for name in (self.rows or {}) if self.rows[name] != (other.rows or {}).get(name)]
        names = sorted(self.names ^ other.names)
        files = [name for name in self.files if name in other.files and self.files[name] != other.files[name]]
        return f"tables {tables}, names {names}, files {files}"


def holds_secret(folder, secrets, allowed):
    """The first file that has a credential in the clear, where none may be."""
    for path in sorted(pathlib.Path(folder).iterdir()):
        if path.name in allowed or path.name.startswith("registry.key") or not path.is_file():
            continue
        content = path.read_bytes()
        for secret in secrets:
            if secret in content:
                return path.name
    return None
