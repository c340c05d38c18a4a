"""The configurations in the ConfigMaps fit what is around them: files, certificates, time, network."""

import re

from overlay import ROOT, named, selects, labels_of, stack_of

# They are given a server's configuration, and need of it what it says of the database.
JOBS = ("Job", "CronJob")
MONITORING = {"kubernetes.io/metadata.name": "monitoring"}


def keys_of_secret(overlay, name):
    """Keys of a Secret that is rendered, or that a Certificate or an ExternalSecret makes."""
    secret = overlay.get("Secret", name)
    if secret:
        return set(secret.get("data", {})) | set(secret.get("stringData", {}))
    for c in overlay.of("Certificate"):
        if c["spec"]["secretName"] == name:
            return {"tls.crt", "tls.key", "ca.crt"}
    for e in overlay.of("ExternalSecret"):
        if e["spec"].get("target", {}).get("name", e["metadata"]["name"]) == name:
            return {d["secretKey"] for d in e["spec"]["data"]}
    return None


def sources(volume):
    """(kind, name, {path: key} or None for all) of what a volume is made of."""
    for source in volume.get("projected", {}).get("sources", [volume]):
        for kind, field in (("ConfigMap", "configMap"), ("Secret", "secret")):
            if field in source:
                of = source[field]
                items = {i["path"]: i["key"] for i in of["items"]} if "items" in of else None
                yield kind, of.get("name") or of.get("secretName"), items


def files_of(overlay, workload):
    """Files that a workload is given by its volumes, and the references that lead nowhere."""
    files, broken = set(), []
    mounts = {m["name"]: m["mountPath"] for c in overlay.containers(workload)
              for m in c.get("volumeMounts", [])}
    for volume in overlay.pod(workload).get("volumes", []):
        for kind, name, items in sources(volume):
            if kind == "ConfigMap":
                config_map = overlay.get(kind, name)
                keys = set(config_map["data"]) if config_map else None
            else:
                keys = keys_of_secret(overlay, name)
            missing = keys is None or not set((items or {}).values()) <= keys
            if missing:
                broken.append(f"{kind} {name}")
            files |= {f"{mounts.get(volume['name'])}/{f}" for f in items or keys or ()}
    return files, broken


def references(overlay):
    for w in overlay.workloads():
        for what in files_of(overlay, w)[1]:
            yield f"{named(w)}: {what} is not there, or not with these keys"


def fields(message):
    """(path, value) of every field that is set, also in messages below."""
    for field, value in message.ListFields():
        for one in value if field.label == field.LABEL_REPEATED else [value]:
            if field.message_type:
                yield from ((f"{field.name}.{path}", v) for path, v in fields(one))
            else:
                yield field.name, one


def files(overlay):
    """Every file that a configuration names is mounted; the schema owner's only for Jobs."""
    for w in overlay.workloads():
        config = overlay.config_of(w)
        if config is None:
            continue
        there, _ = files_of(overlay, w)
        for path, value in fields(config):
            if not path.endswith("_file") or value.startswith("/usr/share/lscp/"):
                continue
            owners = path == "database.migration_password_file"
            if w["kind"] in JOBS and not path.startswith("database."):
                continue
            if owners and w["kind"] not in JOBS:
                if value in there:
                    yield f"{named(w)}: a server holds the schema owner's password"
            elif value not in there:
                yield f"{named(w)}: its configuration names {value}, which is not mounted"


def settings(overlay):
    """Settings of a borough that the services are developed and tested with are the same here."""
    for w in overlay.of("Deployment"):
        name, stack = w["metadata"]["name"], stack_of(labels_of(w))
        folder = f"{'boroughs' if overlay.is_borough() else 'partnerships'}/{stack}"
        tested = f"services/{name.replace('-', '_')}/settings/{stack}.textproto"
        if not (ROOT / tested).exists():
            continue  # a borough of its own
        for volume in overlay.pod(w).get("volumes", []):
            config_map = overlay.get("ConfigMap", volume.get("configMap", {}).get("name", ""))
            text = (config_map or {}).get("data", {}).get("settings.textproto")
            if text is not None and text != (ROOT / tested).read_text():
                yield (f"{named(w)}: its settings are not those of {tested}; change that file, then: "
                       f"cp {tested} k8s/{folder}/{name}/settings.textproto")


def boroughs_served(overlay, workload):
    """The borough of the stack; of a partnership's, those that the service's settings name."""
    if overlay.is_borough():
        return [overlay.stack()]
    for volume in overlay.pod(workload).get("volumes", []):
        config_map = overlay.get("ConfigMap", volume.get("configMap", {}).get("name", "")) or {}
        text = config_map.get("data", {}).get("settings.textproto")
        if text is not None:
            return re.findall(r'^boroughs \{\n  id: "(.*)"', text, re.M)
    return []


