-- What the same file can be made from again, and the names that a provider
-- gave its products.

-- The profile as it was written then; null where an older version did not keep it.
ALTER TABLE export ADD COLUMN profile_text TEXT CHECK (profile_text <> '');
-- The products' names in the file, as JSON.
ALTER TABLE export ADD COLUMN products TEXT CHECK (products LIKE '{%}');
-- SHA-256 of the file as it was sent, where it was encrypted; sha256 is of what
-- the provider reads.
ALTER TABLE export ADD COLUMN encrypted_sha256 TEXT CHECK (length(encrypted_sha256) = 64);

-- What the file told of the customer, where it did, as JSON: they may be called
-- otherwise by now.
ALTER TABLE export_unit ADD COLUMN customer TEXT CHECK (customer LIKE '{%}');

-- The units of an export are written before the export itself, and none is
-- added to it later. (It asked two questions for every unit, and one says it.)
DROP TRIGGER export_unit_adds;
CREATE TRIGGER export_unit_adds BEFORE INSERT ON export_unit
WHEN NEW.export_id <= (SELECT max(id) FROM export) BEGIN
    SELECT RAISE(ABORT, 'an export is never changed');
END;

CREATE TRIGGER export_counts_its_units BEFORE INSERT ON export
WHEN NEW.unit_count <> (SELECT count(*) FROM export_unit WHERE export_id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'an export counts its units');
END;

-- A unit is looked for in each export, of which there are few: an index would
-- be written for every unit of a fleet.
DROP INDEX export_unit_unit;

DROP TRIGGER unit_count_never_used_again;

-- A count set too high by mistake may be set back, but never to where a token
-- was made, nor to where a provider was told to go on from, unless that
-- provider gives the unit back and says that it is behind.
CREATE TRIGGER unit_count_never_used_again BEFORE UPDATE OF count, dispatched_count ON unit
WHEN NEW.dispatched_count <> OLD.dispatched_count
  OR NEW.count < OLD.count AND (
        EXISTS (SELECT 1 FROM token WHERE unit_id = OLD.id AND count > NEW.count)
     OR (OLD.authority = 'here' OR NEW.authority <> 'here') AND EXISTS (
            SELECT 1 FROM export CROSS JOIN export_unit ON export_unit.export_id = export.id
            WHERE export_unit.unit_id = OLD.id AND export_unit.count > NEW.count)
     OR EXISTS (SELECT 1 FROM former_credentials WHERE unit_id = OLD.id AND last_count > NEW.count)) BEGIN
    SELECT RAISE(ABORT, 'a count is never used again');
END;

-- What a provider calls its products, by profile and the product's key in it.
CREATE TABLE product_name (
    profile TEXT NOT NULL CHECK (profile <> '' AND profile NOT GLOB '*[^a-z0-9-]*'),
    product TEXT NOT NULL CHECK (product <> '' AND product NOT GLOB '*[^a-z0-9-]*'),
    name    TEXT NOT NULL CHECK (name <> '' AND instr(CAST(name AS BLOB), x'00') = 0),
    PRIMARY KEY (profile, product)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER product_name_kept BEFORE DELETE ON product_name BEGIN
    SELECT RAISE(ABORT, 'the name of a product is changed, never deleted');
END;
