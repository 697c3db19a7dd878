"""The fixed words that users type and the modules share. Cheap to import: the command line needs them for its help."""

from __future__ import annotations

from enum import StrEnum

STDIN = "-"
"""What stands for stdin where a file is named."""

MARKER = b"<!-- snippetkit:"
"""What every comment of ours on a page begins with."""

STORES = ("s3://", "gs://", "az://")
"""What the URLs of object stores begin with."""

LOCAL_CLUSTER = "local"
"""What stands for a Dask cluster of this machine's own where an address is given."""

API_VERSION = "v26.0"
"""The version that is asked for where the user names none; `none` asks for no version, as the 2013 reference does."""

JAVASCRIPT_TYPES = frozenset(
    "application/ecmascript application/javascript application/x-ecmascript application/x-javascript "
    "text/ecmascript text/javascript text/jscript text/livescript text/x-ecmascript text/x-javascript".split()
) | {"", *(f"text/javascript1.{minor}" for minor in range(6))}
"""The types, in lower case, with which an element `script` is JavaScript, but no module (WHATWG MIME Sniffing)."""

SCRIPTS = frozenset({"cjs", "js", "jsx", "mjs"})
"""The suffixes of scripts."""

TYPED_SCRIPTS = frozenset({"cts", "mts", "ts", "tsx"})
"""The suffixes of TypeScript."""

COMPONENTS = frozenset({"astro", "svelte", "vue"})
"""The suffixes of what is compiled into a script together with its markup."""

ASKED = r"(?:call|consent|pixel|value):.+"
"""What a refusal names that can be allowed, as a regular expression."""

CURRENCY = r"[A-Z]{3}"
"""A currency's code."""

HOST = r"[a-z0-9.-]{1,253}"
"""A host's name."""

PIXEL_TAGS = ("CHECKOUT", "REGISTRATION", "LEAD", "KEY_PAGE_VIEW", "ADD_TO_CART", "OTHER")
"""What a pixel can be tagged with (reference "Conversion pixels", "Create a conversion pixel")."""


CONVERSION_EVENTS = {
    "AddPaymentInfo": "ADD_PAYMENT_INFO",
    "AddToCart": "ADD_TO_CART",
    "AddToWishlist": "ADD_TO_WISHLIST",
    "CompleteRegistration": "COMPLETE_REGISTRATION",
    "Contact": "CONTACT",
    "CustomizeProduct": "CUSTOMIZE_PRODUCT",
    "Donate": "DONATE",
    "FindLocation": "FIND_LOCATION",
    "InitiateCheckout": "INITIATED_CHECKOUT",
    "Lead": "LEAD",
    "Other": "OTHER",
    "Purchase": "PURCHASE",
    "Schedule": "SCHEDULE",
    "Search": "SEARCH",
    "StartTrial": "START_TRIAL",
    "SubmitApplication": "SUBMIT_APPLICATION",
    "Subscribe": "SUBSCRIBE",
    "ViewContent": "CONTENT_VIEW",
}
"""The standard events, and what a custom conversion calls them (Marketing API, "Custom Conversions")."""


class Kind(StrEnum):
    """The two kinds of pixels: of 2012 to 2017, and today's."""

    CONVERSION = "conversion"
    META = "meta"


class Part(StrEnum):
    """The two halves of a snippet."""

    __hash__ = str.__hash__  # an Enum's own is slow, and not that of the text that it equals

    SCRIPT = "script"
    NOSCRIPT = "noscript"


class Placement(StrEnum):
    """Where on a page code can stand: first or last in its head, first or last in its body."""

    __hash__ = str.__hash__  # an Enum's own is slow, and not that of the text that it equals

    HEAD_TOP = "head-top"
    HEAD_BOTTOM = "head-bottom"
    BODY_TOP = "body-top"
    BODY_BOTTOM = "body-bottom"


class Coexistence(StrEnum):
    """How several pixels of one dialect live on one page.

    COMBINED: they share a global, so all of them fire only from one script that sets it for each, one behind the
    other. ALONE: they share a global, and no code fires several of them. APART: each brings its own code. NEVER: each
    event of one would be counted for the others too.
    """

    ALONE = "alone"
    COMBINED = "combined"
    APART = "apart"
    NEVER = "never"


class Variant(StrEnum):
    """What can be taken from a snippet: all of it, one half as sliced, or the image's decoded URL."""

    FULL = "full"
    SCRIPT = "script"
    NOSCRIPT = "noscript"
    IMAGE = "image"


class TagVariant(StrEnum):
    """What a container tag fires: the script, the image, or each of them from a tag of its own."""

    SCRIPT = "script"
    IMAGE = "image"
    BOTH = "both"


class TagsAs(StrEnum):
    """Which types of tags fire scripts: Custom HTML, those of the platforms, or these where they carry all it says."""

    AUTO = "auto"
    HTML = "html"
    NATIVE = "native"


class Consent(StrEnum):
    """What a container tag waits for: the visitor's consent to ads, or nothing."""

    ADS = "ads"
    NONE = "none"


class OnConflict(StrEnum):
    """What becomes of an item whose name another item has in the container that it is merged into."""

    FAIL = "fail"
    RENAME = "rename"
    REPLACE = "replace"


class Match(StrEnum):
    """What a page rule looks at, and how.

    ALL: every page. EXACT, PREFIX, REGEX: the URL's path. CONTAINS: the whole URL without its fragment. HOST: the
    URL's host.
    """

    ALL = "all"
    EXACT = "exact"
    PREFIX = "prefix"
    REGEX = "regex"
    CONTAINS = "contains"
    HOST = "host"
