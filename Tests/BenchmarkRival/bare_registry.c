#include "bare_registry.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct bare_registry {
    sqlite3 *db;
    sqlite3_stmt *begin, *update, *token, *event, *commit;
};

static int prepare(struct bare_registry *registry, const char *sql, sqlite3_stmt **statement) {
    return sqlite3_prepare_v2(registry->db, sql, -1, statement, NULL);
}

static int run(sqlite3_stmt *statement) {
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

struct bare_registry *bare_registry_open(const char *path, int64_t units) {
    struct bare_registry *registry = calloc(1, sizeof *registry);
    char sql[512];
    if (!registry) return NULL;
    snprintf(sql, sizeof sql,
        "INSERT INTO unit SELECT value, printf('CSP-%%07d', value), randomblob(49), 1, NULL "
        "FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT %lld) SELECT value FROM n)",
        (long long)units);
    // As SQLite comes: whoever links this with payg has another way to write logs.
    if (sqlite3_open_v2(path, &registry->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix")
        || sqlite3_exec(registry->db,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE unit (id INTEGER PRIMARY KEY, payg_id TEXT, sealed BLOB, count INTEGER, paid_until TEXT);"
            "CREATE TABLE token (id INTEGER PRIMARY KEY, unit_id INTEGER, count INTEGER, type TEXT, value INTEGER,"
            "  digits TEXT, reference TEXT, paid_until TEXT, issued_at TEXT, actor TEXT);"
            "CREATE TABLE event (sequence INTEGER PRIMARY KEY, at TEXT, actor TEXT, action TEXT, detail TEXT,"
            "  hash BLOB, mac BLOB);", NULL, NULL, NULL)
        || sqlite3_exec(registry->db, sql, NULL, NULL, NULL)
        || prepare(registry, "BEGIN IMMEDIATE", &registry->begin)
        || prepare(registry, "UPDATE unit SET count = count + 2, paid_until = '2026-12-03T09:00:00Z' WHERE id = ?",
            &registry->update)
        || prepare(registry,
            "INSERT INTO token (unit_id, count, type, value, digits, reference, paid_until, issued_at, actor) VALUES "
            "(?, 2, 'addTime', 30, '588224011', ?, '2026-12-03T09:00:00Z', '2026-11-03T09:00:00Z', 'benchmark')",
            &registry->token)
        || prepare(registry,
            "INSERT INTO event (at, actor, action, detail, hash, mac) VALUES ('2026-11-03T09:00:00Z', 'benchmark', "
            "'tokenIssued', '{\"count\":2,\"paidUntil\":\"2026-12-03T09:00:00Z\",\"reference\":\"MP-00000001\","
            "\"timeDivider\":1,\"token\":\"588224011\",\"type\":\"addTime\",\"unit\":\"CSP-0000001\",\"value\":30}', "
            "zeroblob(32), zeroblob(32))", &registry->event)
        || prepare(registry, "COMMIT", &registry->commit)) {
        bare_registry_close(registry);
        return NULL;
    }
    return registry;
}

int bare_registry_issue(struct bare_registry *registry, int64_t unit, const char *reference) {
    sqlite3_bind_int64(registry->update, 1, unit);
    sqlite3_bind_int64(registry->token, 1, unit);
    sqlite3_bind_text(registry->token, 2, reference, -1, SQLITE_TRANSIENT);
    return run(registry->begin) || run(registry->update) || run(registry->token) || run(registry->event)
        || run(registry->commit);
}

void bare_registry_close(struct bare_registry *registry) {
    if (!registry) return;
    sqlite3_finalize(registry->begin);
    sqlite3_finalize(registry->update);
    sqlite3_finalize(registry->token);
    sqlite3_finalize(registry->event);
    sqlite3_finalize(registry->commit);
    sqlite3_close(registry->db);
    free(registry);
}
