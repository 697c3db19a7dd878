"""The only door to object stores: find pages there, read them, and replace them, with all else that an object had.

What a vendor's store is like is in one module each, named in `opening`: it gives an `adapter.Adapter` over the
vendor's own SDK. All else here is the same for each: which objects are meant, further attempts, whose write it was.
"""

from snippetkit.stores.adapter import Settings
from snippetkit.stores.locations import roots_of, why_not_together, why_unknown
from snippetkit.stores.store import Stores

__all__ = ["Settings", "Stores", "roots_of", "why_not_together", "why_unknown"]
