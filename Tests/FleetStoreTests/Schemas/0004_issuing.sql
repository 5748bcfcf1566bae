-- A registry of the schema 0004_issuing, made by scripts/keep-schema with the program of that time.
-- Its key is public with this file, and seals nothing but the invented units in it.
-- key ff5bb3e788f0b03391303dd60e22a698e71ad051cfa5a8423e30640b4d21b2a8
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1885436263;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('0001_registry');
INSERT INTO grdb_migrations VALUES('0002_former_credentials');
INSERT INTO grdb_migrations VALUES('0003_customers');
INSERT INTO grdb_migrations VALUES('0004_issuing');
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    registry_id TEXT NOT NULL CHECK (length(registry_id) = 32),
    key_id      BLOB NOT NULL CHECK (length(key_id) = 16),
    created_at  TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO registry VALUES(1,'0a70a5d365ef0c09317626edb57c6870',X'c485949fe583a3e89839852119a44d47','2026-11-23T05:30:06Z');
CREATE TABLE dispatch (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    unit_count  INTEGER NOT NULL CHECK (unit_count >= 0),
    imported_at TEXT NOT NULL CHECK (imported_at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL
) STRICT;
INSERT INTO dispatch VALUES(1,'list.csv','3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802',5,'2026-11-23T05:30:06Z','Keeper');
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
, furthest TEXT
    CHECK (furthest LIKE '____-__-__T__:__:__Z' AND (paid_until IS NULL OR furthest > paid_until)), unlocked INTEGER NOT NULL DEFAULT 0 CHECK (unlocked IN (0, 1)), retired_at TEXT CHECK (retired_at LIKE '____-__-__T__:__:__Z')) STRICT;
