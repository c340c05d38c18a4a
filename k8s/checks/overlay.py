"""A rendered overlay: its objects, and the configurations in its ConfigMaps."""

import functools
import importlib
import pathlib
import subprocess
import sys
import tempfile

import yaml
from google.protobuf import text_format

ROOT = pathlib.Path(__file__).resolve().parents[2]


@functools.cache
def config_messages():
    """The module of config.proto, made by protoc: what the binaries read is what is checked."""
    out = tempfile.mkdtemp(prefix="lscp-k8s-")
    proto = "safeguarding/config/v1/config.proto"
    subprocess.run(["protoc", f"-I{ROOT}/protos", f"--python_out={out}", proto],
                   check=True)
    sys.path.insert(0, out)
    return importlib.import_module("safeguarding.config.v1.config_pb2")


def labels_of(thing):
    return thing.get("metadata", {}).get("labels") or {}


def stack_of(labels):
    """Whose stack it is: a borough's, or that of a partnership of several."""
    return labels.get("borough") or labels.get("partnership")


def selects(selector, labels):
    """Whether a LabelSelector chooses a thing with these labels; an empty one chooses all."""
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for term in selector.get("matchExpressions") or []:
        value, operator = labels.get(term["key"]), term["operator"]
        holds = {
            "In": value in term.get("values", []),
            "NotIn": value not in term.get("values", []),
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }[operator]
        if not holds:
            return False
    return True


class Overlay:
    def __init__(self, text):
        self.objects = [o for o in yaml.load_all(text, yaml.CSafeLoader) if o]

    def of(self, *kinds):
        return [o for o in self.objects if o["kind"] in kinds]

    def get(self, kind, name):
        return next((o for o in self.of(kind) if o["metadata"]["name"] == name), None)

    def labels(self):
        return labels_of((self.of("Namespace") or [{}])[0])

    def is_borough(self):
        return "partnership" not in self.labels()

    def stack(self):
        return stack_of(self.labels())

    def routes(self):
        """Where the gateway leads."""
        gateway = self.get("Deployment", "gateway")
        config = self.config_of(gateway) if gateway else None
        return list(config.routes) if config else []

    def workloads(self):
        return self.of("Deployment", "StatefulSet", "Job", "CronJob")

    @staticmethod
    def template(workload):
        spec = workload["spec"]
        if workload["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        return spec["template"]

    def pod(self, workload):
        return self.template(workload)["spec"]

    def containers(self, workload):
        pod = self.pod(workload)
        return pod.get("initContainers", []) + pod["containers"]

    def selected(self, selector):
        """The workloads whose pods a LabelSelector chooses."""
        return [w for w in self.workloads() if selects(selector, labels_of(self.template(w)))]

    def config_of(self, workload):
        """The configuration that a server reads, as a message; None for other workloads."""
        for volume in self.pod(workload).get("volumes", []):
            name = volume.get("configMap", {}).get("name", "")
            text = (self.get("ConfigMap", name) or {}).get("data", {}).get("config.textproto")
            if volume["name"] == "config" and text is not None:
                gateway = labels_of(workload).get("app.kubernetes.io/component") == "gateway"
                messages = config_messages()
                message = messages.GatewayConfig() if gateway else messages.ServiceConfig()
                return text_format.Parse(text, message)
        return None


def named(o):
    return f"{o['kind']}/{o['metadata']['name']}"
