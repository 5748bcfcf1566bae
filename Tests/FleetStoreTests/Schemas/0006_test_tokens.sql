-- A registry of the schema 0006_test_tokens, made by scripts/keep-schema with the program of that time.
-- Its key is public with this file, and seals nothing but the invented units in it.
-- key 864fa28d4fdda4b56ae0168adbe279a2df789fcba1caac208bd9862cb0439212
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
INSERT INTO grdb_migrations VALUES('0006_test_tokens');
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    registry_id TEXT NOT NULL CHECK (length(registry_id) = 32),
    key_id      BLOB NOT NULL CHECK (length(key_id) = 16),
    created_at  TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO registry VALUES(1,'8615432c0b350434df1cb302287ac294',X'3e5b1909d108be6006401533ed7b11db','2026-11-23T05:52:33Z');
CREATE TABLE dispatch (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    unit_count  INTEGER NOT NULL CHECK (unit_count >= 0),
    imported_at TEXT NOT NULL CHECK (imported_at LIKE '____-__-__T__:__:__Z'),
    actor       TEXT NOT NULL
) STRICT;
INSERT INTO dispatch VALUES(1,'list.csv','3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802',5,'2026-11-23T05:52:33Z','Keeper');
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
INSERT INTO unit VALUES(1,'KEPT-1',1,X'016fdca94ec1010933dc936885de40a567d0ce30dea321db1b3ab64994d055ce45db319e76587abc481eedcfc4068dd3d6',1,40,1,0,'CSC-10','1.0',NULL,'2030-03-10T05:52:34Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(2,'KEPT-2',1,X'01882437df145139f35c636bd66402244268b486daf399331e2cabc9ddd9ec7d5083fd7b90b0bc643f2e6ed7899fd1d92f',3,4,24,1,'CSC-20','1.1',NULL,'2026-11-25T05:52:34Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(3,'KEPT-3',1,X'013b6476cf98e29c291bb9427e66d74373eb20c469547f938162f1533b9b682517702d9654d0b0288f6b23bff53bcd6901',1,4,1,0,NULL,NULL,NULL,'2026-11-29T05:52:34Z','here',NULL,0,NULL);
INSERT INTO unit VALUES(4,'KEPT-4',1,X'0162945d0d17858e8170cafb41d3cef34a27b3b9cc531de1afb3d8250552877ecd0ff5397acffb3436433f76a074bc1065',9,12,1,0,NULL,NULL,NULL,NULL,'angaza',NULL,0,NULL);
INSERT INTO unit VALUES(5,'KEPT-5',1,X'01f793a575640e238600030dd2ef994b713a167dd3b5558253e6f5e68b1e68228af3ef4a087436ec815b75baa10f1d4919',1,677,1,0,NULL,NULL,NULL,NULL,'here','9999-12-31T23:59:59Z',0,NULL);
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    since       TEXT NOT NULL CHECK (since LIKE '____-__-__T__:__:__Z'),
    until       TEXT CHECK (until LIKE '____-__-__T__:__:__Z')
) STRICT;
INSERT INTO assignment VALUES(1,1,1,'2026-11-23T05:52:34Z',NULL);
INSERT INTO assignment VALUES(2,2,2,'2026-11-23T05:52:34Z','2026-11-23T05:52:34Z');
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
    actor        TEXT NOT NULL, request TEXT CHECK (request GLOB 'days ?*' OR request GLOB 'until ????-??-??T??:??:??Z'), first_id INTEGER REFERENCES token (id), event INTEGER REFERENCES event (sequence), test TEXT CHECK (test <> '' AND length(test) <= 8 AND test NOT GLOB '*[^A-Z0-9]*'),
    UNIQUE (unit_id, count),
    CHECK ((type = 'addTime') = (count % 2 = 0)),
    CHECK ((type IN ('addTime', 'setTime')) = (value IS NOT NULL))
) STRICT;
INSERT INTO token VALUES(1,1,2,'addTime',30,1,'399845819',1,'MP-1','2026-12-23T05:52:34Z','2026-11-23T05:52:34Z','Keeper',NULL,NULL,6,NULL);
INSERT INTO token VALUES(2,1,4,'addTime',7,1,'395084796',1,NULL,'2026-12-30T05:52:34Z','2026-11-23T05:52:34Z','Keeper',NULL,NULL,7,NULL);
INSERT INTO token VALUES(3,2,4,'addTime',48,24,'231441334311433',NULL,'MP-2','2026-11-25T05:52:34Z','2026-11-23T05:52:34Z','Keeper',NULL,NULL,8,NULL);
INSERT INTO token VALUES(4,3,2,'addTime',1,1,'221430302',NULL,NULL,'2026-11-24T05:52:34Z','2026-11-23T05:52:34Z','Keeper',NULL,NULL,11,NULL);
INSERT INTO token VALUES(5,3,4,'addTime',5,1,'474718782',NULL,'MP-3','2026-11-29T05:52:34Z','2026-11-23T05:52:34Z','Keeper',NULL,NULL,13,NULL);
INSERT INTO token VALUES(6,1,5,'setTime',3,1,'039585792',1,'MP-4','2026-11-26T05:52:34Z','2026-11-23T05:52:34Z','Keeper',NULL,NULL,15,NULL);
INSERT INTO token VALUES(7,1,7,'setTime',995,1,'882673784',1,'MP-5','2029-08-14T05:52:34Z','2026-11-23T05:52:34Z','Keeper','days 1200',NULL,16,NULL);
INSERT INTO token VALUES(8,1,8,'addTime',208,1,'237741997',1,NULL,'2030-03-10T05:52:34Z','2026-11-23T05:52:34Z','Keeper',NULL,7,17,NULL);
INSERT INTO token VALUES(9,5,3,'setTime',1,1,'951267897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,23,'G2');
INSERT INTO token VALUES(10,5,4,'addTime',1,1,'000895897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,24,'G3');
INSERT INTO token VALUES(11,5,5,'setTime',30,1,'945856926',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,25,'G5');
INSERT INTO token VALUES(12,5,7,'setTime',0,1,'641409896',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,26,'G6');
INSERT INTO token VALUES(13,5,8,'addTime',995,1,'997090891',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,27,'G7A');
INSERT INTO token VALUES(14,5,10,'addTime',995,1,'367610891',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,28,'G7B');
INSERT INTO token VALUES(15,5,12,'addTime',995,1,'232206891',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,29,'G7C');
INSERT INTO token VALUES(16,5,41,'setTime',1,1,'826448897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,30,'G8A');
INSERT INTO token VALUES(17,5,71,'setTime',2,1,'240013898',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,31,'G8B');
INSERT INTO token VALUES(18,5,101,'setTime',3,1,'386115899',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,32,'G8C');
INSERT INTO token VALUES(19,5,131,'setTime',4,1,'642546900',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,33,'G8D');
INSERT INTO token VALUES(20,5,161,'setTime',5,1,'150965901',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,34,'G8E');
INSERT INTO token VALUES(21,5,191,'setTime',6,1,'852132902',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,35,'G8F');
INSERT INTO token VALUES(22,5,221,'setTime',7,1,'069503903',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,36,'G8G');
INSERT INTO token VALUES(23,5,251,'setTime',8,1,'136749904',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,37,'G8H');
INSERT INTO token VALUES(24,5,281,'setTime',9,1,'889220905',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,38,'G8I');
INSERT INTO token VALUES(25,5,311,'setTime',10,1,'221030906',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,39,'G8J');
INSERT INTO token VALUES(26,5,341,'setTime',11,1,'430389907',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,40,'G8K');
INSERT INTO token VALUES(27,5,371,'setTime',12,1,'065934908',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,41,'G8L');
INSERT INTO token VALUES(28,5,401,'setTime',13,1,'165839909',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,42,'G8M');
INSERT INTO token VALUES(29,5,431,'setTime',14,1,'914978910',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,43,'G8N');
INSERT INTO token VALUES(30,5,461,'setTime',15,1,'581377911',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,44,'G8O');
INSERT INTO token VALUES(31,5,491,'setTime',16,1,'598551912',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,45,'G8P');
INSERT INTO token VALUES(32,5,521,'setTime',17,1,'036991913',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,46,'G8Q');
INSERT INTO token VALUES(33,5,551,'setTime',18,1,'670111914',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,47,'G8R');
INSERT INTO token VALUES(34,5,581,'setTime',19,1,'259718915',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,48,'G8S');
INSERT INTO token VALUES(35,5,611,'setTime',20,1,'259827916',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,49,'G8T');
INSERT INTO token VALUES(36,5,641,'setTime',21,1,'529084917',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,50,'G8U');
INSERT INTO token VALUES(37,5,643,'disablePayg',NULL,1,'624378894',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,51,'G9');
INSERT INTO token VALUES(38,5,645,'setTime',0,1,'322743896',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,52,'G10');
INSERT INTO token VALUES(39,5,647,'disablePayg',NULL,1,'415341894',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,53,'G11A');
INSERT INTO token VALUES(40,5,648,'addTime',0,1,'747190896',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,54,'G11B');
INSERT INTO token VALUES(41,5,649,'setTime',0,1,'502171896',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,55,'G12A');
INSERT INTO token VALUES(42,5,650,'addTime',1,1,'186737897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,56,'G12B');
INSERT INTO token VALUES(43,5,651,'setTime',60,1,'759028956',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,57,'U1A');
INSERT INTO token VALUES(44,5,652,'addTime',10,1,'039877906',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,58,'U1C');
INSERT INTO token VALUES(45,5,654,'addTime',5,1,'982827901',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,59,'U1D');
INSERT INTO token VALUES(46,5,656,'addTime',1,1,'643221897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,60,'U1B');
INSERT INTO token VALUES(47,5,658,'addTime',5,1,'916555901',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,61,'U2B');
INSERT INTO token VALUES(48,5,659,'setTime',10,1,'281892906',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,62,'U2A');
INSERT INTO token VALUES(49,5,660,'addTime',3,1,'055804899',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,63,'U2C');
INSERT INTO token VALUES(50,5,662,'addTime',1,1,'289123897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,64,'U3B');
INSERT INTO token VALUES(51,5,663,'disablePayg',NULL,1,'495851894',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,65,'U3A');
INSERT INTO token VALUES(52,5,665,'setTime',0,1,'183468896',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,66,'U4');
INSERT INTO token VALUES(53,5,666,'addTime',1,1,'679636897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,67,'S1A');
INSERT INTO token VALUES(54,5,668,'addTime',2,1,'969890898',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,68,'S1C');
INSERT INTO token VALUES(55,5,669,'counterSync',NULL,1,'634728895',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,69,'S1B');
INSERT INTO token VALUES(56,5,670,'addTime',1,1,'352695897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,70,'S1D');
INSERT INTO token VALUES(57,5,671,'setTime',1,1,'929311897',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,71,'H2A');
INSERT INTO token VALUES(58,5,672,'addTime',2,1,'697891898',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,72,'H2C');
INSERT INTO token VALUES(59,5,673,'disablePayg',NULL,1,'707356894',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,73,'H2D');
INSERT INTO token VALUES(60,5,675,'setTime',2,1,'416300898',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,74,'H1A');
INSERT INTO token VALUES(61,5,677,'setTime',0,1,'871314896',NULL,NULL,NULL,'2026-11-23T05:52:34Z','Keeper',NULL,NULL,75,'H1B');
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
INSERT INTO export VALUES(1,'paygops','out.csv','58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951',1,'paygops','2026-11-23T05:52:34Z','Keeper',replace('# PaygOps takes the standard''s device list: its makers publish the standard.\ntitle: PaygOps\nsource: the device list of the OpenPAYGO Token standard, which PaygOps'' makers publish\ncolumns:\n  - {header: Serial Number, field: paygID, required: true}\n  - {header: Starting Code, field: startingCode, required: true}\n  - {header: Key, field: key, required: true}\n  - {header: Count, field: count, required: true}\n  - {header: Time Divider, field: timeDivider, required: true}\n  - {header: Restricted Digit Mode, field: restrictedDigits, required: true}\n  - {header: Hardware Model, field: hardwareModel}\n  - {header: Version, field: firmwareVersion}\n  - {header: Test Code, field: testCode}\n','\n',char(10)),'{"names":{}}',NULL);
INSERT INTO export VALUES(2,'angaza','angaza.csv','f6242c41bf9db0b2e9236ee0386474fbcf6ce213538f67c99df638fa0d8992c6',1,'angaza','2026-11-23T05:52:34Z','Keeper',replace('# Angaza knows two Cloud Solar products, which it activates for an account\n# first. Which of them a unit is, its hardware model says; the names they have\n# at Angaza stand in the account, and are given once:\n#   payg profile set angaza product-1 NAME\n# Neither the template nor the models of the two products are public: the\n# models below are an assumption. For others, copy this file and change them.\ntitle: Angaza\nsource: the values that Cloud Solar''s support pages say a tokening provider is passed; the headers are our own\nunverified: Angaza''s template is not public; check this file with Angaza before the first upload\nproducts:\n  - {key: product-1, models: ["CSC-10*"]}\n  - {key: product-2, models: ["CSC-20*"]}\ncolumns:\n  - {header: Unit Number, field: paygID, required: true}\n  - {header: Secret Key, field: key, required: true}\n  - {header: Starting Code, field: startingCode, required: true}\n  - {header: Count, field: count, required: true}\n  - {header: Product, field: product, required: true}\n','\n',char(10)),'{"names":{"product-1":"Kit 10"},"product":"Kit 10"}',NULL);
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
INSERT INTO event VALUES(1,'2026-11-23T05:52:33Z','Keeper','registryCreated','{"keyID":"3e5b1909d108be6006401533ed7b11db","registry":"8615432c0b350434df1cb302287ac294"}',X'19e175e0b77584cfc76ebbad16c8887bc0d50bca079f2aef0c3d2391f9bdf232',X'081be6244e2699d89939179e3a3fccbb7b26a0937b127990527c0e2921794df9',NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(2,'2026-11-23T05:52:33Z','Keeper','dispatchImported','{"added":5,"dispatch":1,"file":"list.csv","sha256":"3a00439c9bbc268b3e670242a6c9ec8d96c4ec5869dbc512f683ae2efc9ae802","unchanged":0,"unitsSHA256":"b4bf03ce867d713c74ebcf80f8fdeb1324a71631d4aa1929dd7bb470314844a9"}',X'4f0da7caa1caab2a563c79f2e730193b503d3aaacbd2eb2231639bf421f3aa3f',X'250c5c4791b560ff14ab630beedcf095fe36a99cae2855142db0b7b5e23538bc',NULL,NULL,1,NULL);
INSERT INTO event VALUES(3,'2026-11-23T05:52:33Z','Keeper','customerAdded','{"customer":"K-1"}',X'f48a46509947adf28e99ad582665c3e69319033b0830cf9961f7721ce703c8cd',NULL,NULL,1,NULL,NULL);
INSERT INTO event VALUES(4,'2026-11-23T05:52:34Z','Keeper','customerAdded','{"customer":"K-2"}',X'a004b536e1260e3e1f7c87c589c66e9d2a2bc6ca985ace0db36a5d2118f1a497',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(5,'2026-11-23T05:52:34Z','Keeper','unitAssigned','{"customer":"K-1","unit":"KEPT-1"}',X'8fe2e2e1e5a8aecd27be75594e49bf66ce3740ecb0340055960dbf187128a217',NULL,1,1,NULL,NULL);
INSERT INTO event VALUES(6,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":2,"customer":"K-1","paidUntil":"2026-12-23T05:52:34Z","reference":"MP-1","timeDivider":1,"token":"399845819","type":"addTime","unit":"KEPT-1","value":30}',X'ae60fd5acdd02a5e3f387c54e022bc94e4b96be27e1e57656cdfae43d2513b8d',X'17628de12c5ea5cf1e7f187386d8d6bc8b22c60bb9b8786b81978178c8b1bcb0',1,1,NULL,NULL);
INSERT INTO event VALUES(7,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":4,"customer":"K-1","paidUntil":"2026-12-30T05:52:34Z","timeDivider":1,"token":"395084796","type":"addTime","unit":"KEPT-1","value":7}',X'b912a9c225d1e43db5efc09c490873e7d31d3b698b790963bbaf3181d272204b',X'8c5e598e3fecd4d993e48a56b24ec8e9b7dc62b819d59d469491bfd52b5c1e63',1,1,NULL,NULL);
INSERT INTO event VALUES(8,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-25T05:52:34Z","reference":"MP-2","timeDivider":24,"token":"231441334311433","type":"addTime","unit":"KEPT-2","value":48}',X'2ff76bc9dc4b67678ef7ee55f368c2b48dd0d9ab21a30d834c12705fa2ab62fa',X'5f82da715176f159628564d1c1e00bf5f115c172fe8391dbf86e34e1dbaf6078',2,NULL,NULL,NULL);
INSERT INTO event VALUES(9,'2026-11-23T05:52:34Z','Keeper','unitAssigned','{"customer":"K-2","unit":"KEPT-2"}',X'ec81bd2803f673dd77daa36e773eb99e9382b00cadceb916d160b636908fee40',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(10,'2026-11-23T05:52:34Z','Keeper','unitUnassigned','{"customer":"K-2","unit":"KEPT-2"}',X'ebb95451f10be54a88c5a53c6cf1901c296ac9350bcc367a26e5c742e401bf77',NULL,2,2,NULL,NULL);
INSERT INTO event VALUES(11,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":2,"paidUntil":"2026-11-24T05:52:34Z","timeDivider":1,"token":"221430302","type":"addTime","unit":"KEPT-3","value":1}',X'f5bc56d99fb7f885b3635963c8d05d7daab1b5f9d31696078b87346f88f44770',X'ab9503080b68037d2e48a577ca66459dec94dcf31ef9257685e695c26960f1f3',3,NULL,NULL,NULL);
INSERT INTO event VALUES(12,'2026-11-23T05:52:34Z','Keeper','credentialsReplaced','{"file":"other.csv","formerSHA256":"af7f769ad59ec1020b0a4e9dc83643642a50e0b1ef4c3a7b89b57f2c6c29abe4","lastCount":2,"reason":"a letter from the maker","sealedSHA256":"5d63fa4a5cf376f8fd60d4cfc2c36b8e30eb9cf1ef5c0f8df731a66e97b7b7d5","sha256":"a2309438c1164913384efac29d46b9dbcdbf7edaf30cc4d765e162280e4c326f","unit":"KEPT-3"}',X'9ae952df38f14d48667b2ac67ed45743378b1c21a2b13e2a55f29e6d7d9c8c94',X'329fbe2a6573d28a5494c968f04a7a0dec59572f432f0aca96725b1a1c1219cc',3,NULL,NULL,NULL);
INSERT INTO event VALUES(13,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":4,"paidUntil":"2026-11-29T05:52:34Z","reference":"MP-3","timeDivider":1,"token":"474718782","type":"addTime","unit":"KEPT-3","value":5}',X'03c885558c2c81496661339692359bfced3659ce7c4ea4e1cdcc2bf44c52310b',X'6f384d239d0beabc26b34935014ace92529eb81aed0235f63d8f38ba6dd579ea',3,NULL,NULL,NULL);
INSERT INTO event VALUES(14,'2026-11-23T05:52:34Z','Keeper','customerChanged','{"changed":["language","note"],"customer":"K-2"}',X'483132d695539e4088b32309cb660589436b6032a8248a56c7e9b52c052cfb08',NULL,NULL,2,NULL,NULL);
INSERT INTO event VALUES(15,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":5,"customer":"K-1","paidUntil":"2026-11-26T05:52:34Z","reference":"MP-4","timeDivider":1,"token":"039585792","type":"setTime","unit":"KEPT-1","value":3}',X'59b4ea4ee03959149e4afbad0986738a429d7defaa49919b5bcc03dd30dbb5b5',X'c9fbc59a079bdf3fdcdd84cb4d68de6dfac4c3a3ed770b7b03811e6f2bb74c6d',1,1,NULL,NULL);
INSERT INTO event VALUES(16,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":7,"customer":"K-1","paidUntil":"2029-08-14T05:52:34Z","reference":"MP-5","request":"days 1200","timeDivider":1,"token":"882673784","type":"setTime","unit":"KEPT-1","value":995}',X'c255e57290311abb46c12b714afbe5524162049f5a7bdab56f5fb40686422195',X'1a294e43e905ba83877fe42eed5d9cdec3ce64a484c919fcce2a2b689a347e45',1,1,NULL,NULL);
INSERT INTO event VALUES(17,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":8,"customer":"K-1","first":7,"paidUntil":"2030-03-10T05:52:34Z","timeDivider":1,"token":"237741997","type":"addTime","unit":"KEPT-1","value":208}',X'b2be85fc0226afbd5052ae7678ca33a6fdd8104c1aee8a8c8e306daef8357d10',X'7688c2635553a43d585b485def41a71c1db5a23f258bb39a2582099990f17604',1,1,NULL,NULL);
INSERT INTO event VALUES(18,'2026-11-23T05:52:34Z','Keeper','countSet','{"from":8,"reason":"the display says so","to":40,"unit":"KEPT-1"}',X'd24ceb074d3c2cfc2b34cbe406b00e484deba7a924177b1c51c1a49579080274',X'ee6cfd7d3af3caea96db9fa9fbd212a1b60cfe45b5813ff6c0c981e3da830272',1,NULL,NULL,NULL);
INSERT INTO event VALUES(19,'2026-11-23T05:52:34Z','Keeper','credentialsExported','{"authority":"paygops","export":1,"file":"out.csv","productsSHA256":"0463a634f09bf631bdf9b88a35815d5a4f75d71ca5aaf8ca308c36856807c066","profile":"paygops","profileSHA256":"dba8b90bb900f86739984e032b88cbe5e7d9c18d959fc47eb713d658f7a8a107","sha256":"58cc5d6ecae2fb1c16798ed45f3bfd9756475e56ef94cd8597f44aaf2a6ab951","units":1,"unitsSHA256":"eddfc9b7faa1eefc4936bfd3c48bc0fa751dfd46b9a8c32f21ef45d3958945ac"}',X'b4f3dac75673ba3f2d699129cbbb4c0d689c1b79aa9a33b2ad429bd339a05b24',X'35d8f11799fab0db30379aa671278b8d4451d1d22fa6c66144d65418d222f352',NULL,NULL,NULL,1);
INSERT INTO event VALUES(20,'2026-11-23T05:52:34Z','Keeper','unitReclaimed','{"count":12,"from":"paygops","reason":"the contract ended","unit":"KEPT-4"}',X'6d11a59d7a7741dd91bf554199ed4af079ddc83eb9c7da151cbdfa8217db79a2',X'02c1106f6de332a66a90b08e355b97878a62615b9e52fc700b3f21fb7a2cfc26',4,NULL,NULL,NULL);
INSERT INTO event VALUES(21,'2026-11-23T05:52:34Z','Keeper','productNamed','{"name":"Kit 10","product":"product-1","profile":"angaza"}',X'ba58601deef86d7efee56d333f4044fbe2b262df8c50142242dd793b174fb04c',NULL,NULL,NULL,NULL,NULL);
INSERT INTO event VALUES(22,'2026-11-23T05:52:34Z','Keeper','credentialsExported','{"authority":"angaza","export":2,"file":"angaza.csv","productsSHA256":"7294f76e5ae0195978a7b30d8f3f5cf4f6e536c93b6702c0f98f883efd154a66","profile":"angaza","profileSHA256":"54984848091df762841716c56ff57bc89b636fcc6f1af28359b6de6438a03237","sha256":"f6242c41bf9db0b2e9236ee0386474fbcf6ce213538f67c99df638fa0d8992c6","units":1,"unitsSHA256":"673fbc4f4936a1a66015553f43b932ed63b2d72012cdb390568a4f39a5137d9c"}',X'4e9d5543e978b898c72278c41df736fd91fb61a5966270df16d886d115e6100b',X'a69c51f63bba16dfe1ee386e181306a5faf5ba8e78d5f113a3098bd62715c3d7',NULL,NULL,NULL,2);
INSERT INTO event VALUES(23,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":3,"test":"G2","timeDivider":1,"token":"951267897","type":"setTime","unit":"KEPT-5","value":1}',X'f6cafca0103c7c8c36f6ec5bf3b72f457f0979c327417710051c767999536162',X'3c8b2f030f5747b19bd9954025abfafefba86583f90c7ecb6b3186540c57c05b',5,NULL,NULL,NULL);
INSERT INTO event VALUES(24,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":4,"test":"G3","timeDivider":1,"token":"000895897","type":"addTime","unit":"KEPT-5","value":1}',X'41379cfec1079970a355ad2789173cac1ae636e4569aa15f4cf2e3e252496be0',X'687c3d44cb65caa4c14447822b46aa21ca87a5db766fa9b07aee62382f638d91',5,NULL,NULL,NULL);
INSERT INTO event VALUES(25,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":5,"test":"G5","timeDivider":1,"token":"945856926","type":"setTime","unit":"KEPT-5","value":30}',X'dffe9f2207c7004bc689c5549df7bf2abe9829fd5ca030773dca2b6cf17978b0',X'6ba837a734953dd56acacf9faf0d2088b6d2d1d9763b3243247ce96dee9e6a37',5,NULL,NULL,NULL);
INSERT INTO event VALUES(26,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":7,"test":"G6","timeDivider":1,"token":"641409896","type":"setTime","unit":"KEPT-5","value":0}',X'4d0499197267e2d0e611d9fcdfa06c0b7e3ce53f340620fe016549e642ce5acf',X'0d05527b18cc2e884268f770381de8f2d558ba96b7ea8195b77a69df46f4389c',5,NULL,NULL,NULL);
INSERT INTO event VALUES(27,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":8,"test":"G7A","timeDivider":1,"token":"997090891","type":"addTime","unit":"KEPT-5","value":995}',X'455277ea937b9dc4998c823a6f9f13715f4e1303308ef74451f6cf12c88e1c46',X'74db19946bf27e4bde835518d68c5596fc454790cf5b86006cbcefdbce3099dc',5,NULL,NULL,NULL);
INSERT INTO event VALUES(28,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":10,"test":"G7B","timeDivider":1,"token":"367610891","type":"addTime","unit":"KEPT-5","value":995}',X'a6caa141052cd454a7cf2b28e6ddac2916d81819aff7c715b3179823ab41c20d',X'ea2b1874bc0dae68e359617b36edbc51116abf2fe0d5b9e4dc893afe85d2aa68',5,NULL,NULL,NULL);
INSERT INTO event VALUES(29,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":12,"test":"G7C","timeDivider":1,"token":"232206891","type":"addTime","unit":"KEPT-5","value":995}',X'd712aa897822cbadab2091e2eb7add702daf5459bad0ba1b2d62453e9f0c9aeb',X'f6722f6f89a5364c75eb8dfe9e90d858ebf417e380558de7beae7fce64523441',5,NULL,NULL,NULL);
INSERT INTO event VALUES(30,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":41,"test":"G8A","timeDivider":1,"token":"826448897","type":"setTime","unit":"KEPT-5","value":1}',X'b6a7da4e23d7d0bb2207968486e5f9aef3236344c247fef30a605c1995497d7d',X'090c7eb2d8c47fc5d034a1f336b8d64ea851102ddea8e9e38ae8059777d946c4',5,NULL,NULL,NULL);
INSERT INTO event VALUES(31,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":71,"test":"G8B","timeDivider":1,"token":"240013898","type":"setTime","unit":"KEPT-5","value":2}',X'd12c651e1052ae7a665b22bf6f8032ab4405090714141f23305c918307a49b8a',X'b1322ce14dad6a6cfcdee22198fd61a7b4091fbff123bd042738046f9f73d6ed',5,NULL,NULL,NULL);
INSERT INTO event VALUES(32,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":101,"test":"G8C","timeDivider":1,"token":"386115899","type":"setTime","unit":"KEPT-5","value":3}',X'3e995c8bfd445839c172300d8de02b09e4a48e33eda5be60cf1922a8c34c794e',X'59c3cfcf80b1ef1bc81fccf4569a0bcbac64b5886dd7047cb36e2609a84c6b74',5,NULL,NULL,NULL);
INSERT INTO event VALUES(33,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":131,"test":"G8D","timeDivider":1,"token":"642546900","type":"setTime","unit":"KEPT-5","value":4}',X'4b1151309e9f45e5613c3cba8326a092d629e428fa4c5423bf63c2ccff056728',X'1c3be8a4973b34e18634b243ec1c1147bf5ab0fb6dab88ef759e352681828b3f',5,NULL,NULL,NULL);
INSERT INTO event VALUES(34,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":161,"test":"G8E","timeDivider":1,"token":"150965901","type":"setTime","unit":"KEPT-5","value":5}',X'cd9761dc9856588d76559682dc15944388eead24670d66a97656d3aa6fdb35c7',X'0bfe3b1f0a277fa130279f8b32efc60615fbd090a8f93e544b784ad9d939b838',5,NULL,NULL,NULL);
INSERT INTO event VALUES(35,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":191,"test":"G8F","timeDivider":1,"token":"852132902","type":"setTime","unit":"KEPT-5","value":6}',X'51657cbe19379da0e897d59aa3483771b6ae3ba404aadb52ef1c19195b7edef3',X'5d56af62dd8a3940ad5a6276d00347dec9cfc16063e26334b41e84b1e92928b9',5,NULL,NULL,NULL);
INSERT INTO event VALUES(36,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":221,"test":"G8G","timeDivider":1,"token":"069503903","type":"setTime","unit":"KEPT-5","value":7}',X'93b7e7b900cad7aa8eb3f2e1a11810537867aa365fd9691a2368449f01a05997',X'd928cda5e296194b059154221c4fd77bee2129fe35ae325cee37885f073899df',5,NULL,NULL,NULL);
INSERT INTO event VALUES(37,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":251,"test":"G8H","timeDivider":1,"token":"136749904","type":"setTime","unit":"KEPT-5","value":8}',X'74af4a9559ce115d3dde8d9ae840c043d7bc541c6a4e35f5d27d85392bd3a31d',X'a49a4d0e388be338ed5403db55b4192f6c3cfa764924971f77e66f4393d98d34',5,NULL,NULL,NULL);
INSERT INTO event VALUES(38,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":281,"test":"G8I","timeDivider":1,"token":"889220905","type":"setTime","unit":"KEPT-5","value":9}',X'7970205e0b921c624325011900546d54bdbc55d5dcd7e550f4bb96d0bc0ec28f',X'497c4188d054256a6ac93386c58c5a51f48e9751325a3fb341253b9523b385fb',5,NULL,NULL,NULL);
INSERT INTO event VALUES(39,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":311,"test":"G8J","timeDivider":1,"token":"221030906","type":"setTime","unit":"KEPT-5","value":10}',X'3a6bb3453a02b1b46c08dd69713f88e411e2153f8ae8b698bb82e3d6e5c68b6b',X'cacc5d462c2be46876699e9c887ae78cc4fe30138f2c3f623adc30742f32db99',5,NULL,NULL,NULL);
INSERT INTO event VALUES(40,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":341,"test":"G8K","timeDivider":1,"token":"430389907","type":"setTime","unit":"KEPT-5","value":11}',X'd18a27404efff36537ef2e979e1642511eaf0c111ec5bbe615e77971f540dd9b',X'f1aef644171818db45e80e3ee1a6587b97a840e3ecaf3686e72f116724c0abe8',5,NULL,NULL,NULL);
INSERT INTO event VALUES(41,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":371,"test":"G8L","timeDivider":1,"token":"065934908","type":"setTime","unit":"KEPT-5","value":12}',X'9fea8e4a5cc52285de735c1ddc4aebdc645834223b161e82f7debb61a9b1f41e',X'1f86e384f7320882f5f4ed02b7c20391ab129e5b245cec6417b449e707216d18',5,NULL,NULL,NULL);
INSERT INTO event VALUES(42,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":401,"test":"G8M","timeDivider":1,"token":"165839909","type":"setTime","unit":"KEPT-5","value":13}',X'8679a2bca4711f97391e606de5a8dad916d3595231377f0ef68b56d824038f6b',X'b6e3633feed6d79727a73ee02479f87d288e77e2b7d16e55feda40ec2bee9ed1',5,NULL,NULL,NULL);
INSERT INTO event VALUES(43,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":431,"test":"G8N","timeDivider":1,"token":"914978910","type":"setTime","unit":"KEPT-5","value":14}',X'27f3ec0cd564c01711a600a6440f3cb3a098eb424eb89522a517d338539c99e1',X'46df3394089d24f7670d35c3783de65a24fd5f6305bba946de61b5f4ab0de678',5,NULL,NULL,NULL);
INSERT INTO event VALUES(44,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":461,"test":"G8O","timeDivider":1,"token":"581377911","type":"setTime","unit":"KEPT-5","value":15}',X'7fcdd623979312449f0d49715c201c4fddff7952883f9e5eafb1fc84099a785e',X'e73788e8826613c1c27008e042de8d7dc18c53525cdb41efca4f0c5dc653ee86',5,NULL,NULL,NULL);
INSERT INTO event VALUES(45,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":491,"test":"G8P","timeDivider":1,"token":"598551912","type":"setTime","unit":"KEPT-5","value":16}',X'9b2cb49df4f515530a56de289b8d8c58671538d9df78fd3ba58590fbc3fccf27',X'30fca269cd283a495e82706a06066bee4ddfc7399b517789869694bec32dcfeb',5,NULL,NULL,NULL);
INSERT INTO event VALUES(46,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":521,"test":"G8Q","timeDivider":1,"token":"036991913","type":"setTime","unit":"KEPT-5","value":17}',X'4abf3dc09e677b2652cec977b2646074d30e6bbaa5942aa6e4308e17269386f3',X'e972d8a33a665ed7728019be3896b21a116f973216493bb0fec49ef221c52b50',5,NULL,NULL,NULL);
INSERT INTO event VALUES(47,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":551,"test":"G8R","timeDivider":1,"token":"670111914","type":"setTime","unit":"KEPT-5","value":18}',X'924f69fbaa761434520ff52a7ef64d775c27a1983aec9ad780bbaf3784a011cc',X'7d9ffbfa6104bd2fc03f9207e9bbe4fdf8e46da0ff4ddcbabad132f53a5457c7',5,NULL,NULL,NULL);
INSERT INTO event VALUES(48,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":581,"test":"G8S","timeDivider":1,"token":"259718915","type":"setTime","unit":"KEPT-5","value":19}',X'1166e787388628672e273b9ff53ba364c44c67425b0d573937b995e88c101dee',X'93cb38ad8acaace591efaafa897e8a4af63b2228c34a89cffe605da17af098a7',5,NULL,NULL,NULL);
INSERT INTO event VALUES(49,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":611,"test":"G8T","timeDivider":1,"token":"259827916","type":"setTime","unit":"KEPT-5","value":20}',X'733cc4ea558c6806f3a50615992a0be846b743ea5849bac1fe5939bd8d927ddf',X'ce794e7873eea5b3b93f0c89b7b5405d98999ba45e629ab1ddaa59d9a03c5b72',5,NULL,NULL,NULL);
INSERT INTO event VALUES(50,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":641,"test":"G8U","timeDivider":1,"token":"529084917","type":"setTime","unit":"KEPT-5","value":21}',X'1b60ffdf8218f58a3a59a55c738490f9d548f42ae5fb0b14d8dea8d3e0062027',X'd2a468f846e4ff42ca3c5351e609d1edf466a05b1730de31327d1790de2a6dce',5,NULL,NULL,NULL);
INSERT INTO event VALUES(51,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":643,"test":"G9","timeDivider":1,"token":"624378894","type":"disablePayg","unit":"KEPT-5"}',X'ce21e8f7413c3ea68cebd4b414227d7b07636b9c310cc7ceaf5cbc32853cfeb1',X'c3954d5a640e58567739e93c5969953ed29384d98576c1d4cb7e3d7f1c8cb3d5',5,NULL,NULL,NULL);
INSERT INTO event VALUES(52,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":645,"test":"G10","timeDivider":1,"token":"322743896","type":"setTime","unit":"KEPT-5","value":0}',X'7ba2da58adc42e85e7cd92b7302767bb25e916a97859be0a94c4b03fdd86f9cc',X'f14da794a468ef15e40f119788d2c969d0bd6eb24f1a4ea293d44f91e017f100',5,NULL,NULL,NULL);
INSERT INTO event VALUES(53,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":647,"test":"G11A","timeDivider":1,"token":"415341894","type":"disablePayg","unit":"KEPT-5"}',X'7967a122a55c540e75672a2a13898f02681c2369f704348ef9b74b2a12452b44',X'99d173ab270f9568efee4c3575ee99408cf327b638e3e6f63b0d6f24383d2a7e',5,NULL,NULL,NULL);
INSERT INTO event VALUES(54,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":648,"test":"G11B","timeDivider":1,"token":"747190896","type":"addTime","unit":"KEPT-5","value":0}',X'e6f97b14a5d0e278722ffad53728d9dba49aee4875073afa0365ec6c036332a1',X'642393daac310a0410805a38c3fa237550771a9961c88ae144aef4ba6342b6fd',5,NULL,NULL,NULL);
INSERT INTO event VALUES(55,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":649,"test":"G12A","timeDivider":1,"token":"502171896","type":"setTime","unit":"KEPT-5","value":0}',X'59308c916c305b8287388743e6518de3a0bb7c91c757e2dbc8e3618a68bfdd4d',X'56a3d085873e69a6a075fc63ed80e3582f162beae11417299e29975379b63adb',5,NULL,NULL,NULL);
INSERT INTO event VALUES(56,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":650,"test":"G12B","timeDivider":1,"token":"186737897","type":"addTime","unit":"KEPT-5","value":1}',X'13930ad5017236525ec4a107033fe6c053c8b5811105b45d36bec116b297a159',X'4727e5e6958250ed3ddfdbf3acd2eb9cb58e6ecb9c4e3bfea4a44a40ef4e7660',5,NULL,NULL,NULL);
INSERT INTO event VALUES(57,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":651,"test":"U1A","timeDivider":1,"token":"759028956","type":"setTime","unit":"KEPT-5","value":60}',X'f51266027dcdda7e08e42970f47a8a1c66f4b6e259af86a46973f1aadfbd20d6',X'4d57664d20354c5007fc19cdcdfe3aafb26687475d58af609ff0afe466fe33ff',5,NULL,NULL,NULL);
INSERT INTO event VALUES(58,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":652,"test":"U1C","timeDivider":1,"token":"039877906","type":"addTime","unit":"KEPT-5","value":10}',X'ae7e800da68599624a933598c65b49a4b6941e6fe2479481a9fe065c22b45dde',X'582b277ff0b9f30b759be6a1b43ed636b35d857ea8606d311906f79cf0d9a4f1',5,NULL,NULL,NULL);
INSERT INTO event VALUES(59,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":654,"test":"U1D","timeDivider":1,"token":"982827901","type":"addTime","unit":"KEPT-5","value":5}',X'7bb87ce4ddbb22707b9b39152403602d8e74a9057e768c5937915259de35e9a0',X'7e6ffe1f2767927f4ab3369256a8a167bc3462486008c4b84eb09a923300a1ba',5,NULL,NULL,NULL);
INSERT INTO event VALUES(60,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":656,"test":"U1B","timeDivider":1,"token":"643221897","type":"addTime","unit":"KEPT-5","value":1}',X'ea9c068cb1cc4f50cecb8efc3260c7baca14b1a46ef3b55a65d09588edb38bb4',X'88f367e65ddc8a0da13a546dec0aa1ce9a61f0304439cf4cdba280d5b2002f93',5,NULL,NULL,NULL);
INSERT INTO event VALUES(61,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":658,"test":"U2B","timeDivider":1,"token":"916555901","type":"addTime","unit":"KEPT-5","value":5}',X'4a94bf7d7a9afa8b25e999c7a1198fec154c63b8a27e1948e3c93255ad681cf1',X'cbce9b6363a306b6966f7356e6e577a3cc856d2b5da6473c5d5290676e12a280',5,NULL,NULL,NULL);
INSERT INTO event VALUES(62,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":659,"test":"U2A","timeDivider":1,"token":"281892906","type":"setTime","unit":"KEPT-5","value":10}',X'5683545fc93717c4028be11ea7e218a77ef5b55dda02d023ccca68d5f4675767',X'f0e3ee29f7e2514d3dcc506973179351fc7cde95aab25eabd007d206635e6b19',5,NULL,NULL,NULL);
INSERT INTO event VALUES(63,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":660,"test":"U2C","timeDivider":1,"token":"055804899","type":"addTime","unit":"KEPT-5","value":3}',X'3273ebb91e02da901aafb1575c83bd4b69770ef7e05bb53a1e25763c7a62a459',X'9938ae6a800ed2f73490490e922ec56e82d41381b429b441c810645241c37444',5,NULL,NULL,NULL);
INSERT INTO event VALUES(64,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":662,"test":"U3B","timeDivider":1,"token":"289123897","type":"addTime","unit":"KEPT-5","value":1}',X'cf1bcd481d7e1407377f41b923944c90b349790fa9393686a1f1b7688cc1cb42',X'043d7b6b8f60e5eb81bb5ee487ae7789f64802e1d673d82fd987d76bcd6349cb',5,NULL,NULL,NULL);
INSERT INTO event VALUES(65,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":663,"test":"U3A","timeDivider":1,"token":"495851894","type":"disablePayg","unit":"KEPT-5"}',X'c32886ae5098398293b9e9b592aca3f972665b9a092e61903b480d981b4bcebe',X'08927b0356e0189498e1434185819a1039abd3650b28ad6a927dae743d095d38',5,NULL,NULL,NULL);
INSERT INTO event VALUES(66,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":665,"test":"U4","timeDivider":1,"token":"183468896","type":"setTime","unit":"KEPT-5","value":0}',X'a83f563d3c065082a0240cd297477c167f091b58bab47d9ba53370cd17838d80',X'cfbef9af08909c252c36235dff0ea849e50680cd0830d30c6d1f18ff54994289',5,NULL,NULL,NULL);
INSERT INTO event VALUES(67,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":666,"test":"S1A","timeDivider":1,"token":"679636897","type":"addTime","unit":"KEPT-5","value":1}',X'86cb060eb0429ee266b6bdb0f9f56a461365fca40d117f32742a57f9c7113b26',X'b6ba86afd09f44a55863c27027a531f89ccc08ea7fe3cd11649a3c13f2dc45bb',5,NULL,NULL,NULL);
INSERT INTO event VALUES(68,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":668,"test":"S1C","timeDivider":1,"token":"969890898","type":"addTime","unit":"KEPT-5","value":2}',X'e87676e3256b7e6449cd4142e32507ccd5a812a30032864a6c25f223f1979f55',X'170ec17e00683cad8aabfa534b88cf4444b378a0bd2d975ebadf4fe42de5e909',5,NULL,NULL,NULL);
INSERT INTO event VALUES(69,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":669,"test":"S1B","timeDivider":1,"token":"634728895","type":"counterSync","unit":"KEPT-5"}',X'512b99c0ab85e351b8ec52d0c12ef7ad0f964578b9b5a855c95b1f5d34b74c9d',X'29ce4c03452e87cbe8a18f8d726fe34719c47d4df6db6b80131226f4bea23d54',5,NULL,NULL,NULL);
INSERT INTO event VALUES(70,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":670,"test":"S1D","timeDivider":1,"token":"352695897","type":"addTime","unit":"KEPT-5","value":1}',X'ba9cccf7bb2d6125d77e9dc698a010ee9c9b03afb5913a2c2f429e46512e8666',X'5228bc3eaa74e5a3bee424e23c7f2d2a5e6be8e9d5f336ed4de9da8c75e65adb',5,NULL,NULL,NULL);
INSERT INTO event VALUES(71,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":671,"test":"H2A","timeDivider":1,"token":"929311897","type":"setTime","unit":"KEPT-5","value":1}',X'5ebbdef45ca01e9ae5996c2c0a29a77c1fb3f798bb1e2518c1f381d67efbabe7',X'd0cf00d8f81d0d0dcb0c29249c404c7072c286346a75d982a29a7d0ae0ec6f7c',5,NULL,NULL,NULL);
INSERT INTO event VALUES(72,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":672,"test":"H2C","timeDivider":1,"token":"697891898","type":"addTime","unit":"KEPT-5","value":2}',X'cb2bcd9c4e72cf28c9bd7ee02211025dafc062719fb2ac75ce1ed6fdaafd25c8',X'40fed3a092988ad95a1b48f90436adc68c315b3c489edd82c1db1889e5aa2fd9',5,NULL,NULL,NULL);
INSERT INTO event VALUES(73,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":673,"test":"H2D","timeDivider":1,"token":"707356894","type":"disablePayg","unit":"KEPT-5"}',X'd9a956eb94c21ab7a129f60c5f2a94e5bb561f20c0505dbaf98f2cd7902b8478',X'0f4d03d284e23baf53587dc1807c12268630a81cd00d08711f007c55730ce354',5,NULL,NULL,NULL);
INSERT INTO event VALUES(74,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":675,"test":"H1A","timeDivider":1,"token":"416300898","type":"setTime","unit":"KEPT-5","value":2}',X'646e4d78a15b1753449318fbb13c6bece62bcc2094b207b01d3fba5158dcf1c0',X'394969a7edb4522b9f4cb8eb6ff7de0444a0dd7eeb41e8b31ebc0d2ac87179db',5,NULL,NULL,NULL);
INSERT INTO event VALUES(75,'2026-11-23T05:52:34Z','Keeper','tokenIssued','{"count":677,"test":"H1B","timeDivider":1,"token":"871314896","type":"setTime","unit":"KEPT-5","value":0}',X'66b327be97d025768d50e75bc18b0663afad65dbeaa91265f5a9d56c8426bf04',X'27d822ac8e3b9a88f63d9874237fe86d86762cc30827fd036090303ea007f87e',5,NULL,NULL,NULL);
CREATE TABLE former_credentials (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999999999),
    unit_id    INTEGER NOT NULL REFERENCES unit (id),
    sealed     BLOB NOT NULL CHECK (length(sealed) >= 49),
    last_count INTEGER NOT NULL CHECK (last_count BETWEEN 0 AND 9999999)
) STRICT;
INSERT INTO former_credentials VALUES(1,3,X'01da992c4e2c34722b3dc8b77a41ba245d448626ffc8a22a4eed3a5b67c5b4776c563eb00a5f4ba25164f30fee4122d208',2);
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
CREATE TRIGGER export_unit_adds BEFORE INSERT ON export_unit
WHEN NEW.export_id <= (SELECT max(id) FROM export) BEGIN
    SELECT RAISE(ABORT, 'an export is never changed');
END;
COMMIT;
