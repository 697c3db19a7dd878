"""A network of its own from which every way out ends in a trap: what is sent there is recorded, and goes nowhere.

Run as a program in new namespaces (`unshare`), it makes the trap, serves a folder on loopback, listens on other ports
of loopback, carries commands out, and prints what has been caught. A page names for each thing that it tries an
address, a host and a port, so that the trap knows it again.
"""

from __future__ import annotations

import json
import selectors
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Event, Thread
from typing import Any, NamedTuple

SITE_URL = "http://127.0.0.1:19000"
FIRST_PORT = 20000
_UNSHARE = ("unshare", "--map-root-user", "--net", "--mount")
_LINKS = """\
link set lo up
link add trap type veth peer name hole
link set trap arp off up
link set hole arp off up
addr add 10.99.0.1/24 dev trap
route add default via 10.99.0.2
-6 addr add fd99::1/64 dev trap nodad
-6 route add default dev trap
"""
_IPV4, _IPV6 = 0x0800, 0x86DD
_UDP, _TCP, _HOP_BY_HOP, _ICMPV6 = 17, 6, 0, 58
_OF_THE_KERNEL = {130, 131, 132, 133, 134, 135, 136, 143}  # ICMPv6: who listens, who is a neighbour (RFC 4861, 3810)
_SETTLED_S = 1.0
_HEADERS = {
    "Reporting-Endpoints": 'default="http://{address}/", other="http://{host}/", near="http://{near}/"',
    "Report-To": '{{"group": "old", "max_age": 9, "endpoints": [{{"url": "http://{address}/"}}]}}',
    "NEL": '{{"report_to": "old", "max_age": 9, "success_fraction": 1.0}}',
    "Link": "<http://{address}/>; rel=preconnect, <//{host}>; rel=dns-prefetch, <http://{near}/>; rel=preconnect",
    "Content-Security-Policy-Report-Only": "img-src 'none'; report-uri http://{address}/ http://{near}/",
    "Permissions-Policy-Report-Only": "geolocation=();report-to=default",
}


class Catch(NamedTuple):
    """What was caught: for each kind of attempt the packets on their way out, and what came to other ports here."""

    out: dict[str, int]
    near: dict[str, int]
    codes: list[int]
    said: list[str]


def is_possible() -> bool:
    """Whether this machine lets a test have a network of its own."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    command = [*_UNSHARE, "ip", "link", "add", "trap", "type", "veth", "peer", "name", "hole"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def addresses(kind: int, name: str) -> dict[str, str]:
    """Return what a page names for one kind of attempt: an address and a host outside, and a port here."""
    return {"address": f"192.0.2.{kind + 1}", "host": f"{name}.trap.example", "near": f"127.0.0.1:{FIRST_PORT + kind}"}


def spring(kinds: Iterable[str], folder: Path, commands: Iterable[Sequence[str]]) -> Catch:
    """Carry commands out at once in a network of their own, and return what was caught.

    Args:
        kinds: the names of what a page tries.
        folder: is served on loopback, with headers that make a browser report.
        commands: what is run, in this folder.
    """
    task = json.dumps(
        {"kinds": list(kinds), "folder": str(folder / "site"), "commands": [list(one) for one in commands]}
    )
    ran = subprocess.run(
        [*_UNSHARE, sys.executable, __file__], input=task, capture_output=True, text=True, check=False, cwd=folder
    )
    assert ran.returncode == 0, ran.stderr
    return Catch(**json.loads(ran.stdout))


def _main() -> None:
    task = json.load(sys.stdin)
    kinds: list[str] = task["kinds"]
    for line in _LINKS.splitlines():
        subprocess.run(["ip", *line.split()], check=True)
    with NamedTemporaryFile("w") as resolver:
        resolver.write("nameserver 10.99.0.53\noptions timeout:1 attempts:1\n")
        resolver.flush()
        subprocess.run(["mount", "--bind", resolver.name, "/etc/resolv.conf"], check=True)
        out, near = dict[str, int](), dict[str, int]()
        with _recording(kinds, out), _listening(kinds, near), _serving(task["folder"]):
            pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
            running = [subprocess.Popen(command, **pipes) for command in task["commands"]]
            said = [process.communicate()[0] for process in running]
            time.sleep(_SETTLED_S)
    json.dump(
        {"out": out, "near": near, "codes": [process.returncode for process in running], "said": said}, sys.stdout
    )


@contextmanager
def _threaded(work: Callable[[Event], None]) -> Iterator[None]:
    done = Event()
    thread = Thread(target=work, args=(done,))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def _recording(kinds: list[str], found: dict[str, int]) -> Iterator[None]:
    """Count the packets that come out of the other end of the only way out, and the datagrams on loopback."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as hole:
        hole.bind(("hole", 3))
        hole.settimeout(0.05)

        def record(done: Event) -> None:
            while True:
                try:
                    frame = hole.recv(65536)
                except TimeoutError:
                    if done.is_set():
                        return
                    continue
                name = _name(frame, kinds)
                if name:
                    found[name] = found.get(name, 0) + 1

        with _threaded(record):
            yield


