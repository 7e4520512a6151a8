#!/usr/bin/env python3
"""Asks a URL like a program in a pod: glibc's resolver, a TCP connection, TLS, one HTTP request.

  fetch.py URL TRIES TIMEOUT CA [ADDRESS]     JSON: [{name, tls, status, body, at}, ...], one for each try

name: ok | nxdomain | no-answer; at: the address that was dialled; connect: ok | refused | lost; tls: ok | mismatch.
With ADDRESS the name is not looked up. Every try has a socket and a lookup of its own; they run at once.
"""
import concurrent.futures
import http.client
import json
import socket
import ssl
import sys
from urllib.parse import urlsplit


def resolve(host, port):
    try:
        return "ok", socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]
    except socket.gaierror as e:
        return ("nxdomain" if e.errno in (socket.EAI_NONAME, socket.EAI_NODATA) else "no-answer"), None


def fetch(url, timeout, ca, address):
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    name, at = ("ok", address) if address else resolve(parts.hostname, port)
    if name != "ok":
        return {"name": name}
    try:
        s = socket.create_connection((at, port), timeout)
    except ConnectionRefusedError:
        return {"name": name, "at": at, "connect": "refused"}
    except OSError:
        return {"name": name, "at": at, "connect": "lost"}
    tls = None
    if parts.scheme == "https":
        try:
            s, tls = ssl.create_default_context(cafile=ca).wrap_socket(s, server_hostname=parts.hostname.rstrip(".")), "ok"
        except ssl.SSLCertVerificationError:
            return {"name": name, "at": at, "connect": "ok", "tls": "mismatch"}
    connection = http.client.HTTPConnection(parts.hostname, port)
    connection.sock = s
    connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else "") or "/", headers={"Host": parts.hostname, "Connection": "close"})
    answer = connection.getresponse()
    return {"name": name, "at": at, "connect": "ok", "tls": tls, "status": answer.status, "body": answer.read().decode().strip()}


def main(url, tries, timeout, ca, address=None):
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        futures = [pool.submit(fetch, url, float(timeout), ca, address) for _ in range(int(tries))]
        print(json.dumps([one.result() for one in futures]))


if __name__ == "__main__":
    main(*sys.argv[1:])
