#!/usr/bin/python3
"""Lays out what a cluster would mount, for containers without one: volumes.py FOLDER <RENDERED.

FOLDER/WORKLOAD/PATH has the files of each ConfigMap and Secret where a pod finds them, and
FOLDER/WORKLOAD.args how podman is told to run it: mounts, restrictions, image, arguments."""

import base64
import json
import pathlib
import sys

import yaml

folder = pathlib.Path(sys.argv[1])
objects = [o for o in yaml.load_all(sys.stdin, yaml.CSafeLoader) if o]


def content(kind, name):
    found = next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name)
    data = found["data"]
    return {k: base64.b64decode(v) if kind == "Secret" else v.encode() for k, v in data.items()}


def files(volume):
    for source in volume.get("projected", {}).get("sources", [volume]):
        for kind, field in (("ConfigMap", "configMap"), ("Secret", "secret")):
            if field not in source:
                continue
            of = source[field]
            data = content(kind, of.get("name") or of["secretName"])
            for item in of.get("items", [{"key": k, "path": k} for k in data]):
                yield item["path"], data[item["key"]]


for workload in objects:
    if workload["kind"] not in ("Deployment", "StatefulSet", "Job", "CronJob"):
        continue
    spec = workload["spec"]
    if workload["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    pod = spec["template"]["spec"]
    container = pod["containers"][0]
    name = workload["metadata"]["name"]
    args = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges",
            f"--user={pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}",
            f"--memory={container['resources']['limits']['memory'].removesuffix('i').lower()}"]
    volumes = {v["name"]: v for v in pod["volumes"]}
    for mount in container["volumeMounts"]:
        volume, path = volumes.get(mount["name"], {}), mount["mountPath"]
        if "emptyDir" in volume:
            args.append(f"--tmpfs={path}:rw,mode=1777")
            continue
        place = folder / name / path.lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        if not volume or "persistentVolumeClaim" in volume:  # a claim, which the cluster would give to the pod's group
            place.chmod(0o777)
            args.append(f"--volume={place}:{path}")
            continue
        for file, data in files(volume):
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).write_bytes(data)
        args.append(f"--volume={place}:{path}:ro")
    if "command" in container:
        args.append(f"--entrypoint={json.dumps(container['command'])}")
    lines = args + ["localhost/" + container["image"]] + container.get("args", [])
    (folder / f"{name}.args").write_text("\n".join(lines) + "\n")
