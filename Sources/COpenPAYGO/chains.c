#include "COpenPAYGO.h"

#include <string.h>

// A number that stands in both halves of a word, as in both halves of a message.
#define TWICE (uint64_t)0x100000001

void openpaygo_wipe(void *bytes, size_t count)
{
    memset(bytes, 0, count);
    // Whoever optimises must think that the zeros are read.
    __asm__ volatile("" : : "r"(bytes) : "memory");
}

#define NAME chains_words
#define WORD uint64_t
#define GROUPS 3
#define TARGET
#define SWAPPED(x) __builtin_bswap64(x)
#define REDUCED(x) ((x) > 999999999 * TWICE ? (x) - 73741825 * TWICE : (x))
#define IN_STEP(x)
#include "chains.inc"

#if defined(__x86_64__)

#define SWAPPED_HALVES(x) ((x) << 24 | ((x) << 8 & 0xff0000) | ((x) >> 8 & 0xff00) | (x) >> 24)

typedef uint64_t words8 __attribute__((vector_size(64)));
typedef uint32_t halves16 __attribute__((vector_size(64)));

#define NAME chains_avx512
#define WORD words8
#define GROUPS 4
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#define SWAPPED(x) (words8) SWAPPED_HALVES((halves16)(x))
#define REDUCED(x) ((x) - ((words8)((halves16)(x) > 999999999) & 73741825 * TWICE))
#define IN_STEP(x) __asm__ volatile("" : "+v"(x))
#include "chains.inc"

typedef uint64_t words4 __attribute__((vector_size(32)));
typedef uint32_t halves8 __attribute__((vector_size(32)));

#define NAME chains_avx2
#define WORD words4
#define GROUPS 4
#define TARGET __attribute__((target("avx2")))
#define SWAPPED(x) (words4) SWAPPED_HALVES((halves8)(x))
#define REDUCED(x) ((x) - ((words4)((halves8)(x) > 999999999) & 73741825 * TWICE))
#define IN_STEP(x) __asm__ volatile("" : "+v"(x))
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
        return lanes == 1;
    }
}

#else

int openpaygo_has_lanes(int lanes)
{
    return lanes == 1;
}

#endif

void openpaygo_chains(
    int lanes, uint32_t *numbers, const uint64_t *k0, const uint64_t *k1, const uint32_t *steps, size_t count)
{
    if (!openpaygo_has_lanes(lanes)) return;
    switch (lanes) {
#if defined(__x86_64__)
    case 8: chains_avx512(numbers, k0, k1, steps, count); break;
    case 4: chains_avx2(numbers, k0, k1, steps, count); break;
#endif
    default: chains_words(numbers, k0, k1, steps, count); break;
    }
}

void openpaygo_meet(
    int lanes, uint32_t *numbers, const uint64_t *k0, const uint64_t *k1, const uint32_t *steps, size_t count,
    uint32_t sought, uint8_t *met)
{
    if (!openpaygo_has_lanes(lanes)) return;
    switch (lanes) {
#if defined(__x86_64__)
    case 8: chains_avx512_meet(numbers, k0, k1, steps, count, sought, met); break;
    case 4: chains_avx2_meet(numbers, k0, k1, steps, count, sought, met); break;
#endif
    default: chains_words_meet(numbers, k0, k1, steps, count, sought, met); break;
    }
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
