#ifndef CSECRETMEMORY_H
#define CSECRETMEMORY_H

#include <stddef.h>

/// Overwrites bytes with zeros, though nobody reads them afterwards.
void secret_memory_wipe(void *bytes, size_t count);

/// Keeps what this process and its children have in memory out of core dumps.
/// Where the system can, other processes of the same user cannot look either.
void secret_memory_no_core_dumps(void);

#endif
