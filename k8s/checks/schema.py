"""Objects against the API's types, as the compiler of TypeScript sees them: unknown fields, missing
ones and wrong values, of Kubernetes' own kinds and of the operators'. (kubernetes-models; there is no
kubeconform on Debian or npm.)"""

import json
import pathlib
import re
import subprocess
import tempfile

from overlay import ROOT, named

TOOLS = ROOT / ".ci/tools/node_modules"
# Where the kinds of an operator are; Kubernetes' own are in kubernetes-models.
OPERATORS = {
    "cert-manager.io": "@kubernetes-models/cert-manager",
    "external-secrets.io": "@kubernetes-models/external-secrets",
    "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
}
OPTIONS = {"noEmit": True, "strict": True, "skipLibCheck": True, "types": [], "target": "es2022",
           "module": "esnext", "moduleResolution": "bundler"}


def source_of(o):
    package = OPERATORS.get(o["apiVersion"].rpartition("/")[0], "kubernetes-models")
    return (f'import type {{ I{o["kind"]} as T }} from "{package}/{o["apiVersion"]}/{o["kind"]}";\n'
            f"export const o: T = {json.dumps(o)};\n")


def violations(overlays):
    """{name of overlay: ["Kind/name: what", …]} of these {name: Overlay}, in one run."""
    found = {name: [] for name in overlays}
    with tempfile.TemporaryDirectory(prefix="lscp-k8s-") as folder:
        folder = pathlib.Path(folder)
        (folder / "node_modules").symlink_to(TOOLS)
        of_file = {}
        for name, overlay in overlays.items():
            for o in overlay.objects:
                text = source_of(o)
                file = folder / f"{abs(hash(text))}.ts"
                file.write_text(text)
                of_file.setdefault(file.name, []).append((name, o))
        (folder / "tsconfig.json").write_text(
            json.dumps({"compilerOptions": OPTIONS, "files": sorted(of_file)}))
        tsc = subprocess.run(["node", TOOLS / "typescript/bin/tsc", "--pretty", "false"],
                             cwd=folder, capture_output=True, text=True)
        for file, what in re.findall(r"^(\d+\.ts)\(\d+,\d+\): error TS\d+: (.*)", tsc.stdout, re.M):
            for name, o in of_file[file]:
                found[name].append(f"{named(o)}: {what}")
        if tsc.returncode and not any(found.values()):
            raise RuntimeError(tsc.stdout + tsc.stderr)
    return found
