#!/usr/bin/env python3
"""The rules do what their tests say, each alert has its tests and its entry in the runbook, and the
dashboards are sound. Needs promtool."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

import served_names
import shipped

HERE = pathlib.Path(__file__).parent
RULE_TESTS = sorted((HERE / "rules").glob("*.test.yaml"))


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def anchors(text):
    """Those that a forge gives to the headings of a Markdown text."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def variants(alert):
    """The labels that an alert can have beyond those of the series: for one whose labels come from
    data, one for each record of that data."""
    data = re.findall(r"group_left \(\w+\) ([\w:]+)", alert["expr"])
    records = [rule["labels"] for rule in shipped.rules() if rule.get("record") in data]
    return [{**alert.get("labels", {}), **record} for record in records] or [alert["labels"]]


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.alerts = [rule for rule in shipped.rules() if "alert" in rule]
        cls.checks = [check for file in RULE_TESTS
                      for test in yaml.safe_load(file.read_text())["tests"]
                      for check in test["alert_rule_test"]]

    def test_do_what_their_tests_say(self):
        with tempfile.TemporaryDirectory() as directory:
            rules = pathlib.Path(directory) / "lscp.rules.yaml"
            rules.write_text(yaml.safe_dump({"groups": shipped.rule_groups()}))
            for file in RULE_TESTS:
                shutil.copy(file, directory)
            for arguments in (["check", "rules", rules],
                              ["test", "rules", *pathlib.Path(directory).glob("*.test.yaml")]):
                code, output = promtool(*arguments)
                self.assertEqual(code, 0, output)

    def test_each_alert_is_seen_to_fire_and_not_to(self):
        for name in {alert["alert"] for alert in self.alerts}:
            seen = [bool(check["exp_alerts"]) for check in self.checks
                    if check["alertname"] == name]
            self.assertIn(True, seen, f"{name} is not seen to fire")
            self.assertIn(False, seen, f"{name} is not seen to be silent")

    def test_each_record_of_data_is_seen_to_matter(self):
        fired = [alert["exp_labels"] for check in self.checks for alert in check["exp_alerts"]]
        for alert in self.alerts:
            for labels in variants(alert):
                self.assertTrue(any(labels.items() <= one.items() for one in fired),
                                f"{alert['alert']} is not seen to fire with {labels}")

    def test_each_alert_says_how_urgent_it_is_and_for_whom(self):
        for alert in self.alerts:
            for labels in variants(alert):
                self.assertIn(labels["severity"], {"critical", "warning", "info"}, alert["alert"])
                self.assertIn(labels["audience"], {"platform", "practice"}, alert["alert"])

    def test_each_alert_has_an_entry_in_the_runbook(self):
        known = anchors(shipped.RUNBOOK.read_text())
        for alert in self.alerts:
            self.assertTrue(alert["annotations"]["summary"])
            for labels in variants(alert):
                url = re.sub(r"{{ \$labels\.(\w+) }}", lambda found: labels[found[1]],
                             alert["annotations"]["runbook_url"])
                file, anchor = url.split("#")
                self.assertEqual(shipped.MONITORING.parents[2] / file, shipped.RUNBOOK)
                self.assertIn(anchor, known, alert["alert"])

    def test_the_kustomization_names_every_file(self):
        cluster = shipped.MONITORING / "cluster"
        named = yaml.safe_load((cluster / "kustomization.yaml").read_text())
        files = [str(file.relative_to(cluster)) for file in cluster.glob("*/*")]
        self.assertCountEqual(named["resources"] + named["configMapGenerator"][0]["files"], files)

    def test_pods_are_found_alike_with_and_without_the_operator(self):
        monitor = yaml.safe_load((shipped.MONITORING / "pod-monitor.yaml").read_text())["spec"]
        plain = yaml.safe_load((shipped.MONITORING / "plain/prometheus.yml").read_text())
        endpoint, = monitor["podMetricsEndpoints"]
        scrape, = plain["scrape_configs"]
        kept = {rule["source_labels"][0]: rule["regex"] for rule in scrape["relabel_configs"]
                if rule.get("action") == "keep"}
        prefix = "__meta_kubernetes_pod_label_"
        selected = {prefix + re.sub(r"\W", "_", label): value
                    for label, value in monitor["selector"]["matchLabels"].items()}
        self.assertEqual(kept, {**selected,
                                "__meta_kubernetes_pod_container_port_name": endpoint["port"]})
        self.assertEqual(scrape["metrics_path"], endpoint["path"])
        labels = {rule["target_label"]: rule for rule in scrape["relabel_configs"]
                  if "target_label" in rule}
        self.assertEqual(labels["job"]["source_labels"],
                         [prefix + re.sub(r"\W", "_", monitor["jobLabel"])])
        added = {rule["targetLabel"]: rule["replacement"] for rule in endpoint["relabelings"]}
        for label, value in added.items():
            self.assertEqual(labels[label]["replacement"], value)


