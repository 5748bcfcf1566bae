-- Who makes a unit's tokens: the provider that an export handed it to, as long
-- as there is a row here, and the registry itself otherwise. In the unit's own
-- row it had every row of a fleet written anew, each a little longer than the
-- page had room for.
CREATE TABLE handed_over (
    unit_id   INTEGER PRIMARY KEY REFERENCES unit (id),
    -- The last export that told the provider of it.
    export_id INTEGER,
    -- The provider, where that export is not in the registry: an older copy of
    -- it was put in its place.
    provider  TEXT CHECK (provider NOT IN ('', 'here') AND instr(CAST(provider AS BLOB), x'00') = 0),
    FOREIGN KEY (export_id, unit_id) REFERENCES export_unit (export_id, unit_id),
    CHECK ((export_id IS NULL) = (provider IS NOT NULL))
) STRICT;

INSERT INTO handed_over (unit_id, export_id)
SELECT unit.id, (SELECT max(export.id) FROM export CROSS JOIN export_unit ON export_id = export.id
                 WHERE unit_id = unit.id AND export.authority = unit.authority)
FROM unit WHERE authority <> 'here';

CREATE TRIGGER handed_over_later BEFORE UPDATE ON handed_over
WHEN NEW.unit_id <> OLD.unit_id OR NEW.export_id <= OLD.export_id BEGIN
    SELECT RAISE(ABORT, 'a unit is handed over by its last export');
END;

CREATE TRIGGER export_copies_hand_over_nothing BEFORE INSERT ON export
WHEN NEW.authority = 'here' AND EXISTS (SELECT 1 FROM handed_over WHERE export_id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'a copy hands nothing over');
END;

DROP TRIGGER IF EXISTS token_adds;
DROP TRIGGER IF EXISTS unit_count_never_used_again;

ALTER TABLE unit DROP COLUMN authority;

-- Also what stops INSERT OR REPLACE, which would delete without asking.
CREATE TRIGGER token_adds BEFORE INSERT ON token BEGIN
    SELECT CASE
        WHEN retired_at IS NOT NULL THEN RAISE(ABORT, 'this unit is retired')
        WHEN count >= NEW.count THEN RAISE(ABORT, 'this count is used')
    END
    FROM unit WHERE id = NEW.unit_id;
    SELECT RAISE(ABORT, 'the tokens of this unit are made elsewhere')
    WHERE EXISTS (SELECT 1 FROM handed_over WHERE unit_id = NEW.unit_id);
    SELECT RAISE(ABORT, 'a token is never replaced')
    WHERE EXISTS (SELECT 1 FROM token WHERE id = NEW.id)
       OR EXISTS (SELECT 1 FROM token WHERE reference = NEW.reference);
    SELECT RAISE(ABORT, 'the tokens of one order are for one unit, and the first has its reference')
    WHERE NEW.first_id IS NOT NULL
      AND (NEW.reference IS NOT NULL OR NEW.request IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM token WHERE id = NEW.first_id AND unit_id = NEW.unit_id AND first_id IS NULL));
END;

-- A count set too high by mistake may be set back, but never to where a token
-- was made, nor to where a provider was told to go on from, unless that
-- provider, who still has the unit, says that it is behind.
CREATE TRIGGER unit_count_never_used_again BEFORE UPDATE OF count, dispatched_count ON unit
WHEN NEW.dispatched_count <> OLD.dispatched_count
  OR NEW.count < OLD.count AND (
        EXISTS (SELECT 1 FROM token WHERE unit_id = OLD.id AND count > NEW.count)
     OR NOT EXISTS (SELECT 1 FROM handed_over WHERE unit_id = OLD.id) AND EXISTS (
            SELECT 1 FROM export CROSS JOIN export_unit ON export_unit.export_id = export.id
            WHERE export_unit.unit_id = OLD.id AND export_unit.count > NEW.count)
     OR EXISTS (SELECT 1 FROM former_credentials WHERE unit_id = OLD.id AND last_count > NEW.count)) BEGIN
    SELECT RAISE(ABORT, 'a count is never used again');
END;
