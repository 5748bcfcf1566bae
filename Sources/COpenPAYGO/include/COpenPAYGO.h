// The chains of many units at once, on the vector units that the CPU has.

#ifndef COPENPAYGO_H
#define COPENPAYGO_H

#include <stddef.h>
#include <stdint.h>

// How many chains go side by side in one register, most first; 0 where no
// vector code was compiled for this architecture.
int openpaygo_widest_lanes(void);

// Whether this CPU runs the code for so many lanes: 8, 4 or 2.
int openpaygo_has_lanes(int lanes);

// Applies the step function of the standard steps[i] times to numbers[i], with
// the key k0[i], k1[i] as SipHash takes it, for each i below count. Numbers
// must be below 2^32. Fastest where neighbours have much the same steps.
//
// Does nothing where the CPU does not run the code for so many lanes.
void openpaygo_chains(
    int lanes, uint32_t *numbers, const uint64_t *k0, const uint64_t *k1, const uint32_t *steps, size_t count);

// Orders the numbers 0..<count by steps, fewest first. scratch has room for count.
void openpaygo_order(const uint32_t *steps, uint32_t *order, uint32_t *scratch, size_t count);

#endif
