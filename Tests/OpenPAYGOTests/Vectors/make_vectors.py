#!/usr/bin/env python3
"""Makes golden.jsonl.gz: tokens made by openpaygo 0.6.3 from PyPI.

    python3 -m venv /tmp/openpaygo && /tmp/openpaygo/bin/pip install openpaygo==0.6.3
    /tmp/openpaygo/bin/python make_vectors.py | gzip -9n > golden.jsonl.gz

The seed is fixed: the same version gives the same file.
"""

import json
import random
from importlib.metadata import version

from openpaygo import TokenType
from openpaygo.token_encode import OpenPAYGOTokenEncoder
from openpaygo.token_shared import OpenPAYGOTokenShared

assert version("openpaygo") == "0.6.3", version("openpaygo")

random.seed(20261122)

TYPES = {
    "addTime": TokenType.ADD_TIME,
    "setTime": TokenType.SET_TIME,
    "disablePayg": TokenType.DISABLE_PAYG,
    "counterSync": TokenType.COUNTER_SYNC,
}
FIXED_VALUE = {
    "disablePayg": OpenPAYGOTokenShared.PAYG_DISABLE_VALUE,
    "counterSync": OpenPAYGOTokenShared.COUNTER_SYNC_VALUE,
}

KEYS = [
    "00000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffff",
    "000102030405060708090a0b0c0d0e0f",
    "a29ab82edc5fbbc41ec9530f6dac86b1",
    "bc41ec9530f6dac86b1a29ab82edc5fb",
] + ["%032x" % random.getrandbits(128) for _ in range(95)]
STARTING_CODES = [0, 1, 999, 1000, 4096, 123456789, 516959010, 999999000, 999999999]
VALUES = [0, 1, 2, 7, 29, 30, 365, 994, 995]
EXTENDED_VALUES = [0, 1, 995, 998, 999, 1000, 999998, 999999]


def count():
    # Small ones mostly: the work of a token is its count.
    return random.choice([random.randrange(64)] * 9 + [random.choice([64, 99, 100, 255, 256, 500, 999, 1000])])


def starting_code():
    return random.choice(STARTING_CODES + [random.randrange(1_000_000_000)] * len(STARTING_CODES))


def standard(key, starting_code, count, name, value, restricted):
    # generate_token takes starting code 0 for "none given", so the function
    # below it is called with what it would have passed on.
    new_count, token = OpenPAYGOTokenEncoder.generate_standard_token(
        starting_code=starting_code,
        key=OpenPAYGOTokenShared.load_secret_key_from_hex(key),
        value=FIXED_VALUE.get(name, value),
        count=count,
        mode=TYPES[name],
        restricted_digit_set=restricted,
    )
    if starting_code:
        assert (new_count, token) == OpenPAYGOTokenEncoder.generate_token(
            secret_key=key,
            count=count,
            value=value,
            token_type=TYPES[name],
            starting_code=starting_code,
            restricted_digit_set=restricted,
        )
    return new_count, token


def extended(key, starting_code, count, name, value, restricted):
    return OpenPAYGOTokenEncoder.generate_extended_token(
        starting_code,
        OpenPAYGOTokenShared.load_secret_key_from_hex(key),
        value,
        count,
        TYPES[name],
        restricted,
    )


def rows():
    for number in range(16_000):
        name = list(TYPES)[number % 4]
        value = random.choice(VALUES + [random.randrange(996)] * 9) if name in ("addTime", "setTime") else None
        # Every value once for each of the two types that carry one.
        if value is not None and number // 4 < 996:
            value = number // 4
        yield standard, random.choice(KEYS), starting_code(), count(), name, value, number % 8 >= 4
    for number in range(4_000):
        value = random.choice(EXTENDED_VALUES + [random.randrange(1_000_000)] * 8)
        name = ("addTime", "setTime")[number % 2]
        yield extended, random.choice(KEYS), starting_code(), count(), name, value, number % 4 >= 2
    # Every count up to 1000.
    for number in range(1001):
        yield standard, KEYS[5], 516959010, number, "addTime", 30, False


for make, key, code, last, name, value, restricted in rows():
    new_count, token = make(key, code, last, name, value, restricted)
    vector = {
        "key": key,
        "startingCode": code,
        "count": last,
        "type": name,
        "value": value,
        "restricted": restricted,
        "extended": make is extended,
        "newCount": new_count,
        "token": token,
    }
    print(json.dumps(vector, separators=(",", ":")))

# Starting codes derived from the key, which the tokens are then made with.
for key in KEYS:
    new_count, token = OpenPAYGOTokenEncoder.generate_token(secret_key=key, count=5, value=30)
    vector = {
        "key": key,
        "startingCode": None,
        "derivedStartingCode": OpenPAYGOTokenShared.generate_starting_code(bytes.fromhex(key)),
        "count": 5,
        "type": "addTime",
        "value": 30,
        "restricted": False,
        "extended": False,
        "newCount": new_count,
        "token": token,
    }
    print(json.dumps(vector, separators=(",", ":")))
