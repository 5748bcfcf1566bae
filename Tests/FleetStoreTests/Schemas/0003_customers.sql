-- A registry of the schema 0003_customers, made by scripts/keep-schema with the program of that time.
-- Its key is public with this file, and seals nothing but the invented units in it.
-- key ee59767ee10b07a6cdd23863b938c0e87a9f6fb2c5090632c98bbb6844d422c7
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1885436263;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('0001_registry');
INSERT INTO grdb_migrations VALUES('0002_former_credentials');
INSERT INTO grdb_migrations VALUES('0003_customers');
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    registry_id TEXT NOT NULL CHECK (length(registry_id) = 32),
    key_id      BLOB NOT NULL CHECK (length(key_id) = 16),
    created_at  TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO registry VALUES(1,'84885ad3949b7d917834d34345fa9bed',X'e04b59e9baa78eec09e3fef41c09a107','2026-11-23T05:30:05Z');
CREATE TABLE dispatch (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    unit_count  INTEGER NOT NULL CHECK (unit_count >= 0),
    imported_at TEXT NOT NULL CHECK (imported_at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL
) STRICT;
INSERT INTO dispatch VALUES(1,'list.csv','3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802',5,'2026-11-23T05:30:05Z','Keeper');
CREATE TABLE customer (
    id        INTEGER PRIMARY KEY,
    reference TEXT NOT NULL COLLATE NOCASE UNIQUE
              CHECK (reference <> '' AND reference NOT GLOB '*[^ -~]*'),
    name      TEXT NOT NULL CHECK (name <> ''),
    phone     TEXT CHECK (phone <> '')
, language TEXT CHECK (
    language GLOB '[a-z][a-z]' OR language GLOB '[a-z][a-z][a-z]'
    OR language GLOB '[a-z][a-z]-[a-z][a-z]' OR language GLOB '[a-z][a-z][a-z]-[a-z][a-z]'
    OR language GLOB '[a-z][a-z]-[0-9][0-9][0-9]' OR language GLOB '[a-z][a-z][a-z]-[0-9][0-9][0-9]'
), changes INTEGER NOT NULL DEFAULT 0 CHECK (changes >= 0), folded_name TEXT CHECK (folded_name <> ''), note TEXT CHECK (
    note <> '' AND length(note) <= 512 AND instr(note, char(10)) = 0 AND instr(note, char(13)) = 0
    AND instr(CAST(note AS BLOB), x'00') = 0
)) STRICT;
INSERT INTO customer VALUES(1,'K-1','Amina Otieno','+254712000101',NULL,0,'amina otieno',NULL);
INSERT INTO customer VALUES(2,'K-2','José',NULL,'fr',1,'jose','moved');
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
INSERT INTO unit VALUES(1,'KEPT-1',1,X'012087e2262d62d33d9e1fe2ae1387563345fa8be2b689b087c33002079ed47da563a059a18ddd6b2d92274df90295faaf',1,4,1,0,'CSC-10','1.0',NULL,'2026-12-30T05:30:05Z','here');
INSERT INTO unit VALUES(2,'KEPT-2',1,X'012ad37f733265dfd622e4e31fcebfed6bf9d33673318e5dacdac215ccddfd0f3e6df867acf5e3c6fd1292fc160fad6be4',3,4,24,1,'CSC-20','1.1',NULL,'2026-11-25T05:30:05Z','here');
INSERT INTO unit VALUES(3,'KEPT-3',1,X'0175198edeae6ef99ce15e8474d8c8ae7f8bfc59e153f2158a5e45b7bc2090a4c0c1c10d380e66b3f995b4f7ef14488b3a',1,4,1,0,NULL,NULL,NULL,'2026-11-29T05:30:05Z','here');
INSERT INTO unit VALUES(4,'KEPT-4',1,X'01235ab97f4e1544c217fb5c9441aa815a0e9da1028be1993a5610c46fd37966d4ae7b403593f20b7aaf62d201ac5dc076',9,12,1,0,NULL,NULL,NULL,NULL,'here');
INSERT INTO unit VALUES(5,'KEPT-5',1,X'012c359ef5f6d27a2240a646db3ccbee1403efa0b1846b519c67ee8f60a22fedc49e5c520ea057ab8d50d79284b3296c99',1,1,1,0,NULL,NULL,NULL,NULL,'here');
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    since       TEXT NOT NULL CHECK (since LIKE '____-__-__T__:__:__Z'),
    until       TEXT CHECK (until LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO assignment VALUES(1,1,1,'2026-11-23T05:30:05Z',NULL);
INSERT INTO assignment VALUES(2,2,2,'2026-11-23T05:30:05Z','2026-11-23T05:30:05Z');
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
INSERT INTO token VALUES(1,1,2,'addTime',30,1,'399845819',1,'MP-1','2026-12-23T05:30:05Z','2026-11-23T05:30:05Z','Keeper');
INSERT INTO token VALUES(2,1,4,'addTime',7,1,'395084796',1,NULL,'2026-12-30T05:30:05Z','2026-11-23T05:30:05Z','Keeper');
INSERT INTO token VALUES(3,2,4,'addTime',48,24,'231441334311433',NULL,'MP-2','2026-11-25T05:30:05Z','2026-11-23T05:30:05Z','Keeper');
INSERT INTO token VALUES(4,3,2,'addTime',1,1,'221430302',NULL,NULL,'2026-11-24T05:30:05Z','2026-11-23T05:30:05Z','Keeper');
INSERT INTO token VALUES(5,3,4,'addTime',5,1,'474718782',NULL,'MP-3','2026-11-29T05:30:05Z','2026-11-23T05:30:05Z','Keeper');
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
INSERT INTO export VALUES(1,'paygops','out.csv','58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951',1,'paygops','2026-11-23T05:30:05Z','Keeper');
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
INSERT INTO event VALUES(1,'2026-11-23T05:30:05Z','Keeper','registryCreated','{"keyID":"e04b59e9baa78eec09e3fef41c09a107","registry":"84885ad3949b7d917834d34345fa9bed"}',X'bf8f8842611642ee71b35c34c92584bc3d8a0bb4ef986791c92b81461a60e0b1',X'19f1fea65ead6777115afd146ec4b2bbf666f52d9fa462c12c22ea1bd04f5ed5',NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(2,'2026-11-23T05:30:05Z','Keeper','dispatchImported','{"added":5,"dispatch":1,"file":"list.csv","sha256":"3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802","unchanged":0,"unitsSHA256":"b4bf03ce867d713c74ebcf80f8fdeb1324a71631d4aa1929dd7bb470314844a9"}',X'0c6805fac1f70d3c02efc8c2cf146a4fdd18765d6f975c6f3f0775b37aa0edb3',X'229f545652c37881169b0f6aac87033a8846f765d2c2cbb0a73625d169df89dd',NULL,NULL,1,NULL);
INSERT INTO event VALUES(3,'2026-11-23T05:30:05Z','Keeper','customerAdded','{"customer":"K-1"}',X'eb58a63afa0ca94833f4b394e97eec3e2de30dee00f94ec6cac18977bc1469e7',NULL,NULL,1,NULL,NULL);
INSERT INTO event VALUES(4,'2026-11-23T05:30:05Z','Keeper','customerAdded','{"customer":"K-2"}',X'0f17e892ae368152af399d76998ee52896ce90f978e13b277bbb6ddc062642c4',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(5,'2026-11-23T05:30:05Z','Keeper','unitAssigned','{"customer":"K-1","unit":"KEPT-1"}',X'0179063020fe6e31702532fe0e9eae520a072f87b61367f929a6a8257ba950e3',NULL,1,1,NULL,NULL);
INSERT INTO event VALUES(6,'2026-11-23T05:30:05Z','Keeper','tokenIssued','{"count":2,"customer":"K-1","paidUntil":"2026-12-23T05:30:05Z","reference":"MP-1","timeDivider":1,"token":"399845819","type":"addTime","unit":"KEPT-1","value":30}',X'7dbaa35877af327b94586ce1c99055a1d561d7218d136ee42d2dfb5a7901342b',X'd26ba99ae48ca1407409b86d5231ccccd6494bed1651e1e61c1aca2179cde6eb',1,1,NULL,NULL);
INSERT INTO event VALUES(7,'2026-11-23T05:30:05Z','Keeper','tokenIssued','{"count":4,"customer":"K-1","paidUntil":"2026-12-30T05:30:05Z","timeDivider":1,"token":"395084796","type":"addTime","unit":"KEPT-1","value":7}',X'd41df27ba6e0bd60d4ea1067d17b80cad5850b59c99f2f9f5afc236ea34fa658',X'03fa5a1ac16250dae40e8bc73a350494cf7dfdcd22f39ee685ac59143a1b875b',1,1,NULL,NULL);
INSERT INTO event VALUES(8,'2026-11-23T05:30:05Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-25T05:30:05Z","reference":"MP-2","timeDivider":24,"token":"231441334311433","type":"addTime","unit":"KEPT-2","value":48}',X'0c5daeb34e6779da76a34931dc48cf7e494cc404f50704ef1a820b5b3d137ed1',X'715aca373b80e9617d0e026e58aa929a4e4b414ec38fc534ce343c3881533db5',2,NULL,NULL,NULL);
INSERT INTO event VALUES(9,'2026-11-23T05:30:05Z','Keeper','unitAssigned','{"customer":"K-2","unit":"KEPT-2"}',X'0fda8e9ae21dd549ab86ea710d7f9a851053ae58a908e12765457f86b7f1c962',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(10,'2026-11-23T05:30:05Z','Keeper','unitUnassigned','{"customer":"K-2","unit":"KEPT-2"}',X'3e5a754fde16709bcfb0a1f6ce27f6937247c5b8e57b350951bbaffe3659b7f3',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(11,'2026-11-23T05:30:05Z','Keeper','tokenIssued','{"count":2,"paidUntil":"2026-11-24T05:30:05Z","timeDivider":1,"token":"221430302","type":"addTime","unit":"KEPT-3","value":1}',X'b1d48744174232c55358d33be7666ca35d7f60ad4e944337aceb6eac1e304928',X'29a7be5c8b9f50d35e20c858f2fc834e67b1613e070c0b8078250d6492a7ae1d',3,NULL,NULL,NULL);
INSERT INTO event VALUES(12,'2026-11-23T05:30:05Z','Keeper','credentialsReplaced','{"file":"other.csv","formerSHA256":"1a42a85284a60dbbbe59236cce51a777f8bef1122530ab64a44e48887bdb0aa6","lastCount":2,"reason":"a letter from the maker","sealedSHA256":"41c3c84297861620ef3d4f4d19cd89be54b537a0ed9ed102995c8f147c42869e","sha256":"a2309438c1164913384efac29d46b9dbcdbf7edaf30cc4d765e162280e4c326f","unit":"KEPT-3"}',X'97cceb2a6ccac6a25409ed47900fc9618f035856a133e86bdf9a68971edd3851',X'76dc00ba91407d0f899728abb4b24af2f1484b0a0215ee8df389375e4a1f06d7',3,NULL,NULL,NULL);
INSERT INTO event VALUES(13,'2026-11-23T05:30:05Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-29T05:30:05Z","reference":"MP-3","timeDivider":1,"token":"474718782","type":"addTime","unit":"KEPT-3","value":5}',X'69085016d7b0c89bc419df4a4a7e472026aecaacc313fe36b7903694472731c1',X'592d6337c7ab1b57862c6164494f22326a2b1e0b0561e8aaaaa6ebac3b0f6a00',3,NULL,NULL,NULL);
INSERT INTO event VALUES(14,'2026-11-23T05:30:05Z','Keeper','customerChanged','{"changed":["language","note"],"customer":"K-2"}',X'65e5fc2b734e68ee0900952c1774358d17965ffcef246b586ce5e506897a9173',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(15,'2026-11-23T05:30:05Z','Keeper','credentialsExported','{"authority":"paygops","export":1,"file":"out.csv","profile":"paygops","sha256":"58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951","units":1,"unitsSHA256":"eddfc9b7faa1eefc4936bfd3c48bc0fa751dfd46b9a8c32f21ef45d3958945ac"}',X'bbf53275ba00e95f447a8beb02a35ef8c0821d61dda63535667f132c4c4ddfab',X'233bc8f38940a8941838f1bdd0ab7fda97451d102ea56e55426f9de9f227cb07',NULL,NULL,NULL,1);
INSERT INTO event VALUES(16,'2026-11-23T05:30:05Z','Keeper','unitReclaimed','{"count":12,"from":"paygops","reason":"the contract ended","unit":"KEPT-4"}',X'7b146fd357068bd4a8efa15d7954e19c292ee1d3c6ce51e34a4f853f7263cffc',X'21c06ff38c7d4f9667fe39f3301a363862b83caceb74764f34d7a9bcf7356dd5',4,NULL,NULL,NULL);
CREATE TABLE former_credentials (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    unit_id    INTEGER NOT NULL REFERENCES unit (id),
    sealed     BLOB NOT NULL CHECK (length(sealed) >= 49),
    last_count INTEGER NOT NULL CHECK (last_count BETWEEN 0 AND 9999999)
) STRICT;
INSERT INTO former_credentials VALUES(1,3,X'01c58877c487b6baeb233cced810045c84fe0402576f0982305cf6edb38c88a9e38c5b2850846f8930cade3a26604416a5',2);
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
CREATE TRIGGER customer_kept BEFORE DELETE ON customer BEGIN
    SELECT RAISE(ABORT, 'a customer is never deleted');
END;
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
CREATE TRIGGER unit_not_replaced BEFORE INSERT ON unit
WHEN EXISTS (SELECT 1 FROM unit WHERE id = NEW.id OR payg_id = NEW.payg_id) BEGIN
    SELECT RAISE(ABORT, 'a unit is never replaced');
END;
COMMIT;
