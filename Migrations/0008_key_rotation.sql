-- Master keys that the registry had before. What was sealed under them is
-- sealed under the registry's key by now; what was authenticated under them
-- cannot be anew, so that the key which did it is kept, sealed under the
-- registry's.
CREATE TABLE former_key (
    id     INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    key_id BLOB NOT NULL UNIQUE CHECK (length(key_id) = 16),
    sealed BLOB NOT NULL CHECK (length(sealed) >= 61)
) STRICT;

CREATE TRIGGER former_key_never_changed BEFORE UPDATE ON former_key BEGIN
    SELECT RAISE(ABORT, 'a former key is never changed');
END;

CREATE TRIGGER former_key_never_deleted BEFORE DELETE ON former_key BEGIN
    SELECT RAISE(ABORT, 'a former key is never deleted');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER former_key_follows BEFORE INSERT ON former_key
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM former_key)
  OR EXISTS (SELECT 1 FROM former_key WHERE key_id = NEW.key_id) BEGIN
    SELECT RAISE(ABORT, 'a former key follows the one before it');
END;

CREATE TRIGGER registry_key_kept BEFORE UPDATE OF key_id ON registry
WHEN NEW.key_id <> OLD.key_id AND NOT EXISTS (SELECT 1 FROM former_key WHERE key_id = OLD.key_id) BEGIN
    SELECT RAISE(ABORT, 'a key is changed only once it was put away');
END;
