#ifndef BARE_REGISTRY_H
#define BARE_REGISTRY_H

#include <stdint.h>

/* The least that a durable issue can be: SQLite without rules, indexes or
   computation. Each call is one transaction with synchronous = FULL that
   updates one row and inserts two. */
struct bare_registry;

/* A new database with so many units; NULL where SQLite refuses. */
struct bare_registry *bare_registry_open(const char *path, int64_t units);

/* 0 when it is durable. */
int bare_registry_issue(struct bare_registry *registry, int64_t unit, const char *reference);

void bare_registry_close(struct bare_registry *registry);

#endif