def drain(overlay):
    for d in overlay.of("Deployment"):
        server = overlay.config_of(d).server
        needed = server.drain_delay_seconds + (server.drain_timeout_seconds or 20)
        if overlay.pod(d).get("terminationGracePeriodSeconds", 30) <= needed:
            yield f"{named(d)}: is killed before it has drained ({needed} s)"
        if server.drain_delay_seconds < 5:
            yield f"{named(d)}: drains before its callers can have heard of it"


def balancing(overlay):
    """Connections end, so that callers hear of new pods (grpc/grpc issue 12295)."""
    for d in overlay.of("Deployment"):
        if not 0 < overlay.config_of(d).server.max_connection_age_seconds <= 600:
            yield f"{named(d)}: its connections do not end, so new pods get no calls"


def targets(overlay, config):
    """What a configuration calls inside the cluster or outside: (host, port, name in the certificate)."""
    for route in getattr(config, "routes", []):
        yield address(route.target) + (route.tls_server_name,)
    for subscriber in getattr(config, "subscribers", []):
        yield address(subscriber.target) + (subscriber.tls_server_name,)
    if hasattr(config, "database"):
        yield address(config.database.host) + (None,)


def address(target):
    host, port = re.fullmatch(r"(?:dns:///|tcp://)([^:/]+):(\d+)", target).groups()
    return host, int(port)


def names(overlay):
    """A name that is called is a Service with that port, and its server's certificate says it."""
    for w in overlay.of("Deployment"):
        config = overlay.config_of(w)
        if hasattr(config, "boroughs"):
            if list(config.boroughs) != boroughs_served(overlay, w):
                yield f"{named(w)}: serves other boroughs than the overlay's"
            led = {b for r in overlay.routes() if r.service == w["metadata"]["name"] for b in r.boroughs}
            for borough in sorted(set(config.boroughs) - led):
                yield f"{named(w)}: the gateway leads nobody to it for {borough}"
        for host, port, tls_name in targets(overlay, config):
            if "." in host:
                continue  # outside the cluster
            service = overlay.get("Service", host)
            if not service or port not in {p["port"] for p in service["spec"]["ports"]}:
                yield f"{named(w)}: calls {host}:{port}, which no Service has"
            elif tls_name is not None and service["spec"].get("clusterIP") != "None":
                yield f"{named(w)}: calls {host}, which is not headless: one pod would get every call"
    for c in overlay.of("Certificate"):
        spec = c["spec"]
        if spec.get("isCA"):
            continue
        kind, _, name = (spec.get("uris") or [""])[0].removeprefix("spiffe://lscp/").partition("/")
        if kind == "service" and (not overlay.get("Deployment", name) or name not in spec["dnsNames"]):
            yield f"{named(c)}: does not say the name of a service"


# The network: which pods may reach which, by the policies and by the configurations.


def ports_allowed(overlay, rule, workload):
    ports = {p["name"]: p["containerPort"] for c in overlay.containers(workload)
             for p in c.get("ports", [])}
    if "ports" not in rule:
        return set(ports.values())
    return {ports.get(p["port"], p["port"]) for p in rule["ports"]}


def policies_of(overlay, workload, direction):
    return [p["spec"] for p in overlay.of("NetworkPolicy")
            if direction in p["spec"]["policyTypes"]
            and selects(p["spec"]["podSelector"], labels_of(overlay.template(workload)))]


def allowed(overlay, source, target):
    """Ports of `target` that the policies let `source` reach."""
    def through(workload, peer, direction, field):
        open_ports, policies = set(), policies_of(overlay, workload, direction)
        for policy in policies:
            for rule in policy.get(direction.lower(), []):
                peers = rule.get(field)
                if peers is None or any(
                        "podSelector" in p and "namespaceSelector" not in p
                        and selects(p["podSelector"], labels_of(overlay.template(peer)))
                        for p in peers):
                    open_ports |= ports_allowed(overlay, rule, target)
        return open_ports
    out = through(source, target, "Egress", "to")
    return out & through(target, source, "Ingress", "from")


def call_graph(overlay):
    """Policies let through what the configurations call, and nothing else."""
    workloads = overlay.workloads()
    for w in workloads:
        if not policies_of(overlay, w, "Egress") or not policies_of(overlay, w, "Ingress"):
            yield f"{named(w)}: no NetworkPolicy holds it"
    for source in workloads:
        config = overlay.config_of(source)
        called, outside = set(), set()
        for host, port, _ in targets(overlay, config) if config is not None else []:
            if source["kind"] in JOBS and (host, port) != address(config.database.host):
                continue
            if "." in host:
                outside.add(port)
                continue
            service = overlay.get("Service", host)
            for target in overlay.selected({"matchLabels": service["spec"]["selector"]}):
                called.add((named(target), port))
        may = {(named(t), port) for t in workloads for port in allowed(overlay, source, t)
               if t is not source or config is not None}
        for target, port in sorted(called - may):
            yield f"{named(source)}: no NetworkPolicy lets it call {target} on {port}"
        for target, port in sorted(may - called):
            yield f"{named(source)}: may call {target} on {port}, which no configuration says"
        open_outside = {port["port"] for p in policies_of(overlay, source, "Egress")
                        for rule in p.get("egress", []) for peer in rule.get("to", [])
                        if "ipBlock" in peer for port in rule.get("ports", [])}
        for port in sorted(outside ^ open_outside):
            yield f"{named(source)}: port {port} outside the cluster is " + (
                "called and not open" if port in outside else "open and not called")


