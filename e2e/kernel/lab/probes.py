"""Connections that tell what became of them: connected (and what the server saw), refused, or lost."""
from collections import Counter
import errno
import heapq
import selectors
import socket
import struct
import time

IP_RECVERR, IPV6_RECVERR, MSG_ERRQUEUE = 11, 25, 0x2000


def failure(s, number):
    """The class of an errno, and what the error queue says of its sender (a RST has no ICMP sender)."""
    kind = {
        errno.ECONNREFUSED: "refused", errno.EHOSTUNREACH: "unreachable", errno.ENETUNREACH: "unreachable",
        errno.EINVAL: "unreachable",  # a blackhole route (fib_props)
        errno.ECONNRESET: "refused", errno.EPERM: "blocked-locally", errno.EACCES: "blocked-locally",
    }.get(number, "error")
    how = errno.errorcode.get(number, str(number))
    try:
        _d, ancillary, _f, _a = s.recvmsg(1, 512, MSG_ERRQUEUE)
        for level, what, d in ancillary:
            if level == socket.IPPROTO_IP and what == IP_RECVERR and d[4] == 2:  # SO_EE_ORIGIN_ICMP
                how = f"icmp {d[5]}/{d[6]} from {socket.inet_ntoa(d[20:24])}"
                kind = "refused" if d[5:7] == b"\3\3" else kind  # UDP into a REJECT in OUTPUT: send() itself says EPERM
            if level == socket.IPPROTO_IPV6 and what == IPV6_RECVERR and d[4] == 3:  # SO_EE_ORIGIN_ICMP6
                how = f"icmp6 {d[5]}/{d[6]} from {socket.inet_ntop(socket.AF_INET6, d[24:40])}"
                kind = "refused" if d[5:7] == b"\1\4" else kind
    except OSError:
        how = "tcp rst" if number == errno.ECONNREFUSED and s.type & socket.SOCK_STREAM else how
    return {"outcome": kind, "how": how}


def start(ns, p):
    """A socket under way, or the result of one that failed at once."""
    tcp = p.get("proto", "tcp") == "tcp"
    v6 = ":" in p["dst"]
    s = ns.socket(socket.AF_INET6 if v6 else socket.AF_INET, (socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) | socket.SOCK_NONBLOCK)
    try:
        s.setsockopt(*((socket.IPPROTO_IPV6, IPV6_RECVERR, 1) if v6 else (socket.IPPROTO_IP, IP_RECVERR, 1)))
        if tcp:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close = RST: no TIME_WAIT
        if "sport" in p or "src" in p:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((p.get("src", ""), p.get("sport", 0)))
        rc = s.connect_ex((p["dst"], p["port"]))
        if rc not in (0, errno.EINPROGRESS):
            raise OSError(rc, "connect")
        if not tcp:
            s.send(b"?")
        return None, s, "connect" if tcp else "datagram"
    except OSError as e:
        result = failure(s, e.errno)
        s.close()
        return result, None, None


def repeated(s):
    """Whether this TCP connection sent anything twice (tcp_info.tcpi_total_retrans)."""
    return s.type & socket.SOCK_STREAM and struct.unpack_from("I", s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 100)[0] > 0


def is_connected(s):
    """A ready socket without an error need not be connected: a soft ICMP error wakes it up too (tcp_v4_err, IP_RECVERR)."""
    try:
        s.getpeername()
        return True
    except OSError:
        try:
            s.recvmsg(1, 512, MSG_ERRQUEUE)
        except OSError:
            pass
        return False


