"""Every echo server of the lab in one epoll loop. An answer is `label|peer-ip|peer-port|local-ip|local-port`."""
import selectors
import socket
import struct
import threading

IP_PKTINFO = 8


class Servers(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.selector = selectors.DefaultSelector()
        self.reader, self.writer = socket.socketpair()
        self.selector.register(self.reader, selectors.EVENT_READ, None)

    def add(self, ns, label, proto, port, address=None, family=4):
        kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
        s = ns.socket(socket.AF_INET6 if family == 6 else socket.AF_INET, kind | socket.SOCK_NONBLOCK)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == 6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.bind((address or ("::" if family == 6 else "0.0.0.0"), port))
        if proto == "tcp":
            s.listen(1024)
        elif family == 6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        else:
            s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)  # know, and answer from, the address that was asked
        self.selector.register(s, selectors.EVENT_READ, (label, proto))

    def run(self):
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    return
                label, kind = key.data
                try:
                    getattr(self, "_" + kind)(key.fileobj, label)
                except OSError:
                    if kind == "conn":  # reset by the client: the normal end of a probe
                        self._drop(key.fileobj)

    def _tcp(self, s, label):
        while True:
            try:
                c, peer = s.accept()
            except BlockingIOError:
                return
            c.setblocking(False)
            me = c.getsockname()
            self.selector.register(c, selectors.EVENT_READ, (label, "conn"))
            c.send(f"{label}|{peer[0]}|{peer[1]}|{me[0]}|{me[1]}\n".encode())

    def _conn(self, c, _label):
        if not c.recv(4096):
            self._drop(c)

    def _drop(self, c):
        self.selector.unregister(c)
        c.close()

    def _udp(self, s, label):
        while True:
            try:
                _data, ancillary, _flags, peer = s.recvmsg(2048, 256)
            except BlockingIOError:
                return
            port = s.getsockname()[1]
            if s.family == socket.AF_INET6:
                info = next(d for level, kind, d in ancillary if level == socket.IPPROTO_IPV6 and kind == socket.IPV6_PKTINFO)
                asked = socket.inet_ntop(socket.AF_INET6, info[:16])
                control = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, info[:16] + b"\0" * 4)]
            else:
                info = next(d for level, kind, d in ancillary if level == socket.IPPROTO_IP and kind == IP_PKTINFO)
                asked = socket.inet_ntoa(info[8:12])
                control = [(socket.IPPROTO_IP, IP_PKTINFO, struct.pack("=I4s4s", 0, info[8:12], b"\0" * 4))]
            s.sendmsg([f"{label}|{peer[0]}|{peer[1]}|{asked}|{port}\n".encode()], control, 0, peer)

    def stop(self):
        if self.is_alive():
            self.writer.send(b"x")
            self.join(5)
        # A closed selector has no map: a lab whose build failed is closed once more before the next.
        for key in list((self.selector.get_map() or {}).values()):
            key.fileobj.close()
        self.selector.close()
        self.writer.close()
