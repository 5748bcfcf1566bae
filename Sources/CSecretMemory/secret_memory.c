#define _DEFAULT_SOURCE
#define __STDC_WANT_LIB_EXT1__ 1

#include "CSecretMemory.h"

#include <string.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

void secret_memory_wipe(void *bytes, size_t count) {
    if (!bytes || !count) return;
#ifdef __APPLE__
    memset_s(bytes, count, 0, count);
#else
    explicit_bzero(bytes, count);
#endif
}

void secret_memory_no_core_dumps(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    // A dump that is piped to another program knows no limit.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
