-- What issuing as an energy service runs it needs to know of a unit and of a token.

-- The furthest moment that tokens were ever issued for, while it is beyond
-- paid-until: time was removed, and the token that removes it may not have been
-- entered. Null while paid-until is the furthest.
ALTER TABLE unit ADD COLUMN furthest TEXT
    CHECK (furthest LIKE '____-__-__T__:__:__Z' AND (paid_until IS NULL OR furthest > paid_until));
-- Whether the last word to it was that it needs no tokens any more.
ALTER TABLE unit ADD COLUMN unlocked INTEGER NOT NULL DEFAULT 0 CHECK (unlocked IN (0, 1));
-- No token is made for it from then on.
ALTER TABLE unit ADD COLUMN retired_at TEXT CHECK (retired_at LIKE '____-__-__T__:__:__Z');

-- What was asked for, where the tokens do not say it themselves: 'days 7' of a
-- Set Time token, 'until 2026-12-31T00:00:00Z'.
ALTER TABLE token ADD COLUMN request TEXT CHECK (request GLOB 'days ?*' OR request GLOB 'until ????-??-??T??:??:??Z');
-- The first token of the same order; null for the first itself.
ALTER TABLE token ADD COLUMN first_id INTEGER REFERENCES token (id);

-- The audit event that tells of it.
ALTER TABLE token ADD COLUMN event INTEGER REFERENCES event (sequence);
DROP TRIGGER token_never_changed;
UPDATE token SET event = told.sequence
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM token) AS made,
     (SELECT sequence, row_number() OVER (ORDER BY sequence) AS place FROM event WHERE action = 'tokenIssued') AS told
WHERE made.id = token.id AND told.place = made.place;
CREATE TRIGGER token_never_changed BEFORE UPDATE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never changed');
END;

-- Each index is a page more to write for every token. A customer's tokens are
-- among those of the units they held, and a token names its event.
DROP INDEX token_customer;
DROP INDEX event_unit;
DROP INDEX event_customer;
CREATE INDEX event_unit ON event (unit_id) WHERE unit_id IS NOT NULL AND action <> 'tokenIssued';
CREATE INDEX event_customer ON event (customer_id) WHERE customer_id IS NOT NULL AND action <> 'tokenIssued';
CREATE INDEX event_dispatch ON event (dispatch_id) WHERE dispatch_id IS NOT NULL;
CREATE INDEX event_export ON event (export_id) WHERE export_id IS NOT NULL;

CREATE INDEX token_first ON token (first_id) WHERE first_id IS NOT NULL;
-- Who has a token in hand must find whose it is. By days, each of which is
-- looked at: digits alone would have every token write to another page.
CREATE INDEX token_day_digits ON token (substr(issued_at, 1, 10), CAST(digits AS INTEGER));

DROP TRIGGER token_adds;

-- Also what stops INSERT OR REPLACE, which would delete without asking.
CREATE TRIGGER token_adds BEFORE INSERT ON token BEGIN
    SELECT CASE
        WHEN authority <> 'here' THEN RAISE(ABORT, 'the tokens of this unit are made elsewhere')
        WHEN retired_at IS NOT NULL THEN RAISE(ABORT, 'this unit is retired')
        WHEN count >= NEW.count THEN RAISE(ABORT, 'this count is used')
    END
    FROM unit WHERE id = NEW.unit_id;
    SELECT RAISE(ABORT, 'a token is never replaced')
    WHERE EXISTS (SELECT 1 FROM token WHERE id = NEW.id)
       OR EXISTS (SELECT 1 FROM token WHERE reference = NEW.reference);
    SELECT RAISE(ABORT, 'the tokens of one order are for one unit, and the first has its reference')
    WHERE NEW.first_id IS NOT NULL
      AND (NEW.reference IS NOT NULL OR NEW.request IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM token WHERE id = NEW.first_id AND unit_id = NEW.unit_id AND first_id IS NULL));
END;

DROP TRIGGER unit_count_rises;

-- A count set too high by mistake may be set back, but never to where a token
-- was made, or a provider was told to go on from.
CREATE TRIGGER unit_count_never_used_again BEFORE UPDATE OF count, dispatched_count ON unit
WHEN NEW.dispatched_count <> OLD.dispatched_count
  OR NEW.count < OLD.count AND (
        EXISTS (SELECT 1 FROM token WHERE unit_id = OLD.id AND count > NEW.count)
     OR EXISTS (SELECT 1 FROM export_unit WHERE unit_id = OLD.id AND count > NEW.count)
     OR EXISTS (SELECT 1 FROM former_credentials WHERE unit_id = OLD.id AND last_count > NEW.count)) BEGIN
    SELECT RAISE(ABORT, 'a count is never used again');
END;
