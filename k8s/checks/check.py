#!/usr/bin/python3
"""Checks the manifests of every overlay, and that what must be refused is: ./lscp k8s check.

check.py --kubectl FILE [OVERLAY…]: folders below k8s/; all of them when none is named.
"""

import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

import configuration
import rules
import schema
from overlay import ROOT, Overlay

K8S = ROOT / "k8s"
REJECTED = K8S / "checks/rejected"
# Installed once for a cluster, so no stack: only its types are checked here.
SHARED = K8S / "components/monitoring/cluster"


def render(kubectl, folder):
    """The overlay's objects; an error of kustomize, or a warning, ends the check."""
    made = subprocess.run([kubectl, "kustomize", "--load-restrictor=LoadRestrictionsRootOnly", folder],
                          capture_output=True, text=True)
    if made.returncode or made.stderr:
        sys.exit(f"{folder.relative_to(ROOT)}: {made.stderr}")
    return Overlay(made.stdout)


def wrong_with(overlay, others):
    for rule in rules.RULES + configuration.RULES:
        yield from rule(overlay)
    for rule in configuration.BETWEEN:
        yield from rule(overlay, others)


def overlays():
    return sorted(p.parent for p in K8S.glob("*/*/kustomization.yaml")
                  if p.parent.parent.name in ("boroughs", "partnerships"))


def expected(folder):
    """What the comments at the top of a rejected overlay say is wrong with it."""
    text = (folder / "kustomization.yaml").read_text()
    return set(re.findall(r"^# rejected: (.*)", text, re.M)) or {"(its comment says nothing)"}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--kubectl", required=True)
    arguments.add_argument("overlay", nargs="*", type=pathlib.Path)
    arguments = arguments.parse_args()
    good = [p.resolve() for p in arguments.overlay] or overlays() + [SHARED]
    bad = [] if arguments.overlay else sorted(p.parent for p in REJECTED.glob("*/kustomization.yaml"))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        rendered = dict(zip(good + bad, pool.map(lambda f: render(arguments.kubectl, f), good + bad)))
    mistyped = schema.violations(rendered)
    failed = 0
    for folder, overlay in rendered.items():
        found = set(mistyped[folder])
        if folder != SHARED:
            found |= set(wrong_with(overlay, [rendered[f] for f in good if f not in (folder, SHARED)]))
        wrong = found
        if folder in bad:
            wrong = {f"was not refused with: {what}" for what in expected(folder) - found}
        for what in sorted(wrong):
            print(f"{folder.relative_to(ROOT)}: {what}")
        failed += bool(wrong)
    print(f"{len(good)} overlays and {len(bad)} that must be refused: {failed} are not as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
