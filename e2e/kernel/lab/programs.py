"""Real servers inside the lab's namespaces (a name server, web servers); none of them outlives the lab."""
import ctypes
import signal
import subprocess
import time

from netns import LabError

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_us():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def listens(pid, protocol, port):
    """Whether a socket is bound to this port in the namespace that the process lives in."""
    with open(f"/proc/{pid}/net/{protocol}") as table:
        return any(row.split()[1].endswith(f":{port:04X}") and row.split()[3] in ("0A", "07") for row in table.readlines()[1:])


class Programs:
    def __init__(self):
        self.children = []

    def start(self, ns, argv, log, protocol, port):
        """Starts it and comes back when it listens; what it prints goes to the file `log`."""
        with open(log, "w") as out, ns:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, preexec_fn=_die_with_us)
        self.children.append(child)
        end = time.monotonic() + 10
        while not listens(child.pid, protocol, port):
            if child.poll() is not None or time.monotonic() > end:
                with open(log) as said:
                    raise LabError(f"[{ns.name}] {argv[0]} does not listen on {protocol} {port}: {said.read()[-2000:]}")
            time.sleep(0.01)

    def stop(self):
        for child in self.children:
            child.kill()
        for child in self.children:
            child.wait(5)
        self.children = []
