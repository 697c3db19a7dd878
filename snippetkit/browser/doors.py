"""The only way out for a browser: a proxy that leads to one address on this machine, or to none.

The proxy is asked for every connection, whatever in the browser wants it: a page, a worker of any kind, a worklet, a
WebSocket, a prefetch. It speaks SOCKS 5 (RFC 1928), with which a browser hands over the host's name and
looks up nothing itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

_VERSION, _CONNECT = 5, 1
_NO_QUESTIONS = bytes((_VERSION, 0))
_ADDRESS_LENGTHS = {1: 4, 4: 16}  # the types of an address: IPv4, IPv6; a name comes with its length in front
_NAME = 3
_DONE, _NOT_ALLOWED, _REFUSED = (bytes((_VERSION, code, 0, 1, *bytes(6))) for code in (0, 2, 5))
_PORTS = {"http": 80, "https": 443}
_CHUNK = 65536
_FAILED = "net::ERR_SOCKS_"


class Address(NamedTuple):
    """A host, as a URL names it, and a port."""

    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Address:
        """The address that a URL of http or https names."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or _PORTS[parts.scheme])


class Proxy:
    """A proxy on loopback: `url` is its own, `address` where it leads to, None for nowhere.

    `is_shut` says that there was nobody at that address the last time.
    """

    def __init__(self, address: Address | None) -> None:
        self.address = address
        self.url = ""
        self.is_shut = False
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def reason(self, failure: str) -> str:
        """What a failure to load a page means to a person: the browser only says that the proxy failed."""
        if _FAILED not in failure:
            return failure
        return "no server answers there" if self.is_shut else "it goes on to another server, which only --live reaches"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, from the greeting to the end."""
        work = asyncio.ensure_future(self._lead(reader, writer))
        self._open[work] = writer
        try:
            await asyncio.gather(work, return_exceptions=True)  # hanging up is no error
        finally:
            del self._open[work]
            writer.close()

    async def close(self) -> None:
        """End all connections."""
        while self._open:
            for work, writer in self._open.items():
                work.cancel()
                writer.transport.abort()
            await asyncio.sleep(0)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version, methods = await reader.readexactly(2)
        if version != _VERSION:
            return
        await reader.readexactly(methods)
        writer.write(_NO_QUESTIONS)
        asked = await _asked(reader)
        if asked is None or asked != self.address:
            writer.write(_NOT_ALLOWED)
            return
        try:
            source, target = await asyncio.open_connection(*asked)
        except OSError:
            self.is_shut = True
            writer.write(_REFUSED)
            return
        self.is_shut = False
        writer.write(_DONE)
        try:
            await asyncio.gather(_carry(reader, target), _carry(source, writer))
        finally:
            target.transport.abort()


@asynccontextmanager
async def open_doors(addresses: Iterable[Address | None]) -> AsyncIterator[Mapping[Address | None, Proxy]]:
    """Open a door to each of these addresses for as long as it is needed; one to None leads nowhere."""
    async with AsyncExitStack() as stack:
        yield {address: await stack.enter_async_context(_opened(address)) for address in dict.fromkeys(addresses)}


@asynccontextmanager
async def _opened(address: Address | None) -> AsyncIterator[Proxy]:
    door = Proxy(address)
    server = await asyncio.start_server(door.serve, "127.0.0.1", 0)
    door.url = f"socks5://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield door
    finally:
        server.close()
        await door.close()


async def _asked(reader: asyncio.StreamReader) -> Address | None:
    """Where a connection is to go, None if something other than a connection is asked for."""
    _, command, _, kind = await reader.readexactly(4)
    length = _ADDRESS_LENGTHS.get(kind) or (await reader.readexactly(1))[0]
    host = await reader.readexactly(length)
    port = int.from_bytes(await reader.readexactly(2), "big")
    name = str(ip_address(host)) if kind != _NAME else host.decode("latin-1").strip("[]")
    return Address(name, port) if command == _CONNECT else None


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Hand on what comes, and then its end."""
    with suppress(OSError):
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
    with suppress(OSError):
        target.write_eof()
