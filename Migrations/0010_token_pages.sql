-- What a token costs to put on record: the page of its unit, the last pages of the
-- tokens and the events, and the page of its reference, if it has one. An index by
-- units, or by digits, would have each token written to one more page, somewhere
-- among all of them.

-- They are made anew below. A registry that lacks one of them is brought forward, too.
DROP TRIGGER IF EXISTS token_adds;
DROP TRIGGER IF EXISTS token_never_changed;
DROP TRIGGER IF EXISTS token_never_deleted;
DROP TRIGGER IF EXISTS unit_count_never_used_again;
DROP TRIGGER IF EXISTS unit_not_replaced;
DROP TRIGGER IF EXISTS unit_named_once;
DROP TRIGGER IF EXISTS customer_named_once;

-- Views, tables and other tables' triggers that speak of the tokens go on speaking
-- of them; what others hung on the table itself goes with it.
-- Source: https://www.sqlite.org/lang_altertable.html, “ALTER TABLE RENAME”.
PRAGMA legacy_alter_table = ON;
ALTER TABLE token RENAME TO former_token;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX former_token_unit ON former_token (unit_id);

-- Every token ever made here. Rows are only ever added.
CREATE TABLE token (
    id           INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999999),
    unit_id      INTEGER NOT NULL REFERENCES unit (id),
    -- Above the unit's count before, which is not below that of its last token:
    -- no count is used twice.
    count        INTEGER NOT NULL CHECK (count BETWEEN 1 AND 9999999),
    -- IN would set up a table of these words for every row.
    type         TEXT NOT NULL CHECK (type = 'addTime' OR type = 'setTime' OR type = 'disablePayg' OR type = 'counterSync'),
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
    -- What was asked for, where the tokens do not say it themselves: 'days 7' of a
    -- Set Time token, 'until 2026-12-31T00:00:00Z'.
    request      TEXT CHECK (request GLOB 'days ?*' OR request GLOB 'until ????-??-??T??:??:??Z'),
    -- The first token of the same order; null for the first itself.
    first_id     INTEGER REFERENCES token (id),
    -- The audit event that tells of it.
    event        INTEGER REFERENCES event (sequence),
    -- The step of a test plan that it was made for; null for every other.
    test         TEXT CHECK (test <> '' AND length(test) <= 8 AND test NOT GLOB '*[^A-Z0-9]*'),
    -- The unit's token before this one; null for its first. The unit names its
    -- last, and so they are found from there. The trigger sees to it that it is
    -- one: a reference would have an old page looked up for every token.
    previous_id  INTEGER CHECK (previous_id < id),
    CHECK ((type = 'addTime') = (count % 2 = 0)),
    CHECK ((type IN ('addTime', 'setTime')) = (value IS NOT NULL))
) STRICT;

INSERT INTO token
SELECT id, unit_id, count, type, value, time_divider, digits, customer_id, reference, paid_until, issued_at, actor,
       request, first_id, event, test,
       (SELECT max(earlier.id) FROM former_token AS earlier INDEXED BY former_token_unit
        WHERE earlier.unit_id = former_token.unit_id AND earlier.id < former_token.id)
FROM former_token ORDER BY id;

ALTER TABLE unit ADD COLUMN last_token_id INTEGER;
-- Its count again, for no count may be set to one below it.
ALTER TABLE unit ADD COLUMN last_token_count INTEGER
    CHECK (last_token_count <= count AND (last_token_count IS NULL) = (last_token_id IS NULL));

-- A count that was set below one that was used goes up to it.
UPDATE unit
SET last_token_id = told.id, last_token_count = told.count, count = max(unit.count, told.count)
FROM (SELECT unit_id, max(id) AS id, max(count) AS count FROM former_token GROUP BY unit_id) AS told
WHERE unit.id = told.unit_id;

DROP TABLE former_token;

CREATE UNIQUE INDEX token_reference ON token (reference) WHERE reference IS NOT NULL;
CREATE INDEX token_first ON token (first_id) WHERE first_id IS NOT NULL;

CREATE TRIGGER token_never_changed BEFORE UPDATE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never changed');
END;

CREATE TRIGGER token_never_deleted BEFORE DELETE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never deleted');
END;

-- Also what stops INSERT OR REPLACE, which would delete without asking. An id that
-- is left to SQLite is -1 here.
CREATE TRIGGER token_adds BEFORE INSERT ON token BEGIN
    SELECT CASE
        WHEN retired_at IS NOT NULL THEN RAISE(ABORT, 'this unit is retired')
        WHEN count >= NEW.count THEN RAISE(ABORT, 'this count is used')
        WHEN last_token_id IS NOT NEW.previous_id THEN RAISE(ABORT, 'a token follows the last one of its unit')
    END
    FROM unit WHERE id = NEW.unit_id;
    SELECT RAISE(ABORT, 'the tokens of this unit are made elsewhere')
    WHERE EXISTS (SELECT 1 FROM handed_over WHERE unit_id = NEW.unit_id);
    SELECT RAISE(ABORT, 'a token follows the one before it')
    WHERE NEW.id <> -1 AND NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM token);
    SELECT RAISE(ABORT, 'a token is never replaced')
    WHERE EXISTS (SELECT 1 FROM token WHERE reference = NEW.reference);
    SELECT RAISE(ABORT, 'the tokens of one order are for one unit, and the first has its reference')
    WHERE NEW.first_id IS NOT NULL
      AND (NEW.reference IS NOT NULL OR NEW.request IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM token WHERE id = NEW.first_id AND unit_id = NEW.unit_id AND first_id IS NULL));
