#!/usr/bin/env bash
# azure-storage-blob 12.31.1 (PyPI), at Azurite 3.35.0 (npm): `BlobProperties.blob_tier` is annotated as
# `Optional[StandardBlobTier]` and is a `str`. Given back to `upload_blob(standard_blob_tier=..)`, which takes that
# type, it raises AttributeError, so that a blob's tier does not survive being read and written without a conversion
# that a type checker sees no need for.
#
# Seen: str Cool; AttributeError: 'str' object has no attribute 'value'
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund azurite@3.35.0 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q azure-storage-blob==12.31.1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
node node_modules/azurite/dist/src/blob/main.js --blobPort "$port" --inMemoryPersistence --skipApiVersionCheck \
    --disableTelemetry > azurite.log 2>&1 &
server=$!
cat > tier.py <<'PY'
import sys
import time

from azure.core.exceptions import ServiceRequestError
from azure.storage.blob import ContainerClient, StandardBlobTier

# The account and the key that Azurite's documentation has for everybody.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
ACCOUNT = f"http://127.0.0.1:{sys.argv[1]}/devstoreaccount1"
container = ContainerClient(ACCOUNT, "site", credential=KEY, retry_total=0)
for _ in range(300):
    try:
        container.create_container()
        break
    except ServiceRequestError:
        time.sleep(0.1)
blob = container.get_blob_client("page.html")
blob.upload_blob(b"old", standard_blob_tier=StandardBlobTier.COOL)
tier = blob.get_blob_properties().blob_tier
try:
    blob.upload_blob(b"new", overwrite=True, standard_blob_tier=tier)
    told = "written"
except AttributeError as error:
    told = f"AttributeError: {error}"
blob.upload_blob(b"new", overwrite=True, standard_blob_tier=StandardBlobTier(tier))
line = f"{type(tier).__name__} {tier}; {told}"
print(line)
sys.exit(line != "str Cool; AttributeError: 'str' object has no attribute 'value'")
PY
venv/bin/python tier.py "$port"
