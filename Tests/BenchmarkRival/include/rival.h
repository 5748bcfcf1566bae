#include <stdint.h>

// One chain of the standard as device code has it: SipHash for messages of any
// length in a file of its own, and the chain that calls it in another.
uint32_t rival_chain(uint32_t number, const uint8_t key[16], uint32_t steps);

// The same with SipHash for 8 bytes beside the chain, so that the compiler can
// take both for one.
uint32_t rival_chain_in_one_file(uint32_t number, const uint8_t key[16], uint32_t steps);
