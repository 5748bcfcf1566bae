// The chains of many units at once, on the vector units that the CPU has.

#ifndef COPENPAYGO_H
#define COPENPAYGO_H

#include <stddef.h>
#include <stdint.h>

// Whether this CPU runs the code for so many chains in one register: 8 is
// AVX-512, 4 is AVX2, and 1, several registers in turn, runs everywhere.
int openpaygo_has_lanes(int lanes);

// Applies the step function of the standard steps[i] times to numbers[i], with
// the key k0[i], k1[i] as SipHash takes it, for each i below count. Numbers
// must be below 2^32, and steps must not fall from one to the next. Fastest
// where neighbours have much the same steps.
//
// Does nothing where the CPU does not run the code for so many lanes.
void openpaygo_chains(
    int lanes, uint32_t *numbers, const uint64_t *k0, const uint64_t *k1, const uint32_t *steps, size_t count);

// Says in met[i] whether the first steps[i] applications to numbers[i] may meet
// a number from sought to sought + 999. Where it says no, none does; where it
// says yes, one in a few hundred thousand steps does not.
//
// Does nothing where the CPU does not run the code for so many lanes.
void openpaygo_meet(
    int lanes, uint32_t *numbers, const uint64_t *k0, const uint64_t *k1, const uint32_t *steps, size_t count,
    uint32_t sought, uint8_t *met);

// Orders the numbers 0..<count by steps, fewest first. scratch has room for count.
void openpaygo_order(const uint32_t *steps, uint32_t *order, uint32_t *scratch, size_t count);

// Overwrites bytes with zeros, also where nobody reads them afterwards.
void openpaygo_wipe(void *bytes, size_t count);

#endif
