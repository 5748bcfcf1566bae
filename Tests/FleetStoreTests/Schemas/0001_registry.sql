-- A registry of the schema 0001_registry, made by scripts/keep-schema with the program of that time.
-- Its key is public with this file, and seals nothing but the invented units in it.
-- key 03ec42a9d0a66e9521ba1911050caedebe8e909922ad8c2199a3eb6ee9187a16
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1885436263;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('0001_registry');
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    registry_id TEXT NOT NULL CHECK (length(registry_id) = 32),
    key_id      BLOB NOT NULL CHECK (length(key_id) = 16),
    created_at  TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO registry VALUES(1,'ddfec3f0c1152ed863aef394bbe5e22c',X'4b42207659c7180cf4f997aaed8ef64b','2026-11-23T05:30:04Z');
CREATE TABLE dispatch (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    unit_count  INTEGER NOT NULL CHECK (unit_count >= 0),
    imported_at TEXT NOT NULL CHECK (imported_at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL
) STRICT;
INSERT INTO dispatch VALUES(1,'list.csv','3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802',5,'2026-11-23T05:30:04Z','Keeper');
CREATE TABLE customer (
    id        INTEGER PRIMARY KEY,
    reference TEXT NOT NULL COLLATE NOCASE UNIQUE
              CHECK (reference <> '' AND reference NOT GLOB '*[^ -~]*'),
    name      TEXT NOT NULL CHECK (name <> ''),
    phone     TEXT CHECK (phone <> '')
) STRICT;
INSERT INTO customer VALUES(1,'K-1','Amina Otieno','+254 712 000 101');
INSERT INTO customer VALUES(2,'K-2','José',NULL);
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
INSERT INTO unit VALUES(1,'KEPT-1',1,X'01f33f7e592a5d08b8a2357355fbed692e153cfabe706f50419ca5af7e368b99f881d2e1e1e9ac4d768b3daa944be498c8',1,4,1,0,'CSC-10','1.0',NULL,'2026-12-30T05:30:04Z','here');
INSERT INTO unit VALUES(2,'KEPT-2',1,X'01e040dceb23b2c64f07cc68bd361801243669b82f28a4e23fb74c6744d081e9b065ed4eb7f9783f013f8bb30e88f4a855',3,4,24,1,'CSC-20','1.1',NULL,'2026-11-25T05:30:04Z','here');
INSERT INTO unit VALUES(3,'KEPT-3',1,X'01c33682499976e721d0f5e2d315f565942187d73e973fcc3c1b585825cc0e8238cfd6eeabf1e3c0b674a9d9d1860b2f18',1,2,1,0,NULL,NULL,NULL,'2026-11-24T05:30:04Z','here');
INSERT INTO unit VALUES(4,'KEPT-4',1,X'0137f13054c90b6a4ddbb6929ac81adb20dca610220a6ba09e341208cba6ef22b6607e21c621e3d3ff8325c5e7c7533e5f',9,12,1,0,NULL,NULL,NULL,NULL,'here');
INSERT INTO unit VALUES(5,'KEPT-5',1,X'011ceae186b7456e5dd07782168bbd8f353655a8faf5a914c3a0ddf53a0709e280d377b2a3c463aa64f542a9226cb474a4',1,1,1,0,NULL,NULL,NULL,NULL,'here');
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    since       TEXT NOT NULL CHECK (since LIKE '____-__-__T__:__:__Z'),
    until       TEXT CHECK (until LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO assignment VALUES(1,1,1,'2026-11-23T05:30:04Z',NULL);
INSERT INTO assignment VALUES(2,2,2,'2026-11-23T05:30:04Z','2026-11-23T05:30:04Z');
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
INSERT INTO token VALUES(1,1,2,'addTime',30,1,'399845819',1,'MP-1','2026-12-23T05:30:04Z','2026-11-23T05:30:04Z','Keeper');
INSERT INTO token VALUES(2,1,4,'addTime',7,1,'395084796',1,NULL,'2026-12-30T05:30:04Z','2026-11-23T05:30:04Z','Keeper');
INSERT INTO token VALUES(3,2,4,'addTime',48,24,'231441334311433',NULL,'MP-2','2026-11-25T05:30:04Z','2026-11-23T05:30:04Z','Keeper');
INSERT INTO token VALUES(4,3,2,'addTime',1,1,'221430302',NULL,NULL,'2026-11-24T05:30:04Z','2026-11-23T05:30:04Z','Keeper');
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
INSERT INTO export VALUES(1,'paygops','out.csv','58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951',1,'paygops','2026-11-23T05:30:04Z','Keeper');
CREATE TABLE export_unit (
    export_id INTEGER NOT NULL REFERENCES export (id) DEFERRABLE INITIALLY DEFERRED,
    unit_id   INTEGER NOT NULL REFERENCES unit (id),
    -- The count in the file.
    count     INTEGER NOT NULL,
    PRIMARY KEY (export_id, unit_id)
) STRICT, WITHOUT ROWID;
INSERT INTO export_unit VALUES(1,4,9);
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
INSERT INTO event VALUES(1,'2026-11-23T05:30:04Z','Keeper','registryCreated','{"keyID":"4b42207659c7180cf4f997aaed8ef64b","registry":"ddfec3f0c1152ed863aef394bbe5e22c"}',X'f42f07c941526f19b5d83a47a3b63ac7a5f33614c8d24907abfcb9e770740a55',X'c4e94c16688fa2327cde4cf4de89dc7501b44a4f3324f60f6b6670618388d9eb',NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(2,'2026-11-23T05:30:04Z','Keeper','dispatchImported','{"added":5,"dispatch":1,"file":"list.csv","sha256":"3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802","unchanged":0,"unitsSHA256":"b4bf03ce867d713c74ebcf80f8fdeb1324a71631d4aa1929dd7bb470314844a9"}',X'eca2c5ab7b0525df2238ac0184c6dc525fff99f37c45321a2bccf00e652ce994',X'6a6ac005bbc7bcd20383dc9681c87ae4cc85948529b9bb72aaa46b74f4cf80bc',NULL,NULL,1,NULL);
INSERT INTO event VALUES(3,'2026-11-23T05:30:04Z','Keeper','customerAdded','{"customer":"K-1"}',X'c040567690e64e2efb673cea750a55198b62bbda8a144b5a87166e425e88f927',NULL,NULL,1,NULL,NULL);
INSERT INTO event VALUES(4,'2026-11-23T05:30:04Z','Keeper','customerAdded','{"customer":"K-2"}',X'935e420c95406c90f68bc1beef152e008eb8f66c49ef77de29107841a0b939be',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(5,'2026-11-23T05:30:04Z','Keeper','unitAssigned','{"customer":"K-1","unit":"KEPT-1"}',X'b3a1be5417cc828b925eeec731100be0fe838e4e6e32a9cab82bb640b27cdd38',NULL,1,1,NULL,NULL);
INSERT INTO event VALUES(6,'2026-11-23T05:30:04Z','Keeper','tokenIssued','{"count":2,"customer":"K-1","paidUntil":"2026-12-23T05:30:04Z","reference":"MP-1","timeDivider":1,"token":"399845819","type":"addTime","unit":"KEPT-1","value":30}',X'ca94d6b9763b4a15fcd4ea50502f94b87c4a6d0a358fbf363fe97a85189b698d',X'44916efc8e5a767b2da57df60dbba219a7f6558062a9bba35885a3064a5e8a55',1,1,NULL,NULL);
INSERT INTO event VALUES(7,'2026-11-23T05:30:04Z','Keeper','tokenIssued','{"count":4,"customer":"K-1","paidUntil":"2026-12-30T05:30:04Z","timeDivider":1,"token":"395084796","type":"addTime","unit":"KEPT-1","value":7}',X'd063ddc2fa7dd317231f00ce781d70e2a231f0385e49ceaf845e753633edad5f',X'14577eee7932619c8ae3c005f36f88ce1065bb5ca5f11f29da42c3d73d67d63c',1,1,NULL,NULL);
INSERT INTO event VALUES(8,'2026-11-23T05:30:04Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-25T05:30:04Z","reference":"MP-2","timeDivider":24,"token":"231441334311433","type":"addTime","unit":"KEPT-2","value":48}',X'b951426cadbd76095d6a9ca9b400e7dc473cfebdb0776306beb7504563fd38b2',X'4d960ee006158193976c2c6d444d3c67594c3fd612c6112aae9fb5f828b19555',2,NULL,NULL,NULL);
INSERT INTO event VALUES(9,'2026-11-23T05:30:04Z','Keeper','unitAssigned','{"customer":"K-2","unit":"KEPT-2"}',X'c29da465b6a150a2bdf61793c769a50e1d581a6ce72e8a743e3c8ab923b5c545',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(10,'2026-11-23T05:30:04Z','Keeper','unitUnassigned','{"customer":"K-2","unit":"KEPT-2"}',X'bcf815cb3ecbb57da2b0407f4abb54ba72171ee4a30a24a61d36f383f2be9688',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(11,'2026-11-23T05:30:04Z','Keeper','tokenIssued','{"count":2,"paidUntil":"2026-11-24T05:30:04Z","timeDivider":1,"token":"221430302","type":"addTime","unit":"KEPT-3","value":1}',X'3151c8192596664dfae75811316a3d20f24801fe66539a51cacc5459e5bb51f5',X'142d434497a27a1d4c62376886ae376551fec8a792cf2f8aa9839943d9b77b88',3,NULL,NULL,NULL);
INSERT INTO event VALUES(12,'2026-11-23T05:30:04Z','Keeper','credentialsExported','{"authority":"paygops","export":1,"file":"out.csv","profile":"paygops","sha256":"58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951","units":1,"unitsSHA256":"eddfc9b7faa1eefc4936bfd3c48bc0fa751dfd46b9a8c32f21ef45d3958945ac"}',X'8a648b06116cd2ab35b8e9517083288065c3a34125212e57862b4392eaa00e21',X'37cd1638fa02597a6d42321932a307737a38b2a2e4ff4f96fb980a813bd6dca4',NULL,NULL,NULL,1);
INSERT INTO event VALUES(13,'2026-11-23T05:30:05Z','Keeper','unitReclaimed','{"count":12,"from":"paygops","reason":"the contract ended","unit":"KEPT-4"}',X'713f308e623b784617af10541ec798e20b0fcf048cee2b003c50f61d9bd7d4a9',X'84d2d9f91052bf1fbc9fed8f58d96c6aacf0cfd5da647dd265c384ca91ad3814',4,NULL,NULL,NULL);
CREATE TRIGGER registry_kept BEFORE DELETE ON registry BEGIN
    SELECT RAISE(ABORT, 'the registry row is never deleted');
END;
CREATE INDEX dispatch_sha256 ON dispatch (sha256);
CREATE TRIGGER dispatch_never_changed BEFORE UPDATE ON dispatch BEGIN
    SELECT RAISE(ABORT, 'a dispatch is never changed');
END;
CREATE TRIGGER dispatch_never_deleted BEFORE DELETE ON dispatch BEGIN
    SELECT RAISE(ABORT, 'a dispatch is never deleted');
END;
CREATE TRIGGER dispatch_follows BEFORE INSERT ON dispatch
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM dispatch) BEGIN
    SELECT RAISE(ABORT, 'a dispatch follows the one before it');
END;
CREATE INDEX unit_dispatch ON unit (dispatch_id);
CREATE TRIGGER unit_kept BEFORE DELETE ON unit BEGIN
    SELECT RAISE(ABORT, 'a unit is never deleted');
END;
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
CREATE UNIQUE INDEX assignment_open ON assignment (unit_id) WHERE until IS NULL;
CREATE INDEX assignment_unit ON assignment (unit_id);
CREATE INDEX assignment_customer ON assignment (customer_id);
CREATE UNIQUE INDEX token_reference ON token (reference) WHERE reference IS NOT NULL;
CREATE INDEX token_customer ON token (customer_id) WHERE customer_id IS NOT NULL;
CREATE TRIGGER token_never_changed BEFORE UPDATE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never changed');
END;
CREATE TRIGGER token_never_deleted BEFORE DELETE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never deleted');
END;
CREATE TRIGGER token_adds BEFORE INSERT ON token BEGIN
    SELECT RAISE(ABORT, 'the tokens of this unit are made elsewhere')
    FROM unit WHERE id = NEW.unit_id AND authority <> 'here';
    SELECT RAISE(ABORT, 'this count is used')
    FROM unit WHERE id = NEW.unit_id AND count >= NEW.count;
    SELECT RAISE(ABORT, 'a token is never replaced')
    WHERE EXISTS (SELECT 1 FROM token WHERE id = NEW.id)
       OR EXISTS (SELECT 1 FROM token WHERE reference = NEW.reference);
END;
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
CREATE TRIGGER export_unit_adds BEFORE INSERT ON export_unit
WHEN EXISTS (SELECT 1 FROM export WHERE id = NEW.export_id)
  OR EXISTS (SELECT 1 FROM export_unit WHERE export_id = NEW.export_id AND unit_id = NEW.unit_id) BEGIN
    SELECT RAISE(ABORT, 'an export is never changed');
END;
CREATE INDEX event_unit ON event (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX event_customer ON event (customer_id) WHERE customer_id IS NOT NULL;
CREATE TRIGGER event_never_changed BEFORE UPDATE ON event BEGIN
    SELECT RAISE(ABORT, 'an audit event is never changed');
END;
CREATE TRIGGER event_never_deleted BEFORE DELETE ON event BEGIN
    SELECT RAISE(ABORT, 'an audit event is never deleted');
END;
CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM event) BEGIN
    SELECT RAISE(ABORT, 'an audit event follows the one before it');
END;
COMMIT;
