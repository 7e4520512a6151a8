"""What each interface saw, and which rules a packet met."""
import socket
import struct
import threading

SO_TIMESTAMPNS, ETH_P_ALL, PACKET_OUTGOING = 35, 3, 4
# The kernel begins to stamp packets some time after the first socket asks for it (netstamp_work), and stops after the last: one that stays.
stamping = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
stamping.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def decode(b):
    """`{proto, src, sport, dst, dport, ttl, flags?, inner?}` of an IPv4 TCP, UDP or ICMP packet, else None."""
    if len(b) < 20 or b[0] >> 4 != 4:
        return None
    head, proto = (b[0] & 15) * 4, b[9]
    src, dst, ttl, l4 = socket.inet_ntoa(b[12:16]), socket.inet_ntoa(b[16:20]), b[8], b[head:]
    base = {"src": src, "dst": dst, "ttl": ttl}
    if proto == 1 and len(l4) > 1:
        return {**base, "proto": "icmp", "type": l4[0], "code": l4[1]}
    if proto not in (6, 17) or len(l4) < 8:
        return None
    sport, dport = struct.unpack("!HH", l4[:4])
    if proto == 17:
        inner = decode(l4[8 + 8 + 14:]) if dport == 8472 else None
        return {**base, "proto": "udp", "sport": sport, "dport": dport, **({"inner": inner} if inner else {})}
    flags = "".join(c for c, bit in zip("FSRPA", (1, 2, 4, 8, 16)) if len(l4) > 13 and l4[13] & bit)
    return {**base, "proto": "tcp", "sport": sport, "dport": dport, "flags": flags}


class Capture:
    """Packet sockets in many namespaces; `stop` drains them in the order of the kernel's time stamps."""

    def __init__(self, namespaces):
        self.taps = []
        for name, ns in namespaces.items():
            s = ns.socket(socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, socket.htons(ETH_P_ALL))
            s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            self.taps.append((name, s))

    def stop(self):
        rows = []
        for name, s in self.taps:
            while True:
                try:
                    data, ancillary, _flags, address = s.recvmsg(256, 256)
                except OSError:
                    break
                stamp = next((struct.unpack("qq", d) for level, kind, d in ancillary if kind == SO_TIMESTAMPNS), (0, 0))
                packet = decode(data) if address[1] == 0x0800 else None
                if packet:
                    rows.append((stamp, {"netns": name, "dev": address[0], "dir": "out" if address[2] == PACKET_OUTGOING else "in", **packet}))
        # closing a packet socket waits about 10 ms for RCU: not on this thread
        threading.Thread(target=lambda: [s.close() for _n, s in self.taps], daemon=True).start()
        return [row for _stamp, row in sorted(rows, key=lambda r: r[0])]
