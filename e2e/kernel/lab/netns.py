"""Anonymous network namespaces that only this process's file descriptors keep alive.

Made with unshare(2) and never bound to a name: whatever ends this process (exit, exception, SIGKILL), the kernel frees
the namespaces with their links, rules and conntrack entries. The process itself lives in an empty namespace with its
loopback down, so that a bug here cannot send a packet to a real network.
"""
import ctypes
import os
import socket
import subprocess

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    pass


def _sys(rc, what):
    if rc:
        raise LabError(f"{what}: {os.strerror(ctypes.get_errno())}")


class NetNS:
    """`with ns:` moves the calling thread into it; a socket stays for ever in the namespace it was created in."""

    void = None

    def __init__(self, name):
        self.name = name
        if NetNS.void is None:
            _sys(_libc.unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)")
            NetNS.void = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            # /run/xtables.lock is machine-wide, and unwritable in a user namespace
            os.environ["XTABLES_LOCKFILE"] = f"/proc/{os.getpid()}/fd/{os.memfd_create('xtables.lock')}"
        try:
            _sys(_libc.unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)")
            self.fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        finally:
            _libc.setns(NetNS.void, CLONE_NEWNET)
        self.path = f"/proc/{os.getpid()}/fd/{self.fd}"  # iproute2 takes a path containing '/' as a netns

    def __enter__(self):
        _sys(_libc.setns(self.fd, CLONE_NEWNET), "setns")
        return self

    def __exit__(self, *_):
        _sys(_libc.setns(NetNS.void, CLONE_NEWNET), "setns")

    def close(self):
        os.close(self.fd)

    def run(self, argv, stdin=None, check=True):
        """A command inside this namespace (a child inherits the calling thread's)."""
        with self:
            done = subprocess.run(argv, input=stdin, text=True, capture_output=True, timeout=120)
        if check and done.returncode:
            raise LabError(f"[{self.name}] {' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}\n{(stdin or '')[:4000]}")
        return done

    def popen(self, argv):
        with self:
            return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def ip(self, lines, tool="ip"):
        """One fork for a whole batch of iproute2 commands."""
        if lines:
            self.run([tool, "-batch", "-"], "\n".join(lines) + "\n")

    def sysctl(self, values, must=True):
        with self:  # /proc/sys/net follows the thread's namespace
            for key, value in values.items():
                try:
                    with open("/proc/sys/net/" + key, "w") as handle:
                        handle.write(str(value))
                except OSError as e:
                    if must:
                        raise LabError(f"[{self.name}] sysctl net/{key}={value}: {e.strerror}") from e

    def socket(self, *args):
        with self:
            return socket.socket(*args)
