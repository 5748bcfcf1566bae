#!/usr/bin/env python3
"""Writes what each built-in profile must make of the lists in SampleData.

The files beside this script are its output, committed, and made without any
part of payg: the lists are read, and the files written, by Python's own csv
and json modules. Run it again when a profile or a sample list changes, and look
at every difference.
"""

import csv
import io
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parents[2] / "SampleData"
STANDARD = ["Serial Number", "Starting Code", "Key", "Count", "Time Divider", "Restricted Digit Mode",
            "Hardware Model", "Version", "Test Code"]


def units(name):
    """The units of a list, with the standard's defaults for what it lacks."""
    with open(SAMPLES / name, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {
                "id": row.get("Serial Number") or row["PAYG ID"],
                "code": row["Starting Code"],
                "key": row.get("Key") or row["Secret Key"],
                "count": int(row["Count"]),
                "divider": int(row.get("Time Divider") or 1),
                "restricted": (row.get("Restricted Digit Mode") or "0") == "1",
                "model": row.get("Hardware Model") or None,
                "version": row.get("Version") or None,
                "test": row.get("Test Code") or None,
            }


def table(headers, rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue()


def standard(units):
    return table(STANDARD, ([
        u["id"], u["code"], u["key"], u["count"], u["divider"], int(u["restricted"]), u["model"] or "",
        u["version"] or "", u["test"] or "",
    ] for u in units))


def angaza(units, product):
    return table(["Unit Number", "Secret Key", "Starting Code", "Count", "Product"],
                 ([u["id"], u["key"], u["code"], u["count"], product(u)] for u in units))


def airlink(units):
    return table(["Title", "payg_type", "payg_status", "Type", "product_code", "secret_key", "starting_code", "count",
                  "time_divider", "restricted_digit_mode"],
                 ([u["id"], "Airlink", "Disabled", "PAYG Controller", u["model"] or "", u["key"], u["code"], u["count"],
                   u["divider"], "true" if u["restricted"] else "false"] for u in units))


def array(units):
    objects = ({
        "serialNumber": u["id"], "startingCode": u["code"], "secretKey": u["key"], "count": u["count"],
        "timeDivider": u["divider"], "restrictedDigits": u["restricted"], "hardwareModel": u["model"],
        "version": u["version"], "testCode": u["test"],
    } for u in units)
    lines = (json.dumps(o, ensure_ascii=False, separators=(",", ":")) for o in objects)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main():
    products = {"CSC-10": "Cloud Solar 10", "CSC-20R": "Cloud Solar 20"}
    devices, dispatch = "openpaygo-device-list.csv", "cloud-solar-dispatch.csv"
    files = {
        "openpaygo.csv": standard(units(devices)),
        "openpaygo-dispatch.csv": standard(units(dispatch)),
        "paygops.csv": standard(units(devices)),
        "angaza.csv": angaza(units(devices), lambda unit: products[unit["model"]]),
        "angaza-dispatch.csv": angaza(units(dispatch), lambda unit: "One, for all"),
        "airlink.csv": airlink(units(devices)),
        "airlink-dispatch.csv": airlink(units(dispatch)),
        "json.json": array(units(devices)),
        "json-dispatch.json": array(units(dispatch)),
    }
    for name, text in files.items():
        (HERE / name).write_bytes(text.encode("utf-8"))


main()
