"""Tries each thing a lab needs, for real, in throw-away namespaces; never touches the machine's own."""
import os
import subprocess

from netns import LabError, NetNS

RULES = """*nat
-A PREROUTING -m comment --comment x -m addrtype --dst-type LOCAL -m statistic --mode random --probability 0.5 -j MARK --or-mark 0x4000
-A PREROUTING -m recent --name t --rcheck --seconds 9 --reap -p tcp -j DNAT --to-destination 10.0.0.1:80
-A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A POSTROUTING -j MASQUERADE --random-fully
COMMIT
*filter
-A FORWARD -m conntrack --ctstate INVALID -j DROP
-A FORWARD -p tcp -j REJECT
COMMIT
"""
NFT = """table ip t {
 map m { type ipv4_addr . inet_proto . inet_service : verdict; }
 chain e { }
 chain c { type nat hook prerouting priority -100;
 ip daddr . meta l4proto . th dport vmap @m
 fib saddr type local accept
 numgen random mod 2 vmap { 0 : jump e, 1 : jump e }
 }
}
"""


def check():
    have, why, made = {}, {}, []

    def attempt(name, do):
        try:
            do()
            have[name] = True
        except (LabError, OSError, subprocess.SubprocessError) as e:
            have[name], why[name] = False, str(e)[:200]

    attempt("netns", lambda: made.extend([NetNS("check"), NetNS("peer")]))
    if made:
        a, b = made
        attempt("veth", lambda: a.ip([f"link add v0 type veth peer name eth0 netns {b.path}"]))
        attempt("bridge", lambda: a.ip(["link add br0 type bridge", "link set v0 master br0"]))
        attempt("bridge-nf", lambda: a.sysctl({"bridge/bridge-nf-call-iptables": 1}))
        attempt("vxlan", lambda: a.ip(["link add vx0 type vxlan id 1 dstport 8472 dev v0"]))
        attempt("ipset", lambda: a.run(["ipset", "create", "t", "hash:ip"]))
        attempt("iptables-legacy", lambda: a.run(["iptables-legacy-restore", "-w", "5"], RULES))
        attempt("iptables-nft", lambda: b.run(["iptables-nft-restore"], RULES))
        attempt("nft", lambda: b.run(["nft", "-f", "-"], NFT))
        attempt("conntrack", lambda: a.run(["conntrack", "-C"]))
        for ns in made:
            ns.close()
    ok = all(have.get(k) for k in ("netns", "veth", "bridge", "bridge-nf", "iptables-nft"))
    return {"ok": ok, "have": have, "why": why, "kernel": os.uname().release, "uid": os.getuid()}
