-- A registry of the schema 0005_handing_over, made by scripts/keep-schema with the program of that time.
-- Its key is public with this file, and seals nothing but the invented units in it.
-- key 6632bfb1c0436d7094c5ef6d6e38cb91d71b6a7a2bd07662f8fa0fe1157820d0
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1885436263;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('0001_registry');
INSERT INTO grdb_migrations VALUES('0002_former_credentials');
INSERT INTO grdb_migrations VALUES('0003_customers');
INSERT INTO grdb_migrations VALUES('0004_issuing');
INSERT INTO grdb_migrations VALUES('0005_handing_over');
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    registry_id TEXT NOT NULL CHECK (length(registry_id) = 32),
    key_id      BLOB NOT NULL CHECK (length(key_id) = 16),
    created_at  TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO registry VALUES(1,'3586cc22c5be3dd3d03e4c143c8aae6c',X'2bab7733e4eac6697b0cf5dd88b29f0b','2026-11-23T05:30:06Z');
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
INSERT INTO unit VALUES(1,'KEPT-1',1,X'0142ba72d01fc5a8c2bdbd6c05a4e264568ffd171d5cd239776d704eb697d7f3ac9b65779abcf61559ca8792e42eac069f',1,40,1,0,'CSC-10','1.0',NULL,'2030-03-10T05:30:07Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(2,'KEPT-2',1,X'01f053b06cc7724375adfce959f477439ee568c31646f3234b61d22487951e879b539b10bf7fe2a0cc2c1c08cba36481cd',3,4,24,1,'CSC-20','1.1',NULL,'2026-11-25T05:30:06Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(3,'KEPT-3',1,X'01a9d72fbab936de000c6058a147e9a2eb73d8c3ae8a25c7a7399bdec3fbc563de566fc0b78bdc6847814922fef2db2973',1,4,1,0,NULL,NULL,NULL,'2026-11-29T05:30:06Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(4,'KEPT-4',1,X'013aa4d5b9b894cd27dfff3362ab2294e9bd5807f41fb4428225c5ebdb15445d2498cc22dec060a5ef89f3f916be56b4d4',9,12,1,0,NULL,NULL,NULL,NULL,'angaza',NULL,0,NULL);
INSERT INTO unit VALUES(5,'KEPT-5',1,X'015b2778c32f32a866173f7c9588f6b18593862bb4bcec61cfde97cda079da8a43df889c6fcdfe1c2a0e2098a0bd8a6f87',1,1,1,0,NULL,NULL,NULL,NULL,'here',NULL,0,NULL);
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
INSERT INTO token VALUES(6,1,5,'setTime',3,1,'039585792',1,'MP-4','2026-11-26T05:30:07Z','2026-11-23T05:30:07Z','Keeper',NULL,NULL,15);
INSERT INTO token VALUES(7,1,7,'setTime',995,1,'882673784',1,'MP-5','2029-08-14T05:30:07Z','2026-11-23T05:30:07Z','Keeper','days 1200',NULL,16);
INSERT INTO token VALUES(8,1,8,'addTime',208,1,'237741997',1,NULL,'2030-03-10T05:30:07Z','2026-11-23T05:30:07Z','Keeper',NULL,7,17);
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
, profile_text TEXT CHECK (profile_text <> ''), products TEXT CHECK (products LIKE '{%}'), encrypted_sha256 TEXT CHECK (length(encrypted_sha256) = 64)) STRICT;
INSERT INTO export VALUES(1,'paygops','out.csv','58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951',1,'paygops','2026-11-23T05:30:07Z','Keeper',replace('# PaygOps takes the standard''s device list: its makers publish the standard.\ntitle: PaygOps\nsource: the device list of the OpenPAYGO Token standard, which PaygOps'' makers publish\ncolumns:\n  - {header: Serial Number, field: paygID, required: true}\n  - {header: Starting Code, field: startingCode, required: true}\n  - {header: Key, field: key, required: true}\n  - {header: Count, field: count, required: true}\n  - {header: Time Divider, field: timeDivider, required: true}\n  - {header: Restricted Digit Mode, field: restrictedDigits, required: true}\n  - {header: Hardware Model, field: hardwareModel}\n  - {header: Version, field: firmwareVersion}\n  - {header: Test Code, field: testCode}\n','\n',char(10)),'{"names":{}}',NULL);
INSERT INTO export VALUES(2,'angaza','angaza.csv','f6242c41bf9db0b2e9236ee0386474fbcf6ce213538f67c99df638fa0d8992c6',1,'angaza','2026-11-23T05:30:07Z','Keeper',replace('# Angaza knows two Cloud Solar products, which it activates for an account\n# first. Which of them a unit is, its hardware model says; the names they have\n# at Angaza are in the account, and given once:\n#   payg profile set angaza product-1 NAME\ntitle: Angaza\nsource: the values that Cloud Solar''s support pages say are passed on; Angaza''s own template is not public\nunverified: >-\n  Angaza''s template and its products'' names are not public, and the hardware models of the two products are an\n  assumption; check this file with Angaza before the first upload\nproducts:\n  - {key: product-1, models: ["CSC-10*"]}\n  - {key: product-2, models: ["CSC-20*"]}\ncolumns:\n  - {header: Unit Number, field: paygID, required: true}\n  - {header: Secret Key, field: key, required: true}\n  - {header: Starting Code, field: startingCode, required: true}\n  - {header: Count, field: count, required: true}\n  - {header: Product, field: product, required: true}\n','\n',char(10)),'{"names":{"product-1":"Kit 10"},"product":"Kit 10"}',NULL);
CREATE TABLE export_unit (
    export_id INTEGER NOT NULL REFERENCES export (id) DEFERRABLE INITIALLY DEFERRED,
    unit_id   INTEGER NOT NULL REFERENCES unit (id),
    -- The count in the file.
    count     INTEGER NOT NULL, customer TEXT CHECK (customer LIKE '{%}'),
    PRIMARY KEY (export_id, unit_id)
) STRICT, WITHOUT ROWID;
INSERT INTO export_unit VALUES(1,4,9,NULL);
INSERT INTO export_unit VALUES(2,4,12,NULL);
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
INSERT INTO event VALUES(1,'2026-11-23T05:30:06Z','Keeper','registryCreated','{"keyID":"2bab7733e4eac6697b0cf5dd88b29f0b","registry":"3586cc22c5be3dd3d03e4c143c8aae6c"}',X'3ea0edf76ef4de0e2ff22d020de8300f20d7ec591af067bf7f080ead85ffbfc1',X'33d1f24fcb9451edf4fb823c04a788eac694780286a7afe6c8a8120e2c8b52b5',NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(2,'2026-11-23T05:30:06Z','Keeper','dispatchImported','{"added":5,"dispatch":1,"file":"list.csv","sha256":"3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802","unchanged":0,"unitsSHA256":"b4bf03ce867d713c74ebcf80f8fdeb1324a71631d4aa1929dd7bb470314844a9"}',X'7191f23c18ce321e630f919348b8f819d8e51354c2b5b6fb075de62619f362a3',X'a4944aaf7bb2a9cdd02f09d8a73ad6c6335d4f88de92b11836ef15bb25f745a7',NULL,NULL,1,NULL);
INSERT INTO event VALUES(3,'2026-11-23T05:30:06Z','Keeper','customerAdded','{"customer":"K-1"}',X'194da0e2206168eb94e2793e48a56dc29d122dec3cd7e56c78dc7c58eec12b53',NULL,NULL,1,NULL,NULL);
INSERT INTO event VALUES(4,'2026-11-23T05:30:06Z','Keeper','customerAdded','{"customer":"K-2"}',X'468ee5cd282aebc4f171143ccf27839ed186b9b5a86843b96395a948cc1d14df',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(5,'2026-11-23T05:30:06Z','Keeper','unitAssigned','{"customer":"K-1","unit":"KEPT-1"}',X'6e5994ef146a30af6e7f4b83448df53e312149e2103be490aa6340c88e9cb843',NULL,1,1,NULL,NULL);
INSERT INTO event VALUES(6,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":2,"customer":"K-1","paidUntil":"2026-12-23T05:30:06Z","reference":"MP-1","timeDivider":1,"token":"399845819","type":"addTime","unit":"KEPT-1","value":30}',X'f41b0cb47df13308515066d120b3a4cd41868e7359534cb566da6b56b2f3453c',X'aa7238ca6aca0aa8531a2306d4ba533f081deb3db5b083d0147d1f30fd2ee65e',1,1,NULL,NULL);
INSERT INTO event VALUES(7,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":4,"customer":"K-1","paidUntil":"2026-12-30T05:30:06Z","timeDivider":1,"token":"395084796","type":"addTime","unit":"KEPT-1","value":7}',X'51235efaa23d3b680177fc1d0559d3679d744e1460b804f2d17f834271796ff2',X'3efe5cbad4b7dd20e323abdd0fd1c980c8a81707c1d422e8f4ef31803169ecb0',1,1,NULL,NULL);
INSERT INTO event VALUES(8,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-25T05:30:06Z","reference":"MP-2","timeDivider":24,"token":"231441334311433","type":"addTime","unit":"KEPT-2","value":48}',X'41056deadf7af031317c6172476e968e444318b2183b109b96a0c1653eaa2e93',X'de3dfea7243b45f953a1ee39b95a9f10f562e177010ba4eb8b0d9b1a8e473473',2,NULL,NULL,NULL);
INSERT INTO event VALUES(9,'2026-11-23T05:30:06Z','Keeper','unitAssigned','{"customer":"K-2","unit":"KEPT-2"}',X'0694278457611a1368a4583e8d47ed5b94a8b05a4e5c77e28ec4927168708415',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(10,'2026-11-23T05:30:06Z','Keeper','unitUnassigned','{"customer":"K-2","unit":"KEPT-2"}',X'e1e422348227ef660afd4f395f0d08b26349cb20f4b3879bf145d8b6e1d617de',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(11,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":2,"paidUntil":"2026-11-24T05:30:06Z","timeDivider":1,"token":"221430302","type":"addTime","unit":"KEPT-3","value":1}',X'e65359d8884dfb8f37b2ae2d1ed693e24e616018d83819f3ba650f87567fd9bb',X'bf0950e2400de6b5312ee9ebafa2d3ab59d1c5497cbf01d49799649a3dba8a3f',3,NULL,NULL,NULL);
INSERT INTO event VALUES(12,'2026-11-23T05:30:06Z','Keeper','credentialsReplaced','{"file":"other.csv","formerSHA256":"9387a439a5b5167bd8c475addd397c39a6781b32e5ef58bc18713d1ea4fecce6","lastCount":2,"reason":"a letter from the maker","sealedSHA256":"00236e30eedd704bea2ed22f7743b7b62dcd713afa2bb824a4a0080007de20ea","sha256":"a2309438c1164913384efac29d46b9dbcdbf7edaf30cc4d765e162280e4c326f","unit":"KEPT-3"}',X'9a9b2be2ee6afcbfa5be9a5255d915367be79b26b2ae515669a7164217db7bcc',X'd963a816b051d7f75bb8d0c79463d3ee608f383576463ae012b36b7ab1577de7',3,NULL,NULL,NULL);
INSERT INTO event VALUES(13,'2026-11-23T05:30:06Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-29T05:30:06Z","reference":"MP-3","timeDivider":1,"token":"474718782","type":"addTime","unit":"KEPT-3","value":5}',X'6facf74f4d47ed013528bf7053dfe9c5d7c83b192b487d0aca5bbb060629c8bd',X'95ec5eae8878543feef00d1377e3ddda96565f9b36a33f69ef40d7ffaeb5be4e',3,NULL,NULL,NULL);
INSERT INTO event VALUES(14,'2026-11-23T05:30:06Z','Keeper','customerChanged','{"changed":["language","note"],"customer":"K-2"}',X'd01aa475918ad1da303c22b9ed3c929ba19dfc72f0d29b439b10946ec824dcaa',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(15,'2026-11-23T05:30:07Z','Keeper','tokenIssued','{"count":5,"customer":"K-1","paidUntil":"2026-11-26T05:30:07Z","reference":"MP-4","timeDivider":1,"token":"039585792","type":"setTime","unit":"KEPT-1","value":3}',X'2d61fdbaa81b3f8c68152f652f1c09bd2fb697567c3426b4cabf473924bad3c0',X'2c49e480ba4e0b2366d345c9cd6feacee1bd5986fe2a05e78584e1b12326242e',1,1,NULL,NULL);
INSERT INTO event VALUES(16,'2026-11-23T05:30:07Z','Keeper','tokenIssued','{"count":7,"customer":"K-1","paidUntil":"2029-08-14T05:30:07Z","reference":"MP-5","request":"days 1200","timeDivider":1,"token":"882673784","type":"setTime","unit":"KEPT-1","value":995}',X'c81de66c82cab9bfe90930835a00385fa2603984eec2e7959b6749605097e5c2',X'8d2aa1587553ee6224a9629dd32f8a1b13917c3634aa05343c0fe87af38a59b2',1,1,NULL,NULL);
INSERT INTO event VALUES(17,'2026-11-23T05:30:07Z','Keeper','tokenIssued','{"count":8,"customer":"K-1","first":7,"paidUntil":"2030-03-10T05:30:07Z","timeDivider":1,"token":"237741997","type":"addTime","unit":"KEPT-1","value":208}',X'cc54da1053b4e4931ee3ce25adc089013b1adaba9ce8c9eceb5c471f52d8581f',X'0823875d8dbe1e11934fcf84941f44dd9264f5ebccc08f76fd23b80f174b2ff5',1,1,NULL,NULL);
INSERT INTO event VALUES(18,'2026-11-23T05:30:07Z','Keeper','countSet','{"from":8,"reason":"the display says so","to":40,"unit":"KEPT-1"}',X'be120c8d8a818de8de6bdc01ecd28433f69aaf479b4b776a3cc403d360d0eb51',X'3eb81cfc87e2a223353ff91802fac5065787c66301dcf2f6da3a74189ced3a15',1,NULL,NULL,NULL);
INSERT INTO event VALUES(19,'2026-11-23T05:30:07Z','Keeper','credentialsExported','{"authority":"paygops","export":1,"file":"out.csv","productsSHA256":"0463a634f09bf631bdf9b88a35815d5a4f75d71ca5aaf8ca308c36856807c066","profile":"paygops","profileSHA256":"dba8b90bb900f86739984e032b88cbe5e7d9c18d959fc47eb713d658f7a8a107","sha256":"58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951","units":1,"unitsSHA256":"eddfc9b7faa1eefc4936bfd3c48bc0fa751dfd46b9a8c32f21ef45d3958945ac"}',X'5598505baee6386477d96ad1248c0d8bf78298621f3ec5c34ebd64887a928209',X'5b08d5da86d263046829032c739324e18cb3a0ece8afa6aba40a5f733e63651a',NULL,NULL,NULL,1);
INSERT INTO event VALUES(20,'2026-11-23T05:30:07Z','Keeper','unitReclaimed','{"count":12,"from":"paygops","reason":"the contract ended","unit":"KEPT-4"}',X'5ce11cab318c7db334ad33a8049c927c50d7becfb21b25a4bf0d72657230ec6a',X'08d7fa486a8078327cfb590eaef6ff2e8eb7befd63c2212dc53cc36f174751bc',4,NULL,NULL,NULL);
INSERT INTO event VALUES(21,'2026-11-23T05:30:07Z','Keeper','productNamed','{"name":"Kit 10","product":"product-1","profile":"angaza"}',X'2c1799d24638a5ca7ca9853fd7a7844907cd0b38fd163692a0f1aa856d39fa17',NULL,NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(22,'2026-11-23T05:30:07Z','Keeper','credentialsExported','{"authority":"angaza","export":2,"file":"angaza.csv","productsSHA256":"7294f76e5ae0195978a7b30d8f3f5cf4f6e536c93b6702c0f98f883efd154a66","profile":"angaza","profileSHA256":"96226897f3eb51862ce28fae65d447970e1d12ef706b2130ec24489318c39866","sha256":"f6242c41bf9db0b2e9236ee0386474fbcf6ce213538f67c99df638fa0d8992c6","units":1,"unitsSHA256":"673fbc4f4936a1a66015553f43b932ed63b2d72012cdb390568a4f39a5137d9c"}',X'fad19f8ff42e19c706819fcad5aeae9704125136ce9ce18ca2950184f3418758',X'047497845566f49384865e3f76c6209e9cd1d784f3eb5686c6701282dd950401',NULL,NULL,NULL,2);
CREATE TABLE former_credentials (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    unit_id    INTEGER NOT NULL REFERENCES unit (id),
    sealed     BLOB NOT NULL CHECK (length(sealed) >= 49),
    last_count INTEGER NOT NULL CHECK (last_count BETWEEN 0 AND 9999999)
) STRICT;
INSERT INTO former_credentials VALUES(1,3,X'012b8db5d8eb219566599ddbabf0358d72f48526b7f7bd76859a9218524b06306371bef2725a26a7709a907945a5530ae0',2);
CREATE TABLE product_name (
    profile TEXT NOT NULL CHECK (profile <> '' AND profile NOT GLOB '*[^a-z0-9-]*'),
    product TEXT NOT NULL CHECK (product <> '' AND product NOT GLOB '*[^a-z0-9-]*'),
    name    TEXT NOT NULL CHECK (name <> '' AND instr(CAST(name AS BLOB), x'00') = 0),
    PRIMARY KEY (profile, product)
) STRICT, WITHOUT ROWID;
INSERT INTO product_name VALUES('angaza','product-1','Kit 10');
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
CREATE TRIGGER export_unit_adds BEFORE INSERT ON export_unit
WHEN NEW.export_id <= (SELECT max(id) FROM export) BEGIN
    SELECT RAISE(ABORT, 'an export is never changed');
END;
CREATE TRIGGER export_counts_its_units BEFORE INSERT ON export
WHEN NEW.unit_count <> (SELECT count(*) FROM export_unit WHERE export_id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'an export counts its units');
END;
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
CREATE TRIGGER product_name_kept BEFORE DELETE ON product_name BEGIN
    SELECT RAISE(ABORT, 'the name of a product is changed, never deleted');
END;
CREATE TRIGGER unit_not_replaced BEFORE INSERT ON unit
WHEN EXISTS (SELECT 1 FROM unit WHERE id = NEW.id OR payg_id = NEW.payg_id) BEGIN
    SELECT RAISE(ABORT, 'a unit is never replaced');
END;
COMMIT;