def _name(frame: bytes, kinds: list[str]) -> str:
    """What a frame is: the kind of attempt that it belongs to; nothing for what the kernel says by itself."""
    ethertype = int.from_bytes(frame[12:14], "big")
    if ethertype == _IPV6:
        at, protocol = 54, frame[20]
        if protocol == _HOP_BY_HOP:
            at, protocol = 54 + 8 * (frame[55] + 1), frame[54]
        if protocol == _ICMPV6 and frame[at] in _OF_THE_KERNEL:
            return ""
        target = socket.inet_ntop(socket.AF_INET6, frame[38:54])
    elif ethertype == _IPV4:
        at, protocol = 14 + 4 * (frame[14] & 15), frame[23]
        target = socket.inet_ntop(socket.AF_INET, frame[30:34])
    else:
        return f"a frame of type {ethertype:#06x}"
    if target.startswith("192.0.2."):
        return kinds[int(target.rpartition(".")[2]) - 1]
    port = int.from_bytes(frame[at + 2 : at + 4], "big") if protocol in {_UDP, _TCP} else 0
    if port == 53:
        asked = frame[at + 20 :].partition(b"\0")[0].decode("ascii", "replace")
        return f"DNS {next((kind for kind in kinds if kind in asked), repr(asked))}"
    return "mDNS" if port == 5353 else f"{target} protocol {protocol} port {port}"


@contextmanager
def _listening(kinds: list[str], found: dict[str, int]) -> Iterator[None]:
    """Count who comes to other ports of loopback, over TCP and over UDP."""
    selector = selectors.DefaultSelector()
    sorts = product((socket.AF_INET, socket.AF_INET6), (socket.SOCK_STREAM, socket.SOCK_DGRAM))
    for (number, kind), (family, sort) in product(enumerate(kinds), list(sorts)):
        listener = socket.socket(family, sort)
        listener.bind(("127.0.0.1" if family == socket.AF_INET else "::1", FIRST_PORT + number))
        if sort == socket.SOCK_STREAM:
            listener.listen()
        selector.register(listener, selectors.EVENT_READ, kind)

    def take(done: Event) -> None:
        while not done.is_set():
            for key, _ in selector.select(0.05):
                listener = key.fileobj
                assert isinstance(listener, socket.socket)
                found[key.data] = found.get(key.data, 0) + 1
                if listener.type == socket.SOCK_STREAM:
                    listener.accept()[0].close()
                else:
                    listener.recv(65536)

    with _threaded(take):
        yield


class _Handler(SimpleHTTPRequestHandler):
    """Sends the files of a folder with headers that name others."""

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value.format(**addresses(0, "header")))
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(folder: str) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 19000), partial(_Handler, directory=folder))
    server.daemon_threads = True
    with _threaded(lambda _: server.serve_forever(0.02)):
        yield
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    _main()