END;

-- Whoever adds it: its count is used from then on, it is the unit's last, and the
-- unit is paid for until then. Nobody pays for a test.
CREATE TRIGGER token_uses_count AFTER INSERT ON token BEGIN
    UPDATE unit
    SET count = NEW.count, last_token_id = NEW.id, last_token_count = NEW.count,
        paid_until = iif(NEW.test IS NULL, NEW.paid_until, paid_until),
        furthest = iif(NEW.test IS NULL AND furthest <= NEW.paid_until, NULL, furthest)
    WHERE id = NEW.unit_id;
    SELECT RAISE(ABORT, 'a token uses a count of a unit that is there') WHERE changes() <> 1;
END;

CREATE TRIGGER unit_last_token BEFORE UPDATE OF last_token_id, last_token_count ON unit
WHEN NOT EXISTS (SELECT 1 FROM token
                 WHERE id = NEW.last_token_id AND unit_id = OLD.id AND previous_id IS OLD.last_token_id
                   AND count = NEW.last_token_count) BEGIN
    SELECT RAISE(ABORT, 'the last token of a unit is the one that was made last');
END;

-- INSERT OR REPLACE deletes without asking the trigger that keeps units.
CREATE TRIGGER unit_not_replaced BEFORE INSERT ON unit
WHEN NEW.last_token_id IS NOT NULL OR EXISTS (SELECT 1 FROM unit WHERE id = NEW.id OR payg_id = NEW.payg_id) BEGIN
    SELECT RAISE(ABORT, 'a unit is never replaced, and a new one names no token');
END;

-- A row has its number by other names, too.
CREATE TRIGGER unit_named_once BEFORE UPDATE OF id, rowid, oid, _rowid_, payg_id, dispatch_id ON unit
WHEN NEW.id <> OLD.id OR NEW.payg_id <> OLD.payg_id COLLATE BINARY OR NEW.dispatch_id <> OLD.dispatch_id BEGIN
    SELECT RAISE(ABORT, 'a unit keeps its name');
END;

CREATE TRIGGER customer_named_once BEFORE UPDATE OF id, rowid, oid, _rowid_, reference ON customer
WHEN NEW.id <> OLD.id OR NEW.reference <> OLD.reference COLLATE BINARY BEGIN
    SELECT RAISE(ABORT, 'a customer keeps its reference');
END;

-- A count set too high by mistake may be set back, but never to where a token
-- was made, nor to where a provider was told to go on from, unless that
-- provider, who still has the unit, says that it is behind.
CREATE TRIGGER unit_count_never_used_again BEFORE UPDATE OF count, dispatched_count ON unit
WHEN NEW.dispatched_count <> OLD.dispatched_count
  OR NEW.count < OLD.count AND (
        OLD.last_token_count > NEW.count
     OR NOT EXISTS (SELECT 1 FROM handed_over WHERE unit_id = OLD.id) AND EXISTS (
            SELECT 1 FROM export CROSS JOIN export_unit ON export_unit.export_id = export.id
            WHERE export_unit.unit_id = OLD.id AND export_unit.count > NEW.count)
     OR EXISTS (SELECT 1 FROM former_credentials WHERE unit_id = OLD.id AND last_count > NEW.count)) BEGIN
    SELECT RAISE(ABORT, 'a count is never used again');
END;

-- Which tokens have certain digits, by blocks of 4 096 tokens, each written once.
-- The tokens after the last block are few enough to look at.
CREATE TABLE token_digits (
    -- The ids of its tokens, divided by 4 096 and rounded up.
    block    INTEGER NOT NULL CHECK (block > 0),
    digits   INTEGER NOT NULL,
    token_id INTEGER NOT NULL REFERENCES token (id),
    PRIMARY KEY (block, digits, token_id)
) STRICT, WITHOUT ROWID;

INSERT INTO token_digits
SELECT (id + 4095) / 4096, CAST(digits AS INTEGER), id FROM token
WHERE id <= (SELECT max(id) / 4096 * 4096 FROM token);

CREATE TRIGGER token_ends_block AFTER INSERT ON token WHEN NEW.id % 4096 = 0 BEGIN
    INSERT INTO token_digits
    SELECT (id + 4095) / 4096, CAST(digits AS INTEGER), id FROM token
    WHERE id > (SELECT coalesce(max(block), 0) * 4096 FROM token_digits);
END;

CREATE TRIGGER token_digits_never_changed BEFORE UPDATE ON token_digits BEGIN
    SELECT RAISE(ABORT, 'the digits of a token are never changed');
END;

CREATE TRIGGER token_digits_never_deleted BEFORE DELETE ON token_digits BEGIN
    SELECT RAISE(ABORT, 'the digits of a token are never deleted');
END;
