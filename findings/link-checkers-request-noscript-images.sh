#!/usr/bin/env bash
# linkinator 7.6.1 (npm) and LinkChecker 10.6.0 (PyPI, with --check-extern): the image in a page's <noscript> is one of
# the page's links, and is asked for on each run, on the ad platform's host as anywhere. LinkChecker sends a GET.
# linkinator sends a HEAD, and a GET where the answer is an error, as of an endpoint that takes nothing but GET. A
# check of a site in CI thus asks for each conversion as a visitor without JavaScript does, once a run. To
# broken-link-checker 0.7.8 (npm) a noscript is text, and it asks for nothing.
#
# Seen: linkinator HEAD GET, LinkChecker GET, broken-link-checker none
# It needs node's npm and python3 with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund linkinator@7.6.1 broken-link-checker@0.7.8 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q LinkChecker==10.6.0
mkdir site
cat > check.py <<'PY'
import functools
import http.server
import subprocess
import sys
import threading
from pathlib import Path

asked = []


class Platform(http.server.BaseHTTPRequestHandler):
    """Where images are counted: takes GET, answers 405 to HEAD."""

    def do_HEAD(self):
        self.answer(405)

    def do_GET(self):
        self.answer(200)

    def answer(self, status):
        if self.path.startswith("/tr?"):
            asked.append(self.command)
        self.send_response(status)
        self.send_header("Content-Type", "image/gif")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Site(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


image = f"{serve(Platform)}/tr?id=6009125095680&ev=Purchase&noscript=1"
Path("site/index.html").write_text(
    "<!doctype html><html><head><title>Thanks</title></head><body><h1>Thanks</h1>"
    f'<noscript><img height="1" width="1" style="display:none" src="{image}"></noscript></body></html>'
)
site = serve(functools.partial(Site, directory="site"))
seen = []
for name, command in {
    "linkinator": ["node_modules/.bin/linkinator", site],
    "LinkChecker": ["venv/bin/linkchecker", "--no-status", "--check-extern", site],
    "broken-link-checker": ["node_modules/.bin/blc", "--recursive", site],
}.items():
    asked.clear()
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    seen.append(f"{name} {' '.join(asked) or 'none'}")
line = ", ".join(seen)
print(line)
sys.exit(line != "linkinator HEAD GET, LinkChecker GET, broken-link-checker none")
PY
venv/bin/python check.py
