-- What is known of a customer beside name and phone, and rules for customers
-- and assignments that hold whoever writes. Rows of before stay as they are:
-- the rules ask only what is written from now on.

ALTER TABLE customer ADD COLUMN language TEXT CHECK (
    language GLOB '[a-z][a-z]' OR language GLOB '[a-z][a-z][a-z]'
    OR language GLOB '[a-z][a-z]-[a-z][a-z]' OR language GLOB '[a-z][a-z][a-z]-[a-z][a-z]'
    OR language GLOB '[a-z][a-z]-[0-9][0-9][0-9]' OR language GLOB '[a-z][a-z][a-z]-[0-9][0-9][0-9]'
);

-- How often name, phone, language or note was changed: each time has an event,
-- though what they were is nobody's business in the history.
ALTER TABLE customer ADD COLUMN changes INTEGER NOT NULL DEFAULT 0 CHECK (changes >= 0);

-- The name in lower case without accents, which is what a search looks in;
-- null where there is none, and then it looks in the name.
ALTER TABLE customer ADD COLUMN folded_name TEXT CHECK (folded_name <> '');

ALTER TABLE customer ADD COLUMN note TEXT CHECK (
    note <> '' AND length(note) <= 512 AND instr(note, char(10)) = 0 AND instr(note, char(13)) = 0
    AND instr(CAST(note AS BLOB), x'00') = 0
);

CREATE TRIGGER customer_kept BEFORE DELETE ON customer BEGIN
    SELECT RAISE(ABORT, 'a customer is never deleted');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER customer_not_replaced BEFORE INSERT ON customer
WHEN EXISTS (SELECT 1 FROM customer WHERE id = NEW.id OR reference = NEW.reference) BEGIN
    SELECT RAISE(ABORT, 'a customer is never replaced');
END;

CREATE TRIGGER customer_begins BEFORE INSERT ON customer
WHEN NEW.changes <> 0 BEGIN
    SELECT RAISE(ABORT, 'a new customer was never changed');
END;

CREATE TRIGGER customer_named_once BEFORE UPDATE OF id, reference ON customer
WHEN NEW.id <> OLD.id OR NEW.reference <> OLD.reference COLLATE BINARY BEGIN
    SELECT RAISE(ABORT, 'a customer keeps its reference');
END;

CREATE TRIGGER customer_changes_counted BEFORE UPDATE OF name, phone, language, note, changes ON customer
WHEN NEW.changes <> OLD.changes + 1 BEGIN
    SELECT RAISE(ABORT, 'a change of a customer is counted');
END;

-- +254712345678, and so comparable. What older versions took as it was typed
-- stays.
CREATE TRIGGER customer_phone_added BEFORE INSERT ON customer
WHEN NEW.phone NOT GLOB '+[1-9]*' OR substr(NEW.phone, 2) GLOB '*[^0-9]*' OR length(NEW.phone) NOT BETWEEN 8 AND 16 BEGIN
    SELECT RAISE(ABORT, 'a phone number is + and 7 to 15 digits');
END;

CREATE TRIGGER customer_phone_changed BEFORE UPDATE OF phone ON customer
WHEN NEW.phone IS NOT OLD.phone COLLATE BINARY
 AND (NEW.phone NOT GLOB '+[1-9]*' OR substr(NEW.phone, 2) GLOB '*[^0-9]*' OR length(NEW.phone) NOT BETWEEN 8 AND 16) BEGIN
    SELECT RAISE(ABORT, 'a phone number is + and 7 to 15 digits');
END;

CREATE TRIGGER assignment_kept BEFORE DELETE ON assignment BEGIN
    SELECT RAISE(ABORT, 'an assignment is never deleted');
END;

-- Also what stops INSERT OR REPLACE, which would delete without asking. A
-- holder has a unit from `since` on and no longer at `until`.
CREATE TRIGGER assignment_adds BEFORE INSERT ON assignment BEGIN
    SELECT RAISE(ABORT, 'an assignment is never replaced')
    WHERE EXISTS (SELECT 1 FROM assignment WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'an assignment ends after it began')
    WHERE NEW.until < NEW.since;
    SELECT RAISE(ABORT, 'a unit has one holder at a time')
    WHERE EXISTS (
        SELECT 1 FROM assignment AS other
        WHERE other.unit_id = NEW.unit_id
          AND (NEW.until IS NULL OR other.since < NEW.until) AND (other.until IS NULL OR NEW.since < other.until)
    );
END;

CREATE TRIGGER assignment_ends_once BEFORE UPDATE ON assignment BEGIN
    SELECT RAISE(ABORT, 'an assignment is only ever ended, and once')
    WHERE OLD.until IS NOT NULL OR NEW.until IS NULL OR NEW.id <> OLD.id OR NEW.unit_id <> OLD.unit_id
       OR NEW.customer_id <> OLD.customer_id OR NEW.since <> OLD.since COLLATE BINARY;
    SELECT RAISE(ABORT, 'an assignment ends after it began')
    WHERE NEW.until < NEW.since;
    SELECT RAISE(ABORT, 'a unit has one holder at a time')
    WHERE EXISTS (
        SELECT 1 FROM assignment AS other
        WHERE other.unit_id = NEW.unit_id AND other.id <> OLD.id
          AND other.since < NEW.until AND (other.until IS NULL OR NEW.since < other.until)
    );
END;