def lets_prometheus_in(overlay, workload, port):
    """Whether a policy opens the port to the namespace `monitoring`."""
    return any(
        peer.get("namespaceSelector", {}).get("matchLabels") == MONITORING
        for policy in policies_of(overlay, workload, "Ingress") for rule in policy.get("ingress", [])
        for peer in rule.get("from", []) if {"protocol": "TCP", "port": port} in rule.get("ports", []))


def scraping(overlay):
    """Where there is a PodMonitor it finds every server, and the policies let Prometheus in."""
    for monitor in overlay.of("PodMonitor"):
        for d in overlay.of("Deployment"):
            ports = {p["name"] for c in overlay.containers(d) for p in c.get("ports", [])}
            found = selects(monitor["spec"]["selector"], labels_of(overlay.template(d)))
            for endpoint in monitor["spec"]["podMetricsEndpoints"]:
                if not found or endpoint["port"] not in ports:
                    yield f"{named(d)}: {named(monitor)} does not find it"
                elif not lets_prometheus_in(overlay, d, endpoint["port"]):
                    yield f"{named(d)}: no NetworkPolicy lets Prometheus reach it"


def peers(overlay):
    """A peer is told as the borough's council, by the own gateway, which leads to the peer's."""
    for w in overlay.of("Deployment"):
        for subscriber in getattr(overlay.config_of(w), "subscribers", []):
            if not subscriber.HasField("peer"):
                continue
            who = f"{named(w)}: its peer {subscriber.name}"
            led = {b for r in overlay.routes() if r.gateway and r.service == w["metadata"]["name"]
                   and "safeguarding.events.v1" in r.packages for b in r.boroughs}
            if address(subscriber.target)[0] != "gateway-within" or not set(subscriber.boroughs) <= led:
                yield f"{who} is not where the gateway leads"
            uris = [u for c in overlay.of("Certificate")
                    if c["spec"]["secretName"] == f"{w['metadata']['name']}-peer-tls"
                    for u in c["spec"]["uris"]]
            if uris != [f"spiffe://lscp/agency/{overlay.stack()}-council"]:
                yield f"{who} is not told by the borough's council"


RULES = [references, files, settings, drain, balancing, names, call_graph, scraping, peers]

# Between the stacks that are known here; others may be somebody else's.


def doors(overlay):
    """The public names of the stack's gateway."""
    gateway = overlay.get("Certificate", "gateway")
    return set(gateway["spec"]["dnsNames"]) - {"gateway"} if gateway else set()


def issuers(overlay):
    config = overlay.config_of(overlay.get("Deployment", "gateway"))
    return {(i.issuer, i.audience) for i in config.token_issuers}


def neighbours(overlay, others):
    """A gateway that is called serves what it is called for, and knows who asks."""
    for route in overlay.routes():
        there = next((o for o in others if address(route.target)[0] in doors(o)), None)
        if not route.gateway or there is None:
            continue
        who = f"Deployment/gateway: {there.stack()}, which it calls for {route.service},"
        own = [r for r in there.routes() if not r.gateway and r.service == route.service]
        if not any(set(route.packages) <= set(r.packages) and set(route.boroughs) <= set(r.boroughs)
                   for r in own):
            yield f"{who} does not serve that"
        people = set(route.packages) != {"safeguarding.events.v1"}
        if people and not issuers(overlay) <= issuers(there):
            yield f"{who} does not take the tokens of its people"


def answers(overlay, others):
    """Who is told by a peer tells it, too."""
    for w in overlay.of("Deployment"):
        for subscriber in getattr(overlay.config_of(w), "subscribers", []):
            there = next((o for o in others if o.is_borough() and o.stack() in subscriber.boroughs), None)
            if not subscriber.HasField("peer") or there is None:
                continue
            server = there.get("Deployment", w["metadata"]["name"])
            back = [s for s in getattr(server and there.config_of(server), "subscribers", [])
                    if s.HasField("peer") and overlay.stack() in s.boroughs]
            if [s.peer.agency for s in back] != [f"{overlay.stack()}-council"]:
                yield f"{named(w)}: its peer {subscriber.name} does not have it for a peer"


BETWEEN = [neighbours, answers]