def advance(s, phase):
    """What happened on a ready socket: (result or None, next phase)."""
    try:
        if phase == "connect":
            rc = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if rc:
                return failure(s, rc), phase
            if not is_connected(s):
                return None, "connect"
            # On a busy machine the loop may look later than a second after the SYN was lost. The repeated SYN is another
            # first packet: where the lost one left no conntrack entry it may be sent to another backend.
            return ({"outcome": "timeout", "how": "only a repeated SYN was answered"}, phase) if repeated(s) else (None, "read")
        data = s.recv(512)
        if not data:
            return {"outcome": "reset", "how": "closed before answering"}, phase
        me, peer = s.getsockname(), data.decode().strip().split("|")
        return {"outcome": "connected", "backend": peer[0], "src": peer[1], "sport": int(peer[2]), "at": peer[3], "port": int(peer[4]), "kept": int(peer[2]) == me[1]}, phase
    except BlockingIOError:
        return None, phase
    except OSError as e:
        result = failure(s, e.errno)
        if phase == "read" and e.errno == errno.ECONNRESET:
            result["outcome"] = "reset"
        return result, phase


def summary(p, connections):
    """`{id, results: [{outcome, backend?, src?, at?, port?, how?, n}]}`: equal connections counted together."""
    def key(c):
        return tuple((k, c[k]) for k in ("outcome", "backend", "src", "at", "port", "how") if k in c)
    tally = Counter(key(c) for c in connections)
    return {"id": p.get("id"), "results": [{**dict(k), "n": n} for k, n in sorted(tally.items())], "kept": all(c.get("kept", True) for c in connections)}


class Run:
    """All probes share one event loop, so the time spent on expected timeouts overlaps."""

    def __init__(self, namespaces, probes, timeout, concurrency):
        self.ns, self.probes, self.timeout, self.concurrency = namespaces, probes, timeout, concurrency
        self.state = [{"todo": p.get("count", 1), "fly": 0, "next": 0.0, "done": []} for p in probes]
        self.selector, self.heap, self.live, self.serial = selectors.DefaultSelector(), [], {}, 0

    def _launch(self, now):
        wake = []
        for i, (p, st) in enumerate(zip(self.probes, self.state)):
            one_by_one = p.get("sequential") or "sport" in p
            while st["todo"] and len(self.live) < self.concurrency and not (one_by_one and st["fly"]):
                if now < st["next"]:
                    wake.append(st["next"])
                    break
                st["todo"] -= 1
                self.serial += 1
                result, s, phase = start(self.ns[p["from"]], p)
                if result:
                    st["done"].append(result)
                    st["next"] = now + p.get("gap", 0)
                    continue
                st["fly"] += 1
                self.live[self.serial] = [i, s, phase]
                heapq.heappush(self.heap, (time.monotonic() + p.get("timeout", self.timeout), self.serial))
                self.selector.register(s, selectors.EVENT_WRITE if phase == "connect" else selectors.EVENT_READ, self.serial)
        return wake

    def _collect(self, wake):
        wake = wake + ([self.heap[0][0]] if self.heap else [])
        wait = max(0.0, min(wake) - time.monotonic()) if wake else 0
        finished = []
        for key, _ in self.selector.select(wait) if self.live else (time.sleep(wait) or ()):
            i, s, phase = self.live[key.data]
            result, phase = advance(s, phase)
            if result:
                finished.append((key.data, result))
            else:
                self.live[key.data][2] = phase
                self.selector.modify(s, selectors.EVENT_WRITE if phase == "connect" else selectors.EVENT_READ, key.data)
        gone = {k for k, _ in finished}
        while self.heap and (self.heap[0][1] not in self.live or self.heap[0][0] <= time.monotonic()):
            k = heapq.heappop(self.heap)[1]
            if k in self.live and k not in gone:
                finished.append((k, {"outcome": "half-open" if self.live[k][2] == "read" else "timeout"}))
                gone.add(k)
        return finished

    def all(self):
        try:
            while self.live or any(st["todo"] for st in self.state):
                for k, result in self._collect(self._launch(time.monotonic())):
                    i, s, _phase = self.live.pop(k)
                    self.selector.unregister(s)
                    s.close()
                    st = self.state[i]
                    st["done"].append(result)
                    st["fly"] -= 1
                    st["next"] = time.monotonic() + self.probes[i].get("gap", 0)
        finally:
            for _i, s, _p in self.live.values():
                s.close()
            self.selector.close()
        return [summary(p, st["done"]) for p, st in zip(self.probes, self.state)]
