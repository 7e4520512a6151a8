"""Which rules the first packet of a connection met, from the kernel's own trace."""
import threading
import time

TRACE = ["-p", "tcp", "--syn", "-j", "TRACE"]


class RuleTrace:
    """Traces SYNs in the given namespaces while it lives; `stop` returns {netns: [line, …]}."""

    def __init__(self, namespaces, names, backend):
        self.ns = {name: namespaces[name] for name in names}
        self.backend, self.lines, self.children = backend, {name: [] for name in names}, {}
        for name, ns in self.ns.items():
            if backend == "nft":
                ns.run(["nft", "-f", "-"], "table inet podhop_trace {\n chain p { type filter hook prerouting priority -350;\n tcp flags & (syn | ack) == syn meta nftrace set 1\n }\n"
                       " chain o { type filter hook output priority -350;\n tcp flags & (syn | ack) == syn meta nftrace set 1\n }\n}\n")
                child = ns.popen(["nft", "monitor", "trace"])
            else:
                for chain in ("PREROUTING", "OUTPUT"):
                    ns.run(["iptables-nft", "-t", "raw", "-I", chain, *TRACE])
                child = ns.popen(["xtables-monitor", "--trace"])
            self.children[name] = child
            threading.Thread(target=self._read, args=(name, child), daemon=True).start()
        time.sleep(0.15)  # the monitors subscribe

    def _read(self, name, child):
        for line in child.stdout:
            self.lines[name].append(line.rstrip("\n"))

    def stop(self):
        time.sleep(0.1)
        for child in self.children.values():
            child.terminate()
            child.wait(5)
        for ns in self.ns.values():
            if self.backend == "nft":
                ns.run(["nft", "delete", "table", "inet", "podhop_trace"], check=False)
            else:
                for chain in ("PREROUTING", "OUTPUT"):
                    ns.run(["iptables-nft", "-t", "raw", "-D", chain, *TRACE], check=False)
        return self.lines