INSERT INTO unit VALUES(1,'KEPT-1',1,X'0174ed1813068fbe9dd8a509b75297a3b669d812c2f8596e62827e44df4e19fab216526ead73e6042c52e36c8087f261d0',1,40,1,0,'CSC-10','1.0',NULL,'2030-03-10T05:30:06Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(2,'KEPT-2',1,X'01c04646cb6581eb8002921e9e7c0315fec5dd0ade46e4a097623acbe1279f9c780fc7abc1b8583cac99e718e35d387f25',3,4,24,1,'CSC-20','1.1',NULL,'2026-11-25T05:30:06Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(3,'KEPT-3',1,X'01271867fe2f9dbfdb40db39678cade48319d04ecca689fcf468762c6a0156cbbd7ae200d4484ed54ddacf439c981568c6',1,4,1,0,NULL,NULL,NULL,'2026-11-29T05:30:06Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(4,'KEPT-4',1,X'0112be69d70e24a414c0f42468f8e6e941e1fd32c5b81088c6b81389c11c96d85d61edf4d111ee853e7eea2ce45a478161',9,12,1,0,NULL,NULL,NULL,NULL,'here',NULL,0,NULL);
INSERT INTO unit VALUES(5,'KEPT-5',1,X'01753fc40de3e9d4c29d7d0bd9be0dbd45a9aa97529e39141722eb80ec348ae9108cc355eb8917e1fa915f0f1331e5519f',1,1,1,0,NULL,NULL,NULL,NULL,'here',NULL,0,NULL);
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    since       TEXT NOT NULL CHECK (since LIKE '____-__-__T__:__:__Z'),
    until       TEXT CHECK (until LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO assignment VALUES(1,1,1,'2026-11-23T05:30:06Z',NULL);
INSERT INTO assignment VALUES(2,2,2,'2026-11-23T05:30:06Z','2026-11-23T05:30:06Z');
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
    actor        TEXT NOT NULL, request TEXT CHECK (request GLOB 'days ?*' OR request GLOB 'until ????-??-??T??:??:??Z'), first_id INTEGER REFERENCES token (id), event INTEGER REFERENCES event (sequence),
    UNIQUE (unit_id, count),
    CHECK ((type = 'addTime') = (count % 2 = 0)),
    CHECK ((type IN ('addTime', 'setTime')) = (value IS NOT NULL))
) STRICT;
INSERT INTO token VALUES(1,1,2,'addTime',30,1,'399845819',1,'MP-1','2026-12-23T05:30:06Z','2026-11-23T05:30:06Z','Keeper',NULL,NULL,6);
INSERT INTO token VALUES(2,1,4,'addTime',7,1,'395084796',1,NULL,'2026-12-30T05:30:06Z','2026-11-23T05:30:06Z','Keeper',NULL,NULL,7);
INSERT INTO token VALUES(3,2,4,'addTime',48,24,'231441334311433',NULL,'MP-2','2026-11-25T05:30:06Z','2026-11-23T05:30:06Z','Keeper',NULL,NULL,8);
INSERT INTO token VALUES(4,3,2,'addTime',1,1,'221430302',NULL,NULL,'2026-11-24T05:30:06Z','2026-11-23T05:30:06Z','Keeper',NULL,NULL,11);
INSERT INTO token VALUES(5,3,4,'addTime',5,1,'474718782',NULL,'MP-3','2026-11-29T05:30:06Z','2026-11-23T05:30:06Z','Keeper',NULL,NULL,13);
INSERT INTO token VALUES(6,1,5,'setTime',3,1,'039585792',1,'MP-4','2026-11-26T05:30:06Z','2026-11-23T05:30:06Z','Keeper',NULL,NULL,15);
INSERT INTO token VALUES(7,1,7,'setTime',995,1,'882673784',1,'MP-5','2029-08-14T05:30:06Z','2026-11-23T05:30:06Z','Keeper','days 1200',NULL,16);
INSERT INTO token VALUES(8,1,8,'addTime',208,1,'237741997',1,NULL,'2030-03-10T05:30:06Z','2026-11-23T05:30:06Z','Keeper',NULL,7,17);
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
INSERT INTO export VALUES(1,'paygops','out.csv','58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951',1,'paygops','2026-11-23T05:30:06Z','Keeper');
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
INSERT INTO event VALUES(1,'2026-11-23T05:30:06Z','Keeper','registryCreated','{"keyID":"c485949fe583a3e89839852119a44d47","registry":"0a70a5d365ef0c09317626edb57c6870"}',X'039aee9f0c0033c72831dcb15ce697d4f654413275b982c47153be0cc0731404',X'93f6d37f12b717e33c63b0a39fa94ea3a3b97fa4c0b5f30f1775876a4b92b770',NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(2,'2026-11-23T05:30:06Z','Keeper','dispatchImported','{"added":5,"dispatch":1,"file":"list.csv","sha256":"3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802","unchanged":0,"unitsSHA256":"b4bf03ce867d713c74ebcf80f8fdeb1324a71631d4aa1929dd7bb470314844a9"}',X'a55afc198941331892cbafdb7afcb64337011c707b71ca17bde1b3c9521a06b8',X'845855663737dd5b49ed33ea9f6a7ab234449d20f2a7fd9e0fbcb55cbabc4643',NULL,NULL,1,NULL);
INSERT INTO event VALUES(3,'2026-11-23T05:30:06Z','Keeper','customerAdded','{"customer":"K-1"}',X'abf19509500e6672d2b76880246e09063968572eca3a7db0795fc497f97cdf31',NULL,NULL,1,NULL,NULL);
INSERT INTO event VALUES(4,'2026-11-23T05:30:06Z','Keeper','customerAdded','{"customer":"K-2"}',X'43574abede1f3a8126699ee47b4e50d5034d42d1e8b89f7cdf91589dbba3e204',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(5,'2026-11-23T05:30:06Z','Keeper','unitAssigned','{"customer":"K-1","unit":"KEPT-1"}',X'c404d0a3959da374e037ccf942db4bfe09719f9b348604adec59c4dac0db5192',NULL,1,1,NULL,NULL);
INSERT INTO event VALUES(6,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":2,"customer":"K-1","paidUntil":"2026-12-23T05:30:06Z","reference":"MP-1","timeDivider":1,"token":"399845819","type":"addTime","unit":"KEPT-1","value":30}',X'ecb5ac0138d1e5ef99a515c74387def022e7c93d9d2ea13e300877dc6d01330d',X'c8d06b4365b8755305eeb1ae7e1dfccfa566ea297d9ab26020711fdea83717d0',1,1,NULL,NULL);
INSERT INTO event VALUES(7,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":4,"customer":"K-1","paidUntil":"2026-12-30T05:30:06Z","timeDivider":1,"token":"395084796","type":"addTime","unit":"KEPT-1","value":7}',X'b109f59690ada8f1af352c6c51a70510cdae4271a1b394194c75c715d784db39',X'2e315bc65c7b3b544947ab73231cea203ef24fee2ad2936eaf19218f9ee52b48',1,1,NULL,NULL);
INSERT INTO event VALUES(8,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-25T05:30:06Z","reference":"MP-2","timeDivider":24,"token":"231441334311433","type":"addTime","unit":"KEPT-2","value":48}',X'31b04bc4e6879fd6e4dda25c8093572847566a97a18fcf0f414e6262edf90421',X'd3aab3f6cd5036337a501f03846c2a5c372e3e7dbb9ba5f0e6ac8b1fc59442d6',2,NULL,NULL,NULL);
INSERT INTO event VALUES(9,'2026-11-23T05:30:06Z','Keeper','unitAssigned','{"customer":"K-2","unit":"KEPT-2"}',X'fef2a8a563f1d27c6b4f588586eb1e1a5faa07bcb034a2ce7827a77f5e046768',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(10,'2026-11-23T05:30:06Z','Keeper','unitUnassigned','{"customer":"K-2","unit":"KEPT-2"}',X'aafa113527730e64da62b308ad8bc3b76793d712ab24a26ec95b6071b1d5855e',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(11,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":2,"paidUntil":"2026-11-24T05:30:06Z","timeDivider":1,"token":"221430302","type":"addTime","unit":"KEPT-3","value":1}',X'194ea9376a6f6651db4ee2c05587f9f4375f8060fc97fb91fd87f9d25deed672',X'4d87bbaa6e53af7f641c9c63074ba992e9cb64e0f7380abbd6b7eb563fc7ac3f',3,NULL,NULL,NULL);
INSERT INTO event VALUES(12,'2026-11-23T05:30:06Z','Keeper','credentialsReplaced','{"file":"other.csv","formerSHA256":"14c7d8f035c14be15f2a596f6e1ffd50b5dffcf929920c7782a04189b112fc1e","lastCount":2,"reason":"a letter from the maker","sealedSHA256":"5808ddd1704e4e6b9279acb2f51bd55161213a42a6e8b28c4f8ededd2e42e213","sha256":"a2309438c1164913384efac29d46b9dbcdbf7edaf30cc4d765e162280e4c326f","unit":"KEPT-3"}',X'ab5c8840f454be91cb9b33d1662578613cb90d551a76b56f28577227a4024729',X'a08dc6b860727114d81500dcaa7b8076fb3a8bea02c7404b18735e3a08934402',3,NULL,NULL,NULL);
INSERT INTO event VALUES(13,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-29T05:30:06Z","reference":"MP-3","timeDivider":1,"token":"474718782","type":"addTime","unit":"KEPT-3","value":5}',X'2c791f23b542b9a0500aa0a3be53f46a08ee8fc821d56f8e746aec2f6cc3842e',X'f9c8feab53ad61c7b498cc9f2a2438ba257551a1eb1fadbaf218f736bab4c83e',3,NULL,NULL,NULL);
INSERT INTO event VALUES(14,'2026-11-23T05:30:06Z','Keeper','customerChanged','{"changed":["language","note"],"customer":"K-2"}',X'd3cbd04f37f4515a28005961bdcb9f09c87939225320edfa4b767abf56e73a32',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(15,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":5,"customer":"K-1","paidUntil":"2026-11-26T05:30:06Z","reference":"MP-4","timeDivider":1,"token":"039585792","type":"setTime","unit":"KEPT-1","value":3}',X'81ede7705664ccbe4f68505c2d055e5d411e08f1eb2add1b1b1f37e46aa24407',X'5c16701293674aae52fd9faf375e83e2a99182c6eabe27c5e36ad13941843393',1,1,NULL,NULL);
INSERT INTO event VALUES(16,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":7,"customer":"K-1","paidUntil":"2029-08-14T05:30:06Z","reference":"MP-5","request":"days 1200","timeDivider":1,"token":"882673784","type":"setTime","unit":"KEPT-1","value":995}',X'f763aaa8251cfbf8164f42ead2ab017a8c198e1408176e7b1b16455f0539b5fd',X'd4d2305ea39571f22f89ba73d454ba7098c4709acb3de8758cabd69845f06fa1',1,1,NULL,NULL);
INSERT INTO event VALUES(17,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":8,"customer":"K-1","first":7,"paidUntil":"2030-03-10T05:30:06Z","timeDivider":1,"token":"237741997","type":"addTime","unit":"KEPT-1","value":208}',X'b12e7121b33c652ae912c9e52ca3976c07af00d4260d898b7ce76a1890ce1f81',X'f6e56f090dbd9fada0e4af83d0808f793eee3dd9d9008ac70854c95d7b84a015',1,1,NULL,NULL);
INSERT INTO event VALUES(18,'2026-11-23T05:30:06Z','Keeper','countSet','{"from":8,"reason":"the display says so","to":40,"unit":"KEPT-1"}',X'c41ddb597e75229a5bc53ddf12e0d8ae61ee082b74c0c19142779f8209113dfa',X'fac0b3ddb46693b19a23cf9ce1ac46a457cbba7c2368c278904d5d2c3c8a6ac2',1,NULL,NULL,NULL);
INSERT INTO event VALUES(19,'2026-11-23T05:30:06Z','Keeper','credentialsExported','{"authority":"paygops","export":1,"file":"out.csv","profile":"paygops","sha256":"58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951","units":1,"unitsSHA256":"eddfc9b7faa1eefc4936bfd3c48bc0fa751dfd46b9a8c32f21ef45d3958945ac"}',X'cc7426a64ced91719d9038b165d2f5bb76d440ef6aea00c288796556d4a39d94',X'65688e2091475496b64facd813f64aefa17321ea66bfe0692f676b22f276b19a',NULL,NULL,NULL,1);
INSERT INTO event VALUES(20,'2026-11-23T05:30:06Z','Keeper','unitReclaimed','{"count":12,"from":"paygops","reason":"the contract ended","unit":"KEPT-4"}',X'6af1fe0ce4eb1d21ecb48afb3e89f0bc86fa85a804fbb1474fe418236aea2655',X'e48692c3117a30e4086fdc2a59806e61c20901e096a38005352370ca77d41f1b',4,NULL,NULL,NULL);
CREATE TABLE former_credentials (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    unit_id    INTEGER NOT NULL REFERENCES unit (id),
    sealed     BLOB NOT NULL CHECK (length(sealed) >= 49),
    last_count INTEGER NOT NULL CHECK (last_count BETWEEN 0 AND 9999999)
) STRICT;
INSERT INTO former_credentials VALUES(1,3,X'0111464e4ff8084b6a1e5d10a5fbc8f2714a00cfa3490a7f7baee355d69d62b2e396074417ab21db21ee891218dda12e65',2);
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
CREATE TRIGGER unit_named_once BEFORE UPDATE OF id, payg_id, dispatch_id ON unit
WHEN NEW.id <> OLD.id OR NEW.payg_id <> OLD.payg_id COLLATE BINARY OR NEW.dispatch_id <> OLD.dispatch_id BEGIN
    SELECT RAISE(ABORT, 'a unit keeps its name');
END;
CREATE UNIQUE INDEX assignment_open ON assignment (unit_id) WHERE until IS NULL;
CREATE INDEX assignment_unit ON assignment (unit_id);
CREATE INDEX assignment_customer ON assignment (customer_id);
CREATE UNIQUE INDEX token_reference ON token (reference) WHERE reference IS NOT NULL;
CREATE TRIGGER token_never_deleted BEFORE DELETE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never deleted');
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
CREATE TRIGGER token_never_changed BEFORE UPDATE ON token BEGIN
    SELECT RAISE(ABORT, 'a token is never changed');
END;
CREATE INDEX event_unit ON event (unit_id) WHERE unit_id IS NOT NULL AND action <> 'tokenIssued';
CREATE INDEX event_customer ON event (customer_id) WHERE customer_id IS NOT NULL AND action <> 'tokenIssued';
CREATE INDEX event_dispatch ON event (dispatch_id) WHERE dispatch_id IS NOT NULL;
CREATE INDEX event_export ON event (export_id) WHERE export_id IS NOT NULL;
CREATE INDEX token_first ON token (first_id) WHERE first_id IS NOT NULL;
CREATE INDEX token_day_digits ON token (substr(issued_at, 1, 10), CAST(digits AS INTEGER));
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
CREATE TRIGGER unit_count_never_used_again BEFORE UPDATE OF count, dispatched_count ON unit
WHEN NEW.dispatched_count <> OLD.dispatched_count
  OR NEW.count < OLD.count AND (
        EXISTS (SELECT 1 FROM token WHERE unit_id = OLD.id AND count > NEW.count)
     OR EXISTS (SELECT 1 FROM export_unit WHERE unit_id = OLD.id AND count > NEW.count)
     OR EXISTS (SELECT 1 FROM former_credentials WHERE unit_id = OLD.id AND last_count > NEW.count)) BEGIN
    SELECT RAISE(ABORT, 'a count is never used again');
END;
CREATE TRIGGER unit_not_replaced BEFORE INSERT ON unit
WHEN EXISTS (SELECT 1 FROM unit WHERE id = NEW.id OR payg_id = NEW.payg_id) BEGIN
    SELECT RAISE(ABORT, 'a unit is never replaced');
END;
COMMIT;
