"""What holds of every rendered overlay. A rule yields what is wrong, as "Kind/name: what"."""

import re

from overlay import ROOT, labels_of, named, stack_of

PREFIX = "app.kubernetes.io/"
KINDS = {
    "apps/v1": {"Deployment", "StatefulSet"},
    "autoscaling/v2": {"HorizontalPodAutoscaler"},
    "batch/v1": {"CronJob", "Job"},
    "cert-manager.io/v1": {"Certificate", "Issuer"},
    "external-secrets.io/v1": {"ExternalSecret", "SecretStore"},
    "monitoring.coreos.com/v1": {"PodMonitor", "PrometheusRule", "ServiceMonitor"},
    "networking.k8s.io/v1": {"NetworkPolicy"},
    "policy/v1": {"PodDisruptionBudget"},
    "v1": {"ConfigMap", "LimitRange", "Namespace", "PersistentVolumeClaim", "ResourceQuota",
           "Secret", "Service", "ServiceAccount"},
}
CAPABILITIES_DROPPED = ["ALL"]
BACKUP = "/usr/lib/lscp/scheduled-backup"


def version():
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"project\(lscp VERSION (\S+)", text)[1]


def kinds(overlay):
    for o in overlay.objects:
        if o["kind"] not in KINDS.get(o["apiVersion"], ()):
            yield f"{named(o)}: {o['apiVersion']} {o['kind']} is not among the kinds in use"


def one_namespace(overlay):
    namespaces = [o["metadata"]["name"] for o in overlay.of("Namespace")]
    if len(namespaces) != 1:
        yield f"Namespace: {len(namespaces)} of them, not one"
        return
    labels = labels_of(overlay.of("Namespace")[0])
    for mode in ("enforce", "audit", "warn"):
        if labels.get(f"pod-security.kubernetes.io/{mode}") != "restricted":
            yield f"Namespace/{namespaces[0]}: pods are not held to `restricted` ({mode})"
    for o in overlay.objects:
        if o["kind"] != "Namespace" and o["metadata"].get("namespace") != namespaces[0]:
            yield f"{named(o)}: is not in the overlay's namespace"
    seen = set()
    for o in overlay.objects:
        if named(o) in seen:
            yield f"{named(o)}: is there twice"
        seen.add(named(o))


def labels(overlay):
    always = ["instance", "managed-by", "part-of", "version"]
    for o in overlay.objects:
        wanted = always + (["component", "name"] if o in overlay.workloads() else [])
        things = [labels_of(o)]
        if o in overlay.workloads():
            things.append(labels_of(overlay.template(o)))
        for found in things:
            for label in wanted:
                if not found.get(PREFIX + label):
                    yield f"{named(o)}: has no label {PREFIX}{label}"
            if found.get(PREFIX + "version", version()) != version():
                yield f"{named(o)}: its version is not {version()}"
            if not stack_of(found):
                yield f"{named(o)}: has no label borough or partnership"
    for o in overlay.of("StatefulSet"):
        for claim in o["spec"].get("volumeClaimTemplates", []):
            if PREFIX + "version" in labels_of(claim):
                yield f"{named(o)}: a claim's labels cannot be changed, so not hold a version"


def restricted_pods(overlay):
    for w in overlay.workloads():
        pod = overlay.pod(w)
        context = pod.get("securityContext", {})
        if not context.get("runAsNonRoot") or not context.get("runAsUser", 0) >= 10000:
            yield f"{named(w)}: does not run as a user of 10000 or more"
        if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{named(w)}: has not the runtime's seccomp profile"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{named(w)}: is given a token of the cluster's API"
        if pod.get("enableServiceLinks") is not False:
            yield f"{named(w)}: is given its neighbours' addresses in its environment"
        if not overlay.get("ServiceAccount", pod.get("serviceAccountName", "")):
            yield f"{named(w)}: has no service account of its own"
        for host in ("hostNetwork", "hostPID", "hostIPC"):
            if pod.get(host):
                yield f"{named(w)}: {host}"
        for volume in pod.get("volumes", []):
            allowed = {"configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"}
            if not allowed & volume.keys():
                yield f"{named(w)}: volume {volume['name']} is of a kind that `restricted` forbids"
        for c in overlay.containers(w):
            context = c.get("securityContext", {})
            if context.get("allowPrivilegeEscalation") is not False:
                yield f"{named(w)}: container {c['name']} may gain privileges"
            if context.get("readOnlyRootFilesystem") is not True:
                yield f"{named(w)}: container {c['name']} may write to its image"
            if context.get("capabilities", {}).get("drop") != CAPABILITIES_DROPPED:
                yield f"{named(w)}: container {c['name']} keeps capabilities"
            if context.get("privileged"):
                yield f"{named(w)}: container {c['name']} is privileged"


