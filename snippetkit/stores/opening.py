"""The adapter for a bucket; the SDK that it needs is loaded here, and only here."""

from __future__ import annotations

from importlib import import_module

from snippetkit.errors import SettingError
from snippetkit.stores.adapter import Adapter, Settings
from snippetkit.stores.locations import Location

# For each scheme its module, which has `open_bucket` and is called as the extra is; the store's name, and its SDK's.
_ADAPTERS = {
    "s3": ("s3", "Amazon S3", "boto3"),
    "gs": ("gcs", "Google Cloud Storage", "google-cloud-storage"),
    "az": ("azure", "Azure Blob Storage", "azure-storage-blob"),
}


def open_bucket(location: Location, settings: Settings) -> Adapter:
    """Return the adapter for a bucket; nothing is asked of the store yet.

    Raises:
        SettingError: what it needs is not installed, or a setting cannot be used.
        AccessError: the credentials cannot be read.
    """
    name, title, package = _ADAPTERS[location.scheme]
    try:
        adapter: Adapter = import_module(f"snippetkit.stores.{name}").open_bucket(location, settings)
    except ImportError as error:
        hint = f"pip install {package} (the extra [{name}])"
        raise SettingError(f"{location.root}: {title} needs {package}", hint=hint) from error
    return adapter
