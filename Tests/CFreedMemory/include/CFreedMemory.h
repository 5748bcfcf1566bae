#ifndef CFREEDMEMORY_H
#define CFREEDMEMORY_H

#include <stdbool.h>
#include <stddef.h>

/// What bytes to look for are changed by, so that they are nowhere in the clear.
#define FREED_MEMORY_MASK 0xA5

/// Whether this system's memory can be looked at as it is freed: with glibc,
/// and without a sanitizer, which has a `free` of its own.
bool freed_memory_can_watch(void);

/// From now on, looks at each block of memory that is freed, by whatever code in
/// this process, before it is. One caller at a time.
///
/// A block counts as a find when it holds any eight bytes of what is looked for
/// that begin at a multiple of eight, so that half a wipe is none.
///
/// - masked: what is looked for, each byte changed by the mask; a multiple of
///   eight bytes, `FREED_MEMORY_MOST` at most.
void freed_memory_watch(const unsigned char *masked, size_t count);

/// Stops looking, and gives back how many blocks were found.
size_t freed_memory_stop(void);

#define FREED_MEMORY_MOST 512

/// Begins or ends to wipe every block that is freed: what a test does before it
/// looks is not to be found by it, in memory that is used again.
void freed_memory_scrub(bool begins);

#endif
