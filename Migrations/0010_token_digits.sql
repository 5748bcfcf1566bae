-- What a token costs to put on record: no page of an index, and no table that
-- SQLite sets up to look for one of four words.

-- Which tokens have certain digits, by blocks of 4 096 tokens. An index by digits
-- would have every token write to another page; here they are written once in
-- a block, and the tokens after the last block are few enough to look at.
CREATE TABLE token_digits (
    -- The ids of its tokens, divided by 4 096 and rounded up.
    block    INTEGER NOT NULL CHECK (block > 0),
    digits   INTEGER NOT NULL,
    token_id INTEGER NOT NULL REFERENCES token (id),
    PRIMARY KEY (block, digits, token_id)
) STRICT, WITHOUT ROWID;

DROP INDEX token_day_digits;

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

-- The check says the same as before, and a table with millions of tokens is
-- not written anew for that.
-- Source: https://www.sqlite.org/lang_altertable.html, “Making Other Kinds Of
-- Table Schema Changes”, of changes to constraints.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(
    sql, 'type IN (''addTime'', ''setTime'', ''disablePayg'', ''counterSync'')',
    'type = ''addTime'' OR type = ''setTime'' OR type = ''disablePayg'' OR type = ''counterSync''')
WHERE type = 'table' AND name = 'token';
PRAGMA writable_schema = RESET;