def containers(overlay):
    for w in overlay.workloads():
        for c in overlay.containers(w):
            who = f"{named(w)}: container {c['name']}"
            resources = c.get("resources", {})
            if not {"cpu", "memory"} <= resources.get("requests", {}).keys():
                yield f"{who} requests no cpu or no memory"
            if "memory" not in resources.get("limits", {}):
                yield f"{who} has no memory limit"
            image, _, tag = c["image"].rpartition(":")
            if not image or tag == "latest":
                yield f"{who} has an image without a tag"
            elif "lscp/" in image and tag != version():
                yield f"{who} has the image of another version than {version()}"
            ports = {p["name"] for p in c.get("ports", [])}
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                port = c.get(probe, {}).get("httpGet", {}).get("port")
                if port is not None and port not in ports:
                    yield f"{who}: its {probe} asks a port that it has not"


def deployments(overlay):
    for d in overlay.of("Deployment"):
        who, pod = named(d), overlay.pod(d)
        for probe, path in (("startupProbe", "/livez"), ("readinessProbe", "/readyz"),
                            ("livenessProbe", "/livez")):
            if pod["containers"][0].get(probe, {}).get("httpGet", {}).get("path") != path:
                yield f"{who}: its {probe} does not ask {path}"
        rolling = d["spec"].get("strategy", {}).get("rollingUpdate", {})
        if rolling.get("maxUnavailable") != 0:
            yield f"{who}: a rollout takes pods away before new ones are ready"
        spread = {s["topologyKey"] for s in pod.get("topologySpreadConstraints", [])}
        if spread != {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}:
            yield f"{who}: its pods are not spread over zones and hosts"
        if "replicas" in d["spec"]:
            yield f"{who}: replicas would undo what the autoscaler decided"
        scalers = [h for h in overlay.of("HorizontalPodAutoscaler")
                   if h["spec"]["scaleTargetRef"]["name"] == d["metadata"]["name"]]
        if len(scalers) != 1:
            yield f"{who}: {len(scalers)} autoscalers, not one"
        elif {m["type"] for m in scalers[0]["spec"]["metrics"]} != {"Resource", "Pods"}:
            yield f"{who}: is not scaled by both CPU and calls in flight"
        elif scalers[0]["spec"]["minReplicas"] < 2:
            yield f"{who}: one pod is not enough to lose one"
        budgets = [b for b in overlay.of("PodDisruptionBudget")
                   if d in overlay.selected(b["spec"]["selector"])]
        if len(budgets) != 1:
            yield f"{who}: {len(budgets)} disruption budgets, not one"


def budgets(overlay):
    for b in overlay.of("PodDisruptionBudget"):
        if b["spec"].get("maxUnavailable") != 1:
            yield f"{named(b)}: does not let one pod go at a time"


def selectors(overlay):
    """Each selector chooses the pods of exactly one workload: a Job's pods take no calls."""
    for o in overlay.of("Deployment", "StatefulSet", "Service", "PodDisruptionBudget"):
        selector = o["spec"].get("selector")
        if o["kind"] == "Service":
            selector = {"matchLabels": selector}
        chosen = [named(w) for w in overlay.selected(selector or {})]
        if len(chosen) != 1:
            yield f"{named(o)}: selects {', '.join(sorted(chosen)) or 'no pods'}"
        if selector and PREFIX + "version" in (selector.get("matchLabels") or {}):
            yield f"{named(o)}: a selector cannot be changed, so not hold a version"
        for port in o["spec"].get("ports", []) if o["kind"] == "Service" else []:
            known = {p["name"] for w in overlay.selected(selector) for c in overlay.containers(w)
                     for p in c.get("ports", [])}
            if port.get("targetPort") not in known:
                yield f"{named(o)}: no container has the port {port.get('targetPort')}"


def jobs(overlay):
    suffix = "-" + version().replace(".", "-")
    for j in overlay.of("Job"):
        if not j["metadata"]["name"].endswith(suffix):
            yield f"{named(j)}: a Job cannot be changed, so its name must end with {suffix}"
        for field in ("activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"):
            if field not in j["spec"]:
                yield f"{named(j)}: has no {field}"
    for j in overlay.of("CronJob"):
        if j["spec"].get("concurrencyPolicy") != "Forbid":
            yield f"{named(j)}: may run while it still runs"
        for field in ("schedule", "timeZone", "startingDeadlineSeconds"):
            if field not in j["spec"]:
                yield f"{named(j)}: has no {field}"
        for field in ("activeDeadlineSeconds", "backoffLimit"):
            if field not in j["spec"]["jobTemplate"]["spec"]:
                yield f"{named(j)}: has no {field}"


