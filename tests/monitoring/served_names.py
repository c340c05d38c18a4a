#!/usr/bin/env python3
"""served_names.py FILE...: whether the rules and dashboards name only what the processes serve; each
FILE is the text of one's /metrics."""
import collections
import pathlib
import re
import sys

import shipped

# What Prometheus itself adds: to each target (pod-monitor.yaml), and as series of its own.
TARGET_LABELS = {"namespace", "job", "pod", "instance", "suite"}
OF_PROMETHEUS = {"up": {}, "ALERTS": {"alertname", "alertstate", "severity", "audience"}}
# What kube-state-metrics serves of the cluster; the suite does not (k8s/components/monitoring).
OF_CLUSTER = {"kube_cronjob_status_last_successful_time": {"cronjob"},
              "kube_cronjob_created": {"cronjob"}}
# A resource's name, an id, an address: nothing that a label may hold.
IDENTIFYING = re.compile(r"boroughs/|[0-9a-f]{8}-?[0-9a-f]{4}|@|\d{7}")
SAMPLE = re.compile(r"([\w:]+)(?:\{(.*)\})? \S+")
LABEL = re.compile(r'(\w+)="((?:\\.|[^"\\])*)"')


def served(files):
    """The values of each label of each series."""
    series = collections.defaultdict(lambda: collections.defaultdict(set))
    for file in files:
        for line in pathlib.Path(file).read_text().splitlines():
            if not line.startswith("#"):
                name, labels = SAMPLE.match(line).groups()
                series[name]
                for label, value in LABEL.findall(labels or ""):
                    series[name][label].add(value)
    return series


def recorded():
    """The series that rules record, with the values of the labels that they give themselves."""
    series = collections.defaultdict(lambda: collections.defaultdict(set))
    for rule in shipped.rules():
        if "record" in rule:
            series[rule["record"]]
            for label, value in rule.get("labels", {}).items():
                series[rule["record"]][label].add(value)
    return series


def wrong_matchers(selector, labels):
    """Matchers that select nothing: of a label that is not there, or of values that none has."""
    for label, operator, value in selector.matchers:
        if label in TARGET_LABELS:
            continue
        if label not in labels:
            yield f"{selector.name} has no label {label}"
        elif operator in ("=", "=~") and value != ".*":
            for one in value.split("|"):
                if one not in labels[label]:
                    yield f"{selector.name} has no {label}={one}"


def complaints(series):
    records = recorded()
    known_labels = TARGET_LABELS | {"le"} | set().union(*series.values(), *records.values(),
                                                        *OF_PROMETHEUS.values(),
                                                        *OF_CLUSTER.values())
    for expression in shipped.expressions():
        selectors, labels = shipped.read(expression)
        for selector in selectors:
            if selector.name in OF_PROMETHEUS or selector.name in OF_CLUSTER:
                continue
            if selector.name in records:
                continue
            if selector.name not in series:
                yield f"{expression.where}: nobody serves {selector.name}"
                continue
            for wrong in wrong_matchers(selector, series[selector.name]):
                yield f"{expression.where}: {wrong}"
        for label in labels - known_labels:
            yield f"{expression.where}: nothing has a label {label}"
    for rule in shipped.rules():
        texts = " ".join(rule.get("annotations", {}).values())
        for label in set(re.findall(r"\$labels\.(\w+)", texts)) - known_labels:
            yield f"{rule['alert']}: nothing has a label {label}"
    # What a record says of a rule or a time must be said of one that there is.
    for name, labels in records.items():
        for label, values in labels.items():
            there = set().union(*(one.get(label, set()) for one in series.values()))
            for value in values - there if label != "severity" else ():
                yield f"{name}: nobody serves {label}={value}"
    # And of each rule of a binary there must be a record, which has its test and its runbook entry.
    for rule in sorted(series.get("lscp_timescales", {}).get("rule", ())):
        for name in ("lscp:timescale_overdue:tolerated", "lscp:timescale_due:tolerated"):
            if rule not in records[name]["rule"]:
                yield f"{name}: has no record of the rule {rule} (cluster/rules/timescales.yaml)"
    for name, labels in series.items():
        for label, values in labels.items():
            for value in values:
                if IDENTIFYING.search(value) and label != "revision":
                    yield f"{name}: {label}={value} may identify somebody"


def main():
    found = sorted(set(complaints(served(sys.argv[1:]))))
    print("\n".join(found) or "every series and label is served")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
