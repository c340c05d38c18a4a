#!/usr/bin/env python3
"""configure.py DIRECTORY JOB=PORT...: makes DIRECTORY/prometheus.yml and its rules for a Prometheus that
watches processes on this machine, from what is shipped. Only where targets come from is replaced (by
ones that say of themselves what Kubernetes would), and the time that everything takes."""
import pathlib
import subprocess
import sys

import yaml

import shipped


def target(job, port):
    return {"targets": [f"127.0.0.1:{port}"],
            "labels": {"__meta_kubernetes_namespace": "tests",
                       "__meta_kubernetes_pod_name": f"{job}-0",
                       "__meta_kubernetes_pod_container_port_name": "admin",
                       "__meta_kubernetes_pod_label_app_kubernetes_io_name": job,
                       "__meta_kubernetes_pod_label_app_kubernetes_io_part_of": "lscp"}}


def main():
    directory = pathlib.Path(sys.argv[1])
    config = yaml.safe_load((shipped.MONITORING / "plain/prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "500ms", "scrape_timeout": "500ms",
                        "evaluation_interval": "500ms"}
    scrape, = config["scrape_configs"]
    del scrape["kubernetes_sd_configs"]
    scrape["static_configs"] = [target(*argument.split("=")) for argument in sys.argv[2:]]
    (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
    rules = directory / config["rule_files"][0]
    with rules.open("w") as out:
        subprocess.run([sys.executable, shipped.MONITORING / "plain/rules.py", "--hasten", "60",
                        "--interval", "500ms"], stdout=out, check=True)
    subprocess.run(["promtool", "check", "config", directory / "prometheus.yml"], check=True)


if __name__ == "__main__":
    main()
