#include "COpenPAYGO.h"

#if defined(__x86_64__)

#define NAME chains_avx512
#define LANES 8
#define GROUPS 4
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#include "chains.inc"

#define NAME chains_avx2
#define LANES 4
#define GROUPS 3
#define TARGET __attribute__((target("avx2")))
#include "chains.inc"

#define NAME chains_sse2
#define LANES 2
#define GROUPS 3
#define TARGET
#include "chains.inc"

int openpaygo_has_lanes(int lanes)
{
    switch (lanes) {
    case 8:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    case 4:
        return __builtin_cpu_supports("avx2") != 0;
    default:
        return lanes == 2;
    }
}

void openpaygo_chains(
    int lanes, uint32_t *numbers, const uint64_t *k0, const uint64_t *k1, const uint32_t *steps, size_t count)
{
    if (!openpaygo_has_lanes(lanes)) return;
    switch (lanes) {
    case 8: chains_avx512(numbers, k0, k1, steps, count); break;
    case 4: chains_avx2(numbers, k0, k1, steps, count); break;
    default: chains_sse2(numbers, k0, k1, steps, count); break;
    }
}

#else

int openpaygo_has_lanes(int lanes)
{
    (void)lanes;
    return 0;
}

void openpaygo_chains(
    int lanes, uint32_t *numbers, const uint64_t *k0, const uint64_t *k1, const uint32_t *steps, size_t count)
{
    (void)lanes, (void)numbers, (void)k0, (void)k1, (void)steps, (void)count;
}

#endif

int openpaygo_widest_lanes(void)
{
    for (int lanes = 8; lanes >= 2; lanes /= 2) {
        if (openpaygo_has_lanes(lanes)) return lanes;
    }
    return 0;
}

// Counts have at most 24 bits: three passes of a byte, least first.
void openpaygo_order(const uint32_t *steps, uint32_t *order, uint32_t *scratch, size_t count)
{
    for (size_t i = 0; i < count; i++) scratch[i] = (uint32_t)i;
    uint32_t *from = scratch, *to = order;
    for (int shift = 0; shift < 24; shift += 8) {
        size_t places[257] = {0};
        for (size_t i = 0; i < count; i++) places[1 + (steps[i] >> shift & 255)]++;
        for (int digit = 0; digit < 256; digit++) places[digit + 1] += places[digit];
        for (size_t i = 0; i < count; i++) to[places[steps[from[i]] >> shift & 255]++] = from[i];
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
}
