"""A run over very many keys of a store that are known, so that all it does is list them: seconds, CPU and memory.

    python benchmarks/keys.py [--keys N]

The store is a listing alone: it answers with a thousand keys at a time, as S3 does, and has no pages. The list of known
pages is written here, behind the first line that a run on one page leaves. boto3 is needed.
"""

from __future__ import annotations

import argparse
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from measuring import HERE, bench

sys.path.insert(0, str(HERE.parent))
from tests.stores import ENVIRONMENT

PAGE = b"<!doctype html>\n<html>\n<head>\n</head>\n<body>\n</body>\n</html>\n"
AT_ONCE = 1000
TAG = "0123456789abcdef0123456789abcdef"
_LIST = (
    '<?xml version="1.0"?><ListBucketResult><Name>site</Name><IsTruncated>{more}</IsTruncated>{token}{keys}'
    "</ListBucketResult>"
)
_KEY = (
    "<Contents><Key>{key}</Key><LastModified>2026-11-30T00:00:00.000Z</LastModified>"
    f"<ETag>&quot;{TAG}&quot;</ETag><Size>20000</Size><StorageClass>STANDARD</StorageClass></Contents>"
)


def key(number: int) -> str:
    """Return a page's key; they come in the order of their numbers."""
    return f"site/{number // 1000:06d}/{number:08d}.html"


class Listing(BaseHTTPRequestHandler):
    """Answers as a bucket with so many keys does; of them it has the first alone, and takes what is written."""

    protocol_version = "HTTP/1.1"
    count = 1

    def do_GET(self) -> None:
        """List, or give the page."""
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" not in asked:
            self._give(PAGE, "text/html")
            return
        start = int(asked.get("continuation-token", ["0"])[0])
        end = min(start + AT_ONCE, self.count)
        token = f"<NextContinuationToken>{end}</NextContinuationToken>" if end < self.count else ""
        keys = "".join(_KEY.format(key=key(number)) for number in range(start, end))
        more = "true" if token else "false"
        self._give(_LIST.format(more=more, token=token, keys=keys).encode(), "application/xml")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _give(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", f'"{TAG}"')
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    """Print what the run took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=1_000_000)
    count = parser.parse_args().keys
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listing)
    Thread(target=server.serve_forever, daemon=True).start()
    os.environ.update(ENVIRONMENT)
    with bench() as place:
        known = place.folder / "known"
        where = ["s3://site/site", "--endpoint-url", f"http://127.0.0.1:{server.server_port}", "--known", str(known)]
        command = [sys.executable, "-m", "snippetkit", "remove", *where]
        place.run(command)
        first = known.read_text().splitlines(keepends=True)[0]
        with known.open("w") as lines:
            lines.write(first)
            lines.writelines(f"{TAG}\ts3://site/{key(number)}\n" for number in range(count))
        Listing.count = count
        run = place.run(command)
    print(f"{count:,} keys: {run.seconds:.1f} s, CPU {run.cpu_seconds:.1f} s, peak {run.peak_kb / 1024:.1f} MB")
    print(run.last_line)


if __name__ == "__main__":
    main()
