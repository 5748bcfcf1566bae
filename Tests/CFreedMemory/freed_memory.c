#define _DEFAULT_SOURCE

#include "CFreedMemory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define CAN_WATCH 1
#include <malloc.h>
#else
#define CAN_WATCH 0
#endif

#define PART 8

static unsigned char masked[FREED_MEMORY_MOST];
static size_t parts;
static atomic_bool watching;
static atomic_int scrubbing;
static atomic_size_t found;

bool freed_memory_can_watch(void) { return CAN_WATCH; }

void freed_memory_watch(const unsigned char *bytes, size_t count) {
    if (count > FREED_MEMORY_MOST) count = FREED_MEMORY_MOST;
    memcpy(masked, bytes, count);
    parts = count / PART;
    atomic_store(&found, 0);
    atomic_store(&watching, true);
}

size_t freed_memory_stop(void) {
    atomic_store(&watching, false);
    return atomic_load(&found);
}

void freed_memory_scrub(bool begins) { atomic_fetch_add(&scrubbing, begins ? 1 : -1); }

#if CAN_WATCH

static bool is_active(void) { return atomic_load(&watching) || atomic_load(&scrubbing); }

// Defined here, these take the place of glibc's own for all code in the process.
extern void __libc_free(void *);
extern void *__libc_malloc(size_t);
extern void *__libc_realloc(void *, size_t);

static bool is_part(const unsigned char *bytes, const unsigned char *part) {
    for (size_t i = 0; i < PART; i++) {
        if ((unsigned char)(part[i] ^ FREED_MEMORY_MASK) != bytes[i]) return false;
    }
    return true;
}

static bool holds_any(const unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < parts; i++) {
        const unsigned char *part = masked + i * PART, *from = bytes, *end = bytes + count;
        while (end - from >= PART) {
            from = memchr(from, part[0] ^ FREED_MEMORY_MASK, (size_t)(end - from) - PART + 1);
            if (!from) break;
            if (is_part(from, part)) return true;
            from++;
        }
    }
    return false;
}

static void look(unsigned char *bytes, size_t count) {
    // First this: what another test has scrubbed meanwhile counts for this one.
    bool is_found = atomic_load(&watching) && holds_any(bytes, count);
    if (is_found) atomic_fetch_add(&found, 1);
    // It may be used again, in part, and is found once.
    if (is_found || atomic_load(&scrubbing)) explicit_bzero(bytes, count);
}

void free(void *block) {
    if (block && is_active()) look(block, malloc_usable_size(block));
    __libc_free(block);
}

void *realloc(void *block, size_t size) {
    if (!block || !size || !is_active()) return __libc_realloc(block, size);
    size_t old = malloc_usable_size(block);
    if (size <= old) {
        look((unsigned char *)block + size, old - size);
        return __libc_realloc(block, size);
    }
    // It may grow where it is, by luck; what must hold is what holds without.
    void *new = __libc_malloc(size);
    if (!new) return NULL;
    memcpy(new, block, old);
    free(block);
    return new;
}

#endif
