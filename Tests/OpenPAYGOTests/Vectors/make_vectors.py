#!/usr/bin/env python3
"""Makes golden.jsonl: tokens made by openpaygo 0.6.3 from PyPI.

    python3 -m venv /tmp/openpaygo && /tmp/openpaygo/bin/pip install openpaygo==0.6.3
    /tmp/openpaygo/bin/python make_vectors.py > golden.jsonl

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
] + ["%032x" % random.getrandbits(128) for _ in range(7)]
STARTING_CODES = [0, 1, 999, 1000, 4096, 123456789, 516959010, 999999000, 999999999] + [
    random.randrange(1_000_000_000) for _ in range(6)
]
COUNTS = [0, 1, 2, 3, 62, 63, 64, 99, 100, 255, 256, 500, 999, 1000] + random.sample(range(1001), 10)
VALUES = [0, 1, 2, 7, 29, 30, 365, 994, 995] + random.sample(range(996), 12)


def row(key, starting_code, count, name, value, restricted):
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
        public = OpenPAYGOTokenEncoder.generate_token(
            secret_key=key,
            count=count,
            value=value,
            token_type=TYPES[name],
            starting_code=starting_code,
            restricted_digit_set=restricted,
        )
        assert public == (new_count, token)
    return {
        "key": key,
        "startingCode": starting_code,
        "count": count,
        "type": name,
        "value": value,
        "restricted": restricted,
        "newCount": new_count,
        "token": token,
    }


def rows():
    for key in KEYS:
        for starting_code in STARTING_CODES:
            for name in TYPES:
                for restricted in (False, True):
                    value = random.choice(VALUES) if name in ("addTime", "setTime") else None
                    yield row(key, starting_code, random.choice(COUNTS), name, value, restricted)
    # Every count and every value at least once.
    for count in COUNTS:
        yield row(KEYS[5], 516959010, count, "addTime", 30, False)
    for value in VALUES:
        for name in ("addTime", "setTime"):
            yield row(KEYS[6], STARTING_CODES[-1], 40, name, value, value % 2 == 1)
    # Starting codes derived from the key.
    for key in KEYS:
        derived = OpenPAYGOTokenShared.generate_starting_code(bytes.fromhex(key))
        new_count, token = OpenPAYGOTokenEncoder.generate_token(secret_key=key, count=5, value=30)
        yield {
            "key": key,
            "startingCode": None,
            "derivedStartingCode": derived,
            "count": 5,
            "type": "addTime",
            "value": 30,
            "restricted": False,
            "newCount": new_count,
            "token": token,
        }


for vector in rows():
    print(json.dumps(vector, separators=(",", ":")))
