-- The registry's first schema. Timestamps are UTC, ISO 8601, to the second.

PRAGMA application_id = 0x70617967; -- "payg"

-- One row: which registry this is, and which master key seals it.
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    registry_id TEXT NOT NULL CHECK (length(registry_id) = 32),
    key_id      BLOB NOT NULL CHECK (length(key_id) = 16),
    created_at  TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;

CREATE TRIGGER registry_kept BEFORE DELETE ON registry BEGIN
    SELECT RAISE(ABORT, 'the registry row is never deleted');
END;

-- One row for each dispatch list that brought units.
CREATE TABLE dispatch (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    unit_count  INTEGER NOT NULL CHECK (unit_count >= 0),
    imported_at TEXT NOT NULL CHECK (imported_at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL
) STRICT;

CREATE INDEX dispatch_sha256 ON dispatch (sha256);

CREATE TRIGGER dispatch_never_changed BEFORE UPDATE ON dispatch BEGIN
    SELECT RAISE(ABORT, 'a dispatch is never changed');
END;

CREATE TRIGGER dispatch_never_deleted BEFORE DELETE ON dispatch BEGIN
    SELECT RAISE(ABORT, 'a dispatch is never deleted');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER dispatch_follows BEFORE INSERT ON dispatch
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM dispatch) BEGIN
    SELECT RAISE(ABORT, 'a dispatch follows the one before it');
END;

CREATE TABLE customer (
    id        INTEGER PRIMARY KEY,
    reference TEXT NOT NULL COLLATE NOCASE UNIQUE
              CHECK (reference <> '' AND reference NOT GLOB '*[^ -~]*'),
    name      TEXT NOT NULL CHECK (name <> ''),
    phone     TEXT CHECK (phone <> '')
) STRICT;

-- One row for each charge controller. `sealed` holds the secret key and the
-- starting code, sealed together for this PAYG ID and for no other.
CREATE TABLE unit (
    id                INTEGER PRIMARY KEY,
    payg_id           TEXT NOT NULL COLLATE NOCASE UNIQUE
                      CHECK (payg_id <> '' AND payg_id NOT GLOB '*[^ -~]*'),
    dispatch_id       INTEGER NOT NULL REFERENCES dispatch (id) DEFERRABLE INITIALLY DEFERRED,
    sealed            BLOB NOT NULL CHECK (length(sealed) >= 49),
    dispatched_count  INTEGER NOT NULL CHECK (dispatched_count BETWEEN 0 AND 9999999),
    -- The count of the last token made, here or wherever tokens were made.
    count             INTEGER NOT NULL CHECK (count BETWEEN dispatched_count AND 9999999),
    time_divider      INTEGER NOT NULL CHECK (time_divider BETWEEN 1 AND 255),
    restricted_digits INTEGER NOT NULL CHECK (restricted_digits IN (0, 1)),
    hardware_model    TEXT CHECK (hardware_model <> ''),
    firmware_version  TEXT CHECK (firmware_version <> ''),
    test_code         TEXT CHECK (length(test_code) = 9 AND test_code NOT GLOB '*[^0-9]*'),
    paid_until        TEXT CHECK (paid_until LIKE '____-__-__T__:__:__Z'),
    -- Who makes the unit's tokens: 'here', or the provider it was handed to.
    authority         TEXT NOT NULL DEFAULT 'here' CHECK (authority <> '' AND instr(CAST(authority AS BLOB), x'00') = 0)
) STRICT;

CREATE INDEX unit_dispatch ON unit (dispatch_id);

CREATE TRIGGER unit_kept BEFORE DELETE ON unit BEGIN
    SELECT RAISE(ABORT, 'a unit is never deleted');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER unit_not_replaced BEFORE INSERT ON unit
WHEN EXISTS (SELECT 1 FROM unit WHERE id = NEW.id OR payg_id = NEW.payg_id) BEGIN
    SELECT RAISE(ABORT, 'a unit is never replaced');
END;

CREATE TRIGGER unit_count_rises BEFORE UPDATE OF count, dispatched_count ON unit
WHEN NEW.count < OLD.count OR NEW.dispatched_count <> OLD.dispatched_count BEGIN
    SELECT RAISE(ABORT, 'a count never goes back');
END;

CREATE TRIGGER unit_named_once BEFORE UPDATE OF id, payg_id, dispatch_id ON unit
WHEN NEW.id <> OLD.id OR NEW.payg_id <> OLD.payg_id COLLATE BINARY OR NEW.dispatch_id <> OLD.dispatch_id BEGIN
    SELECT RAISE(ABORT, 'a unit keeps its name');
END;

-- Who holds a unit, from when to when. A unit has one holder at a time.
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    since       TEXT NOT NULL CHECK (since LIKE '____-__-__T__:__:__Z'),
    until       TEXT CHECK (until LIKE '____-__-__T__:__:__Z')
) STRICT;

CREATE UNIQUE INDEX assignment_open ON assignment (unit_id) WHERE until IS NULL;
CREATE INDEX assignment_unit ON assignment (unit_id);
CREATE INDEX assignment_customer ON assignment (customer_id);