class Dashboards(unittest.TestCase):
    def test_are_complete(self):
        self.assertEqual(len({board["uid"] for board in shipped.dashboards().values()}),
                         len(shipped.dashboards()))
        for name, board in shipped.dashboards().items():
            ids = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(ids), len(set(ids)), name)
            variables = {variable["name"] for variable in board["templating"]["list"]}
            for panel in shipped.charts(board):
                where = f"{name}: {panel['title']}"
                self.assertTrue(panel["description"], where)
                self.assertTrue(panel["fieldConfig"]["defaults"]["unit"], where)
                self.assertEqual(panel["datasource"]["uid"], "${datasource}", where)
                for target in panel["targets"]:
                    used = set(re.findall(r"\$(\w+)", target["expr"])) - {"__rate_interval"}
                    self.assertLessEqual(used, variables, where)

    def test_panels_do_not_overlap(self):
        for name, board in shipped.dashboards().items():
            taken = set()
            for panel in board["panels"]:
                place = panel["gridPos"]
                cells = {(place["x"] + x, place["y"] + y)
                         for x in range(place["w"]) for y in range(place["h"])}
                self.assertFalse(cells & taken, f"{name}: {panel['title']}")
                self.assertLessEqual(place["x"] + place["w"], 24, f"{name}: {panel['title']}")
                taken |= cells


class TheReader(unittest.TestCase):
    def test_finds_what_an_expression_names(self):
        selectors, labels = shipped.read(shipped.Expression("", """
            sum by (a, b) (rate(one_total{c="x(y)", d=~"e|f"}[5m])) / on (a) group_left (g) two:x
            unless offset_three offset 1h > bool 14.4 * 0.001"""))
        self.assertEqual([(one.name, one.matchers) for one in selectors],
                         [("one_total", [("c", "=", "x(y)"), ("d", "=~", "e|f")]),
                          ("two:x", []), ("offset_three", [])])
        self.assertEqual(labels, {"a", "b", "g"})

    def test_refuses_what_it_does_not_know(self):
        with self.assertRaises(ValueError):
            shipped.read(shipped.Expression("", "up ? 1"))


class TheCheckOfNames(unittest.TestCase):
    def test_misses_what_nobody_serves(self):
        found = list(served_names.complaints({"lscp_timescales": {"state": {"RUNNING"}}}))
        self.assertIn("DatabaseAway: nobody serves lscp_database_reachable", found)
        self.assertIn("operators.json: Calls: nobody serves lscp_gateway_calls_total", found)
        self.assertIn("TimescaleOverdue: lscp_timescales has no state=OVERDUE", found)
        self.assertIn("managers.json: Late over time: lscp_timescales has no label borough", found)
        self.assertIn("lscp:timescale_due:tolerated: nobody serves rule=contact_decision", found)

    def test_misses_the_record_of_a_rule_that_is_served(self):
        series = {"lscp_timescales": {"rule": {"contact_decision", "a_rule"}}}
        found = list(served_names.complaints(series))
        self.assertIn("lscp:timescale_overdue:tolerated: has no record of the rule a_rule "
                      "(cluster/rules/timescales.yaml)", found)
        self.assertFalse([one for one in found if "the rule contact_decision" in one])

    def test_sees_a_name_in_a_label(self):
        found = list(served_names.complaints({"a_total": {"who": {"boroughs/x/children/1"}}}))
        self.assertIn("a_total: who=boroughs/x/children/1 may identify somebody", found)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
