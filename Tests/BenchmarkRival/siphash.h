#include <stddef.h>
#include <stdint.h>

// SipHash-2-4 of a message of any length.
uint64_t siphash(const uint8_t *message, size_t length, const uint8_t key[16]);
