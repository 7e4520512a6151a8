"""Which rules the first packet of a connection met, from the kernel's own trace."""
import threading
import time

TRACE = ["-p", "tcp", "--syn", "-j", "TRACE"]


def subscribed(pid):
    """Whether a process listens to a group of NETLINK_NETFILTER (12): until then it misses what happens."""
    try:
        with open(f"/proc/{pid}/net/netlink") as table:
            rows = [line.split() for line in table.readlines()[1:]]
    except OSError:
        return False
    return any(row[1] == "12" and int(row[3], 16) for row in rows)


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
        for child in self.children.values():
            self._await(lambda pid=child.pid: subscribed(pid), 5)

    def _read(self, name, child):
        for line in child.stdout:
            self.lines[name].append(line.rstrip("\n"))

    @staticmethod
    def _await(done, seconds):
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            time.sleep(0.005)

    def stop(self):
        seen = [-1]

        def quiet():
            count, before = sum(len(lines) for lines in self.lines.values()), seen[0]
            seen[0] = count
            time.sleep(0.1)
            return count == before

        self._await(quiet, 3)
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
