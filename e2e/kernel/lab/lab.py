#!/usr/bin/env python3
"""Builds a compiled Dataplane from real namespaces, veth pairs, bridges, routes and rules, and sends real traffic.

  lab.py --check     what this machine can do, tried for real (JSON; exit 3 = cannot run a lab)
  lab.py --serve     JSON lines on stdin: build, probe, rules, reset, saved, trace, program, exec, close; EOF ends everything

Standard library only; needs CAP_SYS_ADMIN and CAP_NET_ADMIN (root, or `unshare -Urm --map-root-user`).
The input is what ../to-lab.ts makes of a Dataplane; nothing here knows Kubernetes.
"""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from capture import Capture  # noqa: E402
from check import check  # noqa: E402
from netns import LabError, NetNS  # noqa: E402
from probes import Run  # noqa: E402
from programs import Programs  # noqa: E402
from rule_trace import RuleTrace  # noqa: E402
from servers import Servers  # noqa: E402

QUIET = {"ipv4/conf/all/send_redirects": 0, "ipv4/conf/default/send_redirects": 0, "ipv4/fib_multipath_hash_policy": 1,
         # REJECT's ICMP is limited to about one a second per target otherwise, which reads as a timeout
         "ipv4/icmp_ratelimit": 0, "ipv4/icmp_ratemask": 0}


class Lab:
    def __init__(self, spec):
        self.spec, self.ns, self.servers, self.programs = spec, {}, Servers(), Programs()
        self.v6 = bool(spec.get("ipv6"))
        started = time.monotonic()
        try:
            for n in spec["netns"]:
                self.ns[n["id"]] = self._namespace(n)
            self._veths()
            for n in spec["netns"]:
                self._wire(n)
            for n in spec["netns"]:
                self._route(n)
            for n in spec["netns"]:
                self.load_rules(n["id"], n.get("rules", {}))
                for s in n["sockets"]:
                    self.servers.add(self.ns[n["id"]], s.get("label", n["id"]), s["protocol"], s["port"], s.get("address"), s.get("family", 4))
            self.servers.start()
        except BaseException:
            self.close()
            raise
        self.seconds = round(time.monotonic() - started, 4)

    def close(self):
        self.programs.stop()
        self.servers.stop()
        for ns in self.ns.values():
            ns.close()
        self.ns = {}

    def _namespace(self, n):
        ns = NetNS(n["id"])
        flag = 0 if self.v6 else 1
        ns.sysctl({"ipv6/conf/all/disable_ipv6": flag, "ipv6/conf/default/disable_ipv6": flag}, must=False)
        if self.v6:  # a fresh address answers at once, and nothing is advertised
            ns.sysctl({"ipv6/conf/all/accept_dad": 0, "ipv6/conf/default/accept_dad": 0, "ipv6/conf/default/accept_ra": 0}, must=False)
        s = n["sysctls"]
        rp = s["rpFilter"]
        ns.sysctl({**QUIET, "ipv4/ip_forward": int(s["ipForward"]), "ipv4/conf/all/rp_filter": rp, "ipv4/conf/default/rp_filter": rp,
                   "ipv4/conf/all/route_localnet": int(s["routeLocalnet"])})
        # both families share this bucket (net/ipv4/icmp.c icmp_global_allow): 50 refusals at once, and the next ones read as lost
        ns.sysctl({"ipv4/icmp_msgs_per_sec": 100000, "ipv4/icmp_msgs_burst": 100000, "ipv6/icmp/ratelimit": 0, "ipv6/conf/all/forwarding": int(s["ipForward"])}, must=False)
        bridged = any(link["kind"] == "bridge" for link in n["links"])
        ns.sysctl({"bridge/bridge-nf-call-iptables": int(s["bridgeNf"]), "bridge/bridge-nf-call-ip6tables": int(s["bridgeNf"])}, must=bridged and s["bridgeNf"])
        return ns

    def _veths(self):
        # Every end gets an index of its own: where both ends have the same one, the link watch is not urgent
        # (linkwatch_urgent_event) and a bridge port stays disabled for up to a second.
        made, index = set(), 100
        for n in self.spec["netns"]:
            commands = []
            for link in n["links"]:
                if link["kind"] != "veth":
                    continue
                ends = frozenset([(n["id"], link["name"]), (link["peer"]["netns"], link["peer"]["link"])])
                if ends not in made:
                    made.add(ends)
                    index += 2
                    commands.append(f"link add {link['name']} index {index} type veth peer name {link['peer']['link']} index {index + 1} netns {self.ns[link['peer']['netns']].path}")
            self.ns[n["id"]].ip(commands)

    def _wire(self, n):
        ns, commands, fdb = self.ns[n["id"]], [], []
        order = {"loopback": 0, "bridge": 1, "dummy": 1, "veth": 2, "vxlan": 3}
        for link in sorted(n["links"], key=lambda one: order.get(one["kind"], 9)):
            name, kind = link["name"], link["kind"]
            if kind in ("bridge", "dummy"):
                commands.append(f"link add {name} type {kind}")
            elif kind == "vxlan":
                commands.append(f"link add {name} type vxlan id {link['vni']} local {link['local']} dev {link['underlay']} dstport {link['port']} nolearning")
                fdb += [f"fdb append {e['mac']} dev {name} dst {e['dst']} self permanent" for e in link["fdb"]]
            if kind != "loopback":
                commands.append(f"link set {name} address {link['mac']} mtu {link['mtu']}")
            if link.get("master"):
                commands.append(f"link set {name} master {link['master']}")
                if link.get("hairpin"):  # sysfs shows the mount's namespace: netlink
                    commands.append(f"link set {name} type bridge_slave hairpin on")
            commands += [f"addr replace {a} dev {name}{' nodad' if ':' in a else ''}" for a in link["addresses"] if not a.startswith(("127.", "::1/"))]
            commands.append(f"link set {name} {'up' if link['up'] else 'down'}")
        ns.ip(commands)
        ns.ip(fdb, "bridge")
        for link in n["links"]:
            if link.get("proxyArp"):
                ns.sysctl({f"ipv4/conf/{link['name']}/proxy_arp": 1, f"ipv4/neigh/{link['name']}/proxy_delay": 0})
            blocked = ["drop"] if link.get("cut") else [f"meta l4proto {b['protocol']}{' th dport %d' % b['port'] if b.get('port') else ''} drop" for b in link.get("blocked", [])]
            if blocked:  # a fault of the cable, not a rule of the node: below every hook of the IP stack
                body = "\n".join(blocked)
                ns.run(["nft", "-f", "-"], f"table netdev fault_{link['name']} {{ chain c {{ type filter hook ingress device \"{link['name']}\" priority -500;\n{body}\n}}\n}}\n")

    def _route(self, n):
        self.ns[n["id"]].ip([f"route replace {r}" for r in n["routes"]])
        self.ns[n["id"]].ip([f"route del {r}" for r in n["lostRoutes"]])
        self.ns[n["id"]].ip([f"neigh replace {x['ip']} lladdr {x['mac']} dev {x['dev']} nud permanent" for x in n["neighbours"]])

    def load_rules(self, netns, rules):
        """rules: {backend: nft|legacy, ipset, iptables, ip6tables, nft}: texts as the tools print them; replaces what was there."""
        ns, backend = self.ns[netns], rules.get("backend", "nft")
        if rules.get("ipset"):
            ns.run(["ipset", "restore", "-exist"], rules["ipset"])
        for tool in ("iptables", "ip6tables"):
            if rules.get(tool):
                ns.run([f"{tool}-{backend}-restore"] + (["-w", "10"] if backend == "legacy" else []), rules[tool])
        if rules.get("nft"):
            ns.run(["nft", "-f", "-"], rules["nft"])

    def reset(self):
        """Forgets conntrack entries and `recent` lists, which survive a reload of the rules."""
        for ns in self.ns.values():
            ns.run(["conntrack", "-F"], check=False)
            with ns:
                base = "/proc/thread-self/net/xt_recent"
                for name in os.listdir(base) if os.path.isdir(base) else []:
                    with open(f"{base}/{name}", "w") as handle:
                        handle.write("/")

    def saved(self, netns, tool):
        """A table listing as the tool itself prints it: the normal form."""
        return self.ns[netns].run(["nft", "list", "ruleset"] if tool == "nft" else [tool]).stdout

    def probe(self, command):
        tap = Capture({k: self.ns[k] for k in (command.get("taps") or self.ns)}) if command.get("capture") else None
        result = {"results": Run(self.ns, command["probes"], command.get("timeout", 0.6), command.get("concurrency", 64)).all()}
        if tap:
            time.sleep(0.03)  # a moment for the closing packets
            result["packets"] = tap.stop()
        return result

    def trace(self, command):
        tracer = RuleTrace(self.ns, command["netns"], command["backend"])
        try:
            result = self.probe(command)
        finally:
            result_rules = tracer.stop()
        return {**result, "rules": result_rules}


