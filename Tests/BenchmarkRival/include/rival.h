#include <stdint.h>

// One chain of the standard, as a firmware engineer writes it.
uint32_t rival_chain(uint32_t number, const uint8_t key[16], uint32_t steps);
