#!/usr/bin/env python3
"""Makes acceptance.jsonl: the standard's published test procedure, step by step,
with tokens made by openpaygo 0.6.3 from PyPI.

    python3 -m venv /tmp/openpaygo && /tmp/openpaygo/bin/pip install openpaygo==0.6.3
    /tmp/openpaygo/bin/python make_acceptance.py > acceptance.jsonl

G and U are the steps, values and counts of the procedure that the standard's
makers publish (github.com/EnAccess/OpenPAYGO-Token, tests/full_test_procedure.py
and tests/test_spreadsheet_generator.py). They have none for counter sync: S is
what the general documentation says of it. The answer to G4, U2B and U3B is
“used”, as the former has it; the latter says “refused”. The token that disables
in U3 is made as the latter makes it, at an odd count.
"""

import json
from importlib.metadata import version

from openpaygo import TokenType, decode_token, generate_token

assert version("openpaygo") == "0.6.3", version("openpaygo")

TYPES = {
    "addTime": TokenType.ADD_TIME,
    "setTime": TokenType.SET_TIME,
    "disablePayg": TokenType.DISABLE_PAYG,
    "counterSync": TokenType.COUNTER_SYNC,
}
EXAMPLE = ("a29ab82edc5fbbc41ec9530f6dac86b1", 123456789)
OTHER = ("bc41ec9530f6dac86b1a29ab82edc5fb", 516959010)
UNLOCKED = None


class Procedure:
    """One unit, and what is entered on it."""

    def __init__(self, credentials, dispatched, divider, restricted):
        (self.key, self.code), self.dispatched = credentials, dispatched
        self.divider, self.restricted = divider, restricted
        self.count = dispatched

    def made(self, name, days=None, value=None, skipping=0):
        """A token at the next count: its type, value, count and digits."""
        value = value if days is None else days * self.divider
        self.count, token = generate_token(
            secret_key=self.key,
            count=self.count + skipping,
            value=value,
            token_type=TYPES[name],
            starting_code=self.code,
            restricted_digit_set=self.restricted,
        )
        return {"type": name, "value": value, "count": self.count, "token": token}

    def step(self, name, made, answer, days=None, seconds=None, wait=0):
        """`days` or `seconds` are left afterwards; neither for unlocked."""
        if days is not None:
            seconds = days * 86400
        vector = {
            "key": self.key,
            "startingCode": self.code,
            "dispatchedCount": self.dispatched,
            "timeDivider": self.divider,
            "restricted": self.restricted,
            "step": name,
            "waitHours": wait,
            **made,
            "answer": answer,
            "secondsLeft": seconds,
        }
        print(json.dumps(vector, separators=(",", ":")))

    def invalid(self):
        """Digits that are none of the unit's tokens. The procedure's 123 456 789
        is the example unit's own starting code, which openpaygo takes for
        nothing added at count 0; all the others it refuses too."""
        digits = "241313422131111" if self.restricted else "123456789"
        decoded = decode_token(
            token=digits,
            secret_key=self.key,
            count=self.dispatched,
            used_counts=[],
            starting_code=self.code,
            restricted_digit_set=self.restricted,
        )
        assert decoded[1] == TokenType.INVALID or (int(digits) == self.code and decoded[:3] == (0, 1, 0)), decoded
        return {"type": None, "value": None, "count": None, "token": digits}

    def core(self):
        self.step("G1", self.invalid(), "invalid", 0)
        set1 = self.made("setTime", 1)
        self.step("G2", set1, "valid", 1)
        add1 = self.made("addTime", 1)
        self.step("G3", add1, "valid", 2)
        self.step("G4A", add1, "used", 2)
        self.step("G4B", set1, "used", 2)
        self.step("G5", self.made("setTime", 30), "valid", 30)
        self.step("G6", self.made("setTime", 0), "valid", 0)
        for number, letter in enumerate("ABC", 1):
            # 995 steps of a day's part: whole seconds with the dividers used here.
            assert 86400 % self.divider == 0
            seconds = number * 995 * 86400 // self.divider
            self.step("G7" + letter, self.made("addTime", value=995), "valid", seconds=seconds)
        for days in range(1, 22):
            self.step("G8" + chr(64 + days), self.made("setTime", days, skipping=29), "valid", days)
        self.step("G9", self.made("disablePayg"), "valid", UNLOCKED)
        self.step("G10", self.made("setTime", 0), "valid", 0)
        self.step("G11A", self.made("disablePayg"), "valid", UNLOCKED)
        self.step("G11B", self.made("addTime", 0), "valid", UNLOCKED)
        self.step("G12A", self.made("setTime", 0), "valid", 0)
        self.step("G12B", self.made("addTime", 1), "valid", 1, wait=48)

    def unordered(self):
        self.step("U1A", self.made("setTime", 60), "valid", 60)
        ten, five, one = self.made("addTime", 10), self.made("addTime", 5), self.made("addTime", 1)
        self.step("U1B", one, "valid", 61)
        self.step("U1C", ten, "valid", 71)
        self.step("U1D", five, "valid", 76)
        older, closing, newer = self.made("addTime", 5), self.made("setTime", 10), self.made("addTime", 3)
        self.step("U2A", closing, "valid", 10)
        self.step("U2B", older, "used", 10)
        self.step("U2C", newer, "valid", 13)
        older, closing = self.made("addTime", 1), self.made("disablePayg")
        self.step("U3A", closing, "valid", UNLOCKED)
        self.step("U3B", older, "used", UNLOCKED)

    def sync(self):
        self.step("U4", self.made("setTime", 0), "valid", 0)
        self.step("S1A", self.made("addTime", 1), "valid", 1)
        older, sync = self.made("addTime", 2), self.made("counterSync")
        self.step("S1B", sync, "valid", 1)
        self.step("S1C", older, "used", 1)
        self.step("S1D", self.made("addTime", 1), "valid", 2)


for credentials, dispatched, divider, restricted in [
    (EXAMPLE, 1, 1, False),
    (EXAMPLE, 1, 1, True),
    (OTHER, 1, 1, False),
    (OTHER, 0, 4, True),
    (OTHER, 12, 4, False),
]:
    procedure = Procedure(credentials, dispatched, divider, restricted)
    procedure.core()
    procedure.unordered()
    procedure.sync()
