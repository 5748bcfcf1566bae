#include "rival.h"
#include "siphash.h"

uint32_t rival_chain(uint32_t number, const uint8_t key[16], uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        uint8_t message[8];
        for (int j = 0; j < 4; j++) message[j] = message[j + 4] = (uint8_t)(number >> (24 - 8 * j));
        uint64_t hash = siphash(message, sizeof message, key);
        uint32_t folded = ((uint32_t)(hash >> 32) ^ (uint32_t)hash) >> 2;
        number = folded > 999999999 ? folded - 73741825 : folded;
    }
    return number;
}
