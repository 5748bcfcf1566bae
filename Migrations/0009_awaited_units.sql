-- Units that a registry had which an older copy replaced, and that the copy
-- does not have: the list that brought them was imported in between. When it
-- is imported again, they go on from these counts, with these makers.
CREATE TABLE awaited_unit (
    payg_id   TEXT NOT NULL COLLATE NOCASE PRIMARY KEY CHECK (payg_id <> '' AND payg_id NOT GLOB '*[^ -~]*'),
    count     INTEGER NOT NULL CHECK (count BETWEEN 0 AND 9999999),
    authority TEXT NOT NULL CHECK (authority <> '' AND instr(CAST(authority AS BLOB), x'00') = 0)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER awaited_unit_kept BEFORE DELETE ON awaited_unit BEGIN
    SELECT RAISE(ABORT, 'an awaited unit is never forgotten');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER awaited_unit_not_replaced BEFORE INSERT ON awaited_unit
WHEN EXISTS (SELECT 1 FROM awaited_unit WHERE payg_id = NEW.payg_id) BEGIN
    SELECT RAISE(ABORT, 'an awaited unit is never replaced');
END;

CREATE TRIGGER awaited_unit_count_rises BEFORE UPDATE ON awaited_unit
WHEN NEW.count < OLD.count OR NEW.payg_id <> OLD.payg_id COLLATE BINARY BEGIN
    SELECT RAISE(ABORT, 'the count of an awaited unit never goes back');
END;