def claims(overlay):
    """The claims that workloads mount are there, and nobody shares one: it is mounted by one pod."""
    users = {c["metadata"]["name"]: [] for c in overlay.of("PersistentVolumeClaim")}
    for w in overlay.workloads():
        for volume in overlay.pod(w).get("volumes", []):
            name = volume.get("persistentVolumeClaim", {}).get("claimName")
            if name and name not in users:
                yield f"{named(w)}: the claim {name} is not there"
            elif name:
                users[name].append(named(w))
    for name, those in users.items():
        if len(those) != 1:
            yield f"PersistentVolumeClaim/{name}: {len(those)} workloads mount it, not one"


def backups(overlay):
    """Where there are backups, there is one of each service's database, by the script that is tested."""
    backups = {labels_of(j).get(PREFIX + "name"): j for j in overlay.of("CronJob")
               if labels_of(j).get(PREFIX + "component") == "backup"}
    for d in overlay.of("Deployment") if backups else ():
        if labels_of(d).get(PREFIX + "component") != "service":
            continue
        job = backups.pop(labels_of(d).get(PREFIX + "name"), None)
        if not job:
            yield f"{named(d)}: its database is not backed up"
        elif overlay.config_of(job) != overlay.config_of(d):
            yield f"{named(job)}: backs up another database than the service's"
        elif overlay.containers(job)[0].get("command") != [BACKUP]:
            yield f"{named(job)}: does not run {BACKUP}"
    for job in backups.values():
        yield f"{named(job)}: backs up no service"


def quantity(text):
    units = {"m": 0.001, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
    number, unit = re.fullmatch(r"(\d+)(m|Ki|Mi|Gi|)", str(text)).groups()
    return int(number) * units.get(unit, 1)


def replicas_at_most(overlay, w):
    for h in overlay.of("HorizontalPodAutoscaler"):
        if h["spec"]["scaleTargetRef"] == {"apiVersion": w["apiVersion"], "kind": w["kind"],
                                           "name": w["metadata"]["name"]}:
            return h["spec"]["maxReplicas"] + 1  # one more while it is rolled out
    return w["spec"].get("replicas", 1)


def quota(overlay):
    """The quota has room for every autoscaler's maximum."""
    hard = overlay.of("ResourceQuota")[0]["spec"]["hard"] if overlay.of("ResourceQuota") else {}
    for section, resource in (("requests", "cpu"), ("requests", "memory"), ("limits", "memory")):
        need = sum(quantity(c["resources"][section][resource]) * replicas_at_most(overlay, w)
                   for w in overlay.workloads() for c in overlay.pod(w)["containers"]
                   if resource in c.get("resources", {}).get(section, {}))
        name = f"{section}.{resource}"
        if need > quantity(hard.get(name, 0)):
            yield f"ResourceQuota: {name} is less than what may run at most"
    if sum(replicas_at_most(overlay, w) for w in overlay.workloads()) > int(hard.get("pods", 0)):
        yield "ResourceQuota: pods is less than what may run at most"
    claimed = len(overlay.of("PersistentVolumeClaim")) + sum(
        len(s["spec"].get("volumeClaimTemplates", [])) * replicas_at_most(overlay, s)
        for s in overlay.of("StatefulSet"))
    if claimed > int(hard.get("persistentvolumeclaims", 0)):
        yield "ResourceQuota: persistentvolumeclaims is less than what is claimed"


def every_service(overlay):
    """No service of the suite is forgotten, nor one that there is not. A borough may leave one to another
    stack, to which its gateway then leads; a partnership has those that its boroughs share."""
    known = {"gateway"} | {p.parent.name.replace("_", "-")
                           for p in (ROOT / "services").glob("*/main.cc")}
    found = {d["metadata"]["name"] for d in overlay.of("Deployment")}
    elsewhere = {r.service for r in overlay.routes() if r.gateway and overlay.stack() in r.boroughs}
    wanted = known if overlay.is_borough() else {"gateway"}
    for name in sorted(wanted - found - elsewhere):
        yield f"Deployment/{name}: is missing"
    for name in sorted(found - known):
        yield f"Deployment/{name}: is no service"
    for name in sorted(found & elsewhere):
        yield f"Deployment/{name}: runs here, while the gateway leads to another stack's"


RULES = [kinds, one_namespace, labels, restricted_pods, containers, deployments, budgets, selectors,
         jobs, claims, backups, quota, every_service]
