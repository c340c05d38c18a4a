"""What k8s/components/monitoring ships, and a reader of PromQL that is just good enough to tell which
series and labels an expression names."""
import collections
import functools
import json
import pathlib
import re
import subprocess
import sys

import yaml

MONITORING = pathlib.Path(__file__).parents[2] / "k8s/components/monitoring"
RUNBOOK = MONITORING / "README.md"

# A series as an expression selects it; `where` says which expression.
Selector = collections.namedtuple("Selector", "where name matchers")
Expression = collections.namedtuple("Expression", "where text")

_TOKEN = re.compile(r'''
    (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
  | (?P<range>\[[^\]]*\])
  | (?P<number>\d[\w.]*)
  | (?P<word>[a-zA-Z_:][\w:]*)
  | (?P<sign>=~|!~|!=|==|>=|<=|[-+*/%^=<>(){},@])
  | (?P<space>\s+)''', re.VERBOSE)
_OPERATORS = {"and", "or", "unless", "offset", "bool"}
_LABEL_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}


def tokens(text):
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ValueError(f"not PromQL at {text[at:]!r}")
        at = found.end()
        if found.lastgroup != "space":
            yield found.lastgroup, found.group()


def _matchers(words):
    """What stands in braces: (label, operator, value)."""
    result = []
    while words and words[0][1] != "}":
        label, operator, value = (words.pop(0)[1] for _ in range(3))
        result.append((label, operator, value[1:-1]))
        if words[0][1] == ",":
            words.pop(0)
    words.pop(0)
    return result


def read(expression):
    """The selectors of an expression, and the labels that its clauses name."""
    words = list(tokens(expression.text))
    selectors, labels = [], set()
    while words:
        kind, word = words.pop(0)
        following = words[0][1] if words else ""
        if kind != "word" or word in _OPERATORS:
            continue
        if word in _LABEL_LISTS:
            if following == "(":
                while (inner := words.pop(0)[1]) != ")":
                    labels |= {inner} - {"(", ","}
        elif following == "{":
            words.pop(0)
            selectors.append(Selector(expression.where, word, _matchers(words)))
        elif following != "(" and following not in _LABEL_LISTS:
            selectors.append(Selector(expression.where, word, []))
    return selectors, labels


@functools.cache
def rule_groups():
    """The groups as an operator without PrometheusRule gets them."""
    text = subprocess.run([sys.executable, MONITORING / "plain/rules.py"], check=True,
                          capture_output=True, text=True).stdout
    return yaml.safe_load(text)["groups"]


def rules():
    return [rule for group in rule_groups() for rule in group["rules"]]


def dashboards():
    return {file.name: json.loads(file.read_text())
            for file in sorted((MONITORING / "cluster/dashboards").glob("*.json"))}


def charts(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def filled_in(text):
    """A dashboard's expression as Grafana sends it when everything is chosen."""
    return re.sub(r"\$(\w+)", lambda found: {"__rate_interval": "1m"}.get(found[1], ".*"), text)


def expressions():
    for rule in rules():
        yield Expression(rule.get("alert") or rule["record"], rule["expr"])
    for name, dashboard in dashboards().items():
        for panel in charts(dashboard):
            for target in panel["targets"]:
                yield Expression(f"{name}: {panel['title']}", filled_in(target["expr"]))
