#!/usr/bin/env python3
"""Prints the rules of ../cluster/rules as one file for a Prometheus without its operator.

With --hasten N an alert fires N times sooner once its condition holds (each `for` is divided by N),
and --interval sets how often all rules are evaluated: for tests and trials. What an expression says,
its ranges included, is never changed.
"""
import argparse
import pathlib
import re
import sys

import yaml

RULES = pathlib.Path(__file__).parent.parent / "cluster" / "rules"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def groups():
    return [group for file in sorted(RULES.glob("*.yaml"))
            for group in yaml.safe_load(file.read_text())["spec"]["groups"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hasten", type=int, default=1, metavar="N")
    parser.add_argument("--interval", metavar="DURATION")
    options = parser.parse_args()
    result = groups()
    for group in result:
        if options.interval:
            group["interval"] = options.interval
        for rule in group["rules"]:
            if "for" in rule and options.hasten > 1:
                number, unit = re.fullmatch(r"(\d+)([smhd])", rule["for"]).groups()
                rule["for"] = f"{int(number) * SECONDS[unit] * 1000 // options.hasten}ms"
    yaml.safe_dump({"groups": result}, sys.stdout, sort_keys=False, width=1000)


if __name__ == "__main__":
    main()