def serve():
    lab = None
    for line in sys.stdin:  # EOF (the parent died or is done) ends everything
        try:
            c = json.loads(line)
            op = c["op"]
            if op == "build":
                if lab:
                    lab.close()
                lab = Lab(c["spec"])
                r = {"seconds": lab.seconds}
            elif op == "probe":
                r = lab.probe(c)
            elif op == "trace":
                r = lab.trace(c)
            elif op == "rules":
                r = lab.load_rules(c["netns"], c["rules"]) or {}
            elif op == "reset":
                r = lab.reset() or {}
            elif op == "saved":
                r = {"text": lab.saved(c["netns"], c["tool"])}
            elif op == "program":
                r = lab.programs.start(lab.ns[c["netns"]], c["argv"], c["log"], c["protocol"], c["port"]) or {}
            elif op == "exec":
                p = lab.ns[c["netns"]].run(c["argv"], c.get("stdin"), check=False)
                r = {"rc": p.returncode, "stdout": p.stdout, "stderr": p.stderr}
            elif op == "close":
                lab, r = (lab.close() if lab else None), {}
            else:
                raise LabError(f"unknown op {op!r}")
            r = {"ok": True, **r}
        except (LabError, OSError, KeyError, ValueError, subprocess.SubprocessError) as e:
            r = {"ok": False, "error": f"{type(e).__name__}: {e}"}
        print(json.dumps(r), flush=True)
    if lab:
        lab.close()


def main(argv):
    if argv == ["--check"]:
        result = check()
        print(json.dumps(result))
        return 0 if result["ok"] else 3
    if argv != ["--serve"]:
        print(__doc__, file=sys.stderr)
        return 2
    serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