-- Every token ever made here. Rows are only ever added.
CREATE TABLE token (
    id           INTEGER PRIMARY KEY,
    unit_id      INTEGER NOT NULL REFERENCES unit (id),
    count        INTEGER NOT NULL CHECK (count BETWEEN 1 AND 9999999),
    type         TEXT NOT NULL CHECK (type IN ('addTime', 'setTime', 'disablePayg', 'counterSync')),
    -- Days times the time divider; null for the types that carry no time.
    value        INTEGER CHECK (value BETWEEN 0 AND 995),
    time_divider INTEGER NOT NULL CHECK (time_divider BETWEEN 1 AND 255),
    -- Zeros count, so digits are text: 9, or 15 of 1 to 4.
    digits       TEXT NOT NULL CHECK (
                     (length(digits) = 9 AND digits NOT GLOB '*[^0-9]*')
                     OR (length(digits) = 15 AND digits NOT GLOB '*[^1-4]*')
                 ),
    customer_id  INTEGER REFERENCES customer (id),
    reference    TEXT CHECK (reference <> '' AND instr(CAST(reference AS BLOB), x'00') = 0),
    paid_until   TEXT CHECK (paid_until LIKE '____-__-__T__:__:__Z'),
    issued_at    TEXT NOT NULL CHECK (issued_at LIKE '____-__-__T__:__:__Z'),
    actor        TEXT NOT NULL,
    UNIQUE (unit_id, count),
    CHECK ((type = 'addTime') = (count % 2 = 0)),
    CHECK ((type IN ('addTime', 'setTime')) = (value IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX token_reference ON token (reference) WHERE reference IS NOT NULL;
CREATE INDEX token_customer ON token (customer_id) WHERE customer_id IS NOT NULL;

CREATE TRIGGER token_never_changed BEFORE UPDATE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never changed');
END;

CREATE TRIGGER token_never_deleted BEFORE DELETE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never deleted');
END;

-- Also what stops INSERT OR REPLACE, which would delete without asking.
CREATE TRIGGER token_adds BEFORE INSERT ON token BEGIN
    SELECT RAISE(ABORT, 'the tokens of this unit are made elsewhere')
    FROM unit WHERE id = NEW.unit_id AND authority <> 'here';
    SELECT RAISE(ABORT, 'this count is used')
    FROM unit WHERE id = NEW.unit_id AND count >= NEW.count;
    SELECT RAISE(ABORT, 'a token is never replaced')
    WHERE EXISTS (SELECT 1 FROM token WHERE id = NEW.id)
       OR EXISTS (SELECT 1 FROM token WHERE reference = NEW.reference);
END;

-- Every file of credentials that left the registry.
CREATE TABLE export (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    profile     TEXT NOT NULL,
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    unit_count  INTEGER NOT NULL CHECK (unit_count > 0),
    -- Who made the units' tokens from then on.
    authority   TEXT NOT NULL,
    exported_at TEXT NOT NULL CHECK (exported_at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL
) STRICT;

CREATE TABLE export_unit (
    export_id INTEGER NOT NULL REFERENCES export (id) DEFERRABLE INITIALLY DEFERRED,
    unit_id   INTEGER NOT NULL REFERENCES unit (id),
    -- The count in the file.
    count     INTEGER NOT NULL,
    PRIMARY KEY (export_id, unit_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX export_unit_unit ON export_unit (unit_id);

CREATE TRIGGER export_never_changed BEFORE UPDATE ON export BEGIN
    SELECT RAISE(ABORT, 'an export is never changed');
END;

CREATE TRIGGER export_never_deleted BEFORE DELETE ON export BEGIN
    SELECT RAISE(ABORT, 'an export is never deleted');
END;

CREATE TRIGGER export_follows BEFORE INSERT ON export
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM export) BEGIN
    SELECT RAISE(ABORT, 'an export follows the one before it');
END;

CREATE TRIGGER export_unit_never_changed BEFORE UPDATE ON export_unit BEGIN
    SELECT RAISE(ABORT, 'an export is never changed');
END;

CREATE TRIGGER export_unit_never_deleted BEFORE DELETE ON export_unit BEGIN
    SELECT RAISE(ABORT, 'an export is never deleted');
END;

-- The units of an export are written before the export itself.
CREATE TRIGGER export_unit_adds BEFORE INSERT ON export_unit
WHEN EXISTS (SELECT 1 FROM export WHERE id = NEW.export_id)
  OR EXISTS (SELECT 1 FROM export_unit WHERE export_id = NEW.export_id AND unit_id = NEW.unit_id) BEGIN
    SELECT RAISE(ABORT, 'an export is never changed');
END;

-- The audit trail. `hash` is SHA-256 over the hash before and this row's
-- sequence, time, actor, action and detail. `mac` is HMAC-SHA256 over that hash
-- under a key from the key file, for what is done with the key at hand: without
-- the key file, nothing before the last of them can be rewritten unnoticed.
-- The columns after it only find the row.
CREATE TABLE event (
    sequence    INTEGER PRIMARY KEY CHECK (sequence BETWEEN 1 AND 999999999999),
    at          TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    detail      TEXT NOT NULL CHECK (detail LIKE '{%}'),
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    mac         BLOB CHECK (length(mac) = 32),
    unit_id     INTEGER REFERENCES unit (id),
    customer_id INTEGER REFERENCES customer (id),
    dispatch_id INTEGER REFERENCES dispatch (id),
    export_id   INTEGER REFERENCES export (id)
) STRICT;

CREATE INDEX event_unit ON event (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX event_customer ON event (customer_id) WHERE customer_id IS NOT NULL;

CREATE TRIGGER event_never_changed BEFORE UPDATE ON event BEGIN
    SELECT RAISE(ABORT, 'an audit event is never changed');
END;

CREATE TRIGGER event_never_deleted BEFORE DELETE ON event BEGIN
    SELECT RAISE(ABORT, 'an audit event is never deleted');
END;

-- Also what stops INSERT OR REPLACE, which would delete without asking.
CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM event) BEGIN
    SELECT RAISE(ABORT, 'an audit event follows the one before it');
END;
