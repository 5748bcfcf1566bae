-- A registry of the schema 0002_former_credentials, made by scripts/keep-schema with the program of that time.
-- Its key is public with this file, and seals nothing but the invented units in it.
-- key 8a3c973b45216bfafe897289f1f5d9354d3d58532f9638aa2d7ac85104d957ba
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1885436263;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('0001_registry');
INSERT INTO grdb_migrations VALUES('0002_former_credentials');
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    registry_id TEXT NOT NULL CHECK (length(registry_id) = 32),
    key_id      BLOB NOT NULL CHECK (length(key_id) = 16),
    created_at  TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO registry VALUES(1,'4b8dd72eef645771f1964fec60520b0f',X'd4b22e5d8dde75152faf30e012393241','2026-11-23T05:52:32Z');
CREATE TABLE dispatch (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    unit_count  INTEGER NOT NULL CHECK (unit_count >= 0),
    imported_at TEXT NOT NULL CHECK (imported_at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL
) STRICT;
INSERT INTO dispatch VALUES(1,'list.csv','3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802',5,'2026-11-23T05:52:32Z','Keeper');
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
INSERT INTO unit VALUES(1,'KEPT-1',1,X'014ae842daa4f169bb4dd9a951c81ee9b7265457803b00077d850b951a2c28ef025bf72275e75cb0303006947a63c3b6da',1,4,1,0,'CSC-10','1.0',NULL,'2026-12-30T05:52:33Z','here');
INSERT INTO unit VALUES(2,'KEPT-2',1,X'01788c6ac5bb70c2007bff14616f15b34ec8e403d2231609d74db996aeec3dec9a0203048931b4c7ca581fcd4cdabd142d',3,4,24,1,'CSC-20','1.1',NULL,'2026-11-25T05:52:33Z','here');
INSERT INTO unit VALUES(3,'KEPT-3',1,X'01ececf6f2fb575a466e2f0e176aaf8c513d17c13204b75a0bc3d7bf0b21838dde8f77e799de01bb90ba9fad91cdf1218e',1,4,1,0,NULL,NULL,NULL,'2026-11-29T05:52:33Z','here');
INSERT INTO unit VALUES(4,'KEPT-4',1,X'0102d2a684fd93a112ec56e170112a255690435d9de29318cf710f811210288d5ee9202608d73601d6e7c4209159087093',9,12,1,0,NULL,NULL,NULL,NULL,'here');
INSERT INTO unit VALUES(5,'KEPT-5',1,X'01b48f582967d5d076648e43fffba7b5647f9ca3368bac706e17a60ac541662cff8755a17f53b0cc3014766a5c18871136',1,1,1,0,NULL,NULL,NULL,NULL,'here');
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    since       TEXT NOT NULL CHECK (since LIKE '____-__-__T__:__:__Z'),
    until       TEXT CHECK (until LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO assignment VALUES(1,1,1,'2026-11-23T05:52:33Z',NULL);
INSERT INTO assignment VALUES(2,2,2,'2026-11-23T05:52:33Z','2026-11-23T05:52:33Z');
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
INSERT INTO token VALUES(1,1,2,'addTime',30,1,'399845819',1,'MP-1','2026-12-23T05:52:33Z','2026-11-23T05:52:33Z','Keeper');
INSERT INTO token VALUES(2,1,4,'addTime',7,1,'395084796',1,NULL,'2026-12-30T05:52:33Z','2026-11-23T05:52:33Z','Keeper');
INSERT INTO token VALUES(3,2,4,'addTime',48,24,'231441334311433',NULL,'MP-2','2026-11-25T05:52:33Z','2026-11-23T05:52:33Z','Keeper');
INSERT INTO token VALUES(4,3,2,'addTime',1,1,'221430302',NULL,NULL,'2026-11-24T05:52:33Z','2026-11-23T05:52:33Z','Keeper');
INSERT INTO token VALUES(5,3,4,'addTime',5,1,'474718782',NULL,'MP-3','2026-11-29T05:52:33Z','2026-11-23T05:52:33Z','Keeper');
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
INSERT INTO export VALUES(1,'paygops','out.csv','58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951',1,'paygops','2026-11-23T05:52:33Z','Keeper');
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
INSERT INTO event VALUES(1,'2026-11-23T05:52:32Z','Keeper','registryCreated','{"keyID":"d4b22e5d8dde75152faf30e012393241","registry":"4b8dd72eef645771f1964fec60520b0f"}',X'4da7d94595be30bebac74e7332fdf344331883716d8698f3c1c4a8c832231cc0',X'bc85519ca61ede45fbb0d1748f4ca99cf664f4cc8ab90fd083aa1e81d105cf4b',NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(2,'2026-11-23T05:52:32Z','Keeper','dispatchImported','{"added":5,"dispatch":1,"file":"list.csv","sha256":"3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802","unchanged":0,"unitsSHA256":"b4bf03ce867d713c74ebcf80f8fdeb1324a71631d4aa1929dd7bb470314844a9"}',X'b839b3c34be3c66f7ba22d6fe1ee9d9807f721983ea12086b70c1c0435f1a51d',X'65505a91295150f138b9acbc0827be51a7266c5ccf36d526ce5e5d89f0091e72',NULL,NULL,1,NULL);
INSERT INTO event VALUES(3,'2026-11-23T05:52:32Z','Keeper','customerAdded','{"customer":"K-1"}',X'ed5dd203840a05805102e1f53ddd1eedfd49b382cadc7a5ca2f071029faaef4f',NULL,NULL,1,NULL,NULL);
INSERT INTO event VALUES(4,'2026-11-23T05:52:33Z','Keeper','customerAdded','{"customer":"K-2"}',X'da14cef96a265aee007cb61a643ad4aefd2c680758f5df0244f12c5ba8b80b95',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(5,'2026-11-23T05:52:33Z','Keeper','unitAssigned','{"customer":"K-1","unit":"KEPT-1"}',X'063c1b73884e78e89e8e70d7967dc8d8446e0bd458cff6ef174b0f65c0660953',NULL,1,1,NULL,NULL);
INSERT INTO event VALUES(6,'2026-11-23T05:52:33Z','Keeper','tokenIssued','{"count":2,"customer":"K-1","paidUntil":"2026-12-23T05:52:33Z","reference":"MP-1","timeDivider":1,"token":"399845819","type":"addTime","unit":"KEPT-1","value":30}',X'dffb3e9f0c96c590cf0a704dd39141563de67348781b0b16e54d32777b249364',X'c3fb34a39adc68f2aab37c8371522cacb6c9ac31d2759411dc6c22b7f828c034',1,1,NULL,NULL);
INSERT INTO event VALUES(7,'2026-11-23T05:52:33Z','Keeper','tokenIssued','{"count":4,"customer":"K-1","paidUntil":"2026-12-30T05:52:33Z","timeDivider":1,"token":"395084796","type":"addTime","unit":"KEPT-1","value":7}',X'cdbd3dc30e49ccfcfb444aacffb2d1a7907ad8d5332331de8391d80a038ffc45',X'd60f52a6c8b149a4311dda834ffcd6bb54f8cbf582c357720ff2c691ddcf4893',1,1,NULL,NULL);
INSERT INTO event VALUES(8,'2026-11-23T05:52:33Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-25T05:52:33Z","reference":"MP-2","timeDivider":24,"token":"231441334311433","type":"addTime","unit":"KEPT-2","value":48}',X'9c8b65657fae09fcfa5bb7975089d2c62a9e2bd37ae18ec2f2991e02e9b1e696',X'836960614746ff6195decfa52867bee5b012bf390cfe821810416c73c3400130',2,NULL,NULL,NULL);
INSERT INTO event VALUES(9,'2026-11-23T05:52:33Z','Keeper','unitAssigned','{"customer":"K-2","unit":"KEPT-2"}',X'2b029ff11cd346deb2542d8537c9b40c0fbc2371b0a3415cdd62e8318b360f2e',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(10,'2026-11-23T05:52:33Z','Keeper','unitUnassigned','{"customer":"K-2","unit":"KEPT-2"}',X'8c4869a33f7c5b897cfaa545e53e3132b61a08a5895cd8e3c590524d55311866',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(11,'2026-11-23T05:52:33Z','Keeper','tokenIssued','{"count":2,"paidUntil":"2026-11-24T05:52:33Z","timeDivider":1,"token":"221430302","type":"addTime","unit":"KEPT-3","value":1}',X'77bcc46e45e11d3bed0d22296f4eaf6e940fa2022bd896813aa3c15c518c1ed9',X'db8245d14e8b3eadcb36c29d056bfb592434049e56dde0e4711b44507edee73b',3,NULL,NULL,NULL);
INSERT INTO event VALUES(12,'2026-11-23T05:52:33Z','Keeper','credentialsReplaced','{"file":"other.csv","formerSHA256":"b1eba1872e6813919d8b042f23b012b42d50cb0db230ec55d9bd1623358fd568","lastCount":2,"reason":"a letter from the maker","sealedSHA256":"50a95d462542ce7be8c2d2117e8fec90f919c0a888d0aa274ae10510c9fd964f","sha256":"a2309438c1164913384efac29d46b9dbcdbf7edaf30cc4d765e162280e4c326f","unit":"KEPT-3"}',X'24f5210205040304f938c4660f0498f9994ba0a5ff709e23b19b740247b5bc8e',X'd1ed26c50704418aaafb917b854054e1a36f3c39d71c84d9db8fbf7356ef6cb5',3,NULL,NULL,NULL);
INSERT INTO event VALUES(13,'2026-11-23T05:52:33Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-29T05:52:33Z","reference":"MP-3","timeDivider":1,"token":"474718782","type":"addTime","unit":"KEPT-3","value":5}',X'2f4228b6b4d7c99cb30be6007fe6a1261040ccced2ee5bb0e82bb69debdc7fc4',X'9e12b9928c46323b739ab1192d8eaa1b3b3aa496aaa67fbef67b91048984ea64',3,NULL,NULL,NULL);
INSERT INTO event VALUES(14,'2026-11-23T05:52:33Z','Keeper','credentialsExported','{"authority":"paygops","export":1,"file":"out.csv","profile":"paygops","sha256":"58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951","units":1,"unitsSHA256":"eddfc9b7faa1eefc4936bfd3c48bc0fa751dfd46b9a8c32f21ef45d3958945ac"}',X'976a5424adea4378351397a24f5a13afbe36ac9e125402f6f4375c5ee38ccf60',X'd8a0f5297f0507caefb18311ac618e6a859a324729472dbfd776e51c47b17026',NULL,NULL,NULL,1);
INSERT INTO event VALUES(15,'2026-11-23T05:52:33Z','Keeper','unitReclaimed','{"count":12,"from":"paygops","reason":"the contract ended","unit":"KEPT-4"}',X'd16d18cfc0d38f5fd473ab256c822f78838d162f3c17428f4faca9eec5dda766',X'8c86868687136d4f5f73f83dd842f3dcdb69569183a3762bab11150e7f58a1ab',4,NULL,NULL,NULL);
CREATE TABLE former_credentials (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    unit_id    INTEGER NOT NULL REFERENCES unit (id),
    sealed     BLOB NOT NULL CHECK (length(sealed) >= 49),
    last_count INTEGER NOT NULL CHECK (last_count BETWEEN 0 AND 9999999)
) STRICT;
INSERT INTO former_credentials VALUES(1,3,X'0116cae0f94b02f800c49b07ca77e94dc64daec46b0ceec71175a54024d4f43fa2f07350bb26276d2f2ebaa57f12d0be3b',2);
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
CREATE INDEX former_credentials_unit ON former_credentials (unit_id);
CREATE TRIGGER former_credentials_never_changed BEFORE UPDATE ON former_credentials BEGIN
    SELECT RAISE(ABORT, 'former credentials are never changed');
END;
CREATE TRIGGER former_credentials_never_deleted BEFORE DELETE ON former_credentials BEGIN
    SELECT RAISE(ABORT, 'former credentials are never deleted');
END;
CREATE TRIGGER former_credentials_follow BEFORE INSERT ON former_credentials
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM former_credentials) BEGIN
    SELECT RAISE(ABORT, 'former credentials follow the ones before them');
END;
CREATE TRIGGER unit_credentials_kept BEFORE UPDATE OF sealed ON unit
WHEN NEW.sealed <> OLD.sealed
 AND NOT EXISTS (SELECT 1 FROM former_credentials WHERE unit_id = OLD.id AND sealed = OLD.sealed) BEGIN
    SELECT RAISE(ABORT, 'credentials are replaced only once they were put away');
END;
CREATE TRIGGER unit_not_replaced BEFORE INSERT ON unit
WHEN EXISTS (SELECT 1 FROM unit WHERE id = NEW.id OR payg_id = NEW.payg_id) BEGIN
    SELECT RAISE(ABORT, 'a unit is never replaced');
END;
COMMIT;
