"""What `gtag` is told, whichever of Google's products it is for: only the ids that it is sent to tell that.

`config` names a target, `event` reports to what `send_to` names, each of a list, or to all targets. A currency that
`config` has is that of all events of its target, and one that `set` has of all that come behind
(developers.google.com/analytics/devguides/collection/gtagjs/setting-values). That is Google's
guide for `send_to` (developers.google.com/tag-platform/devguides/routing); that an event to an Ads account without a
label is for audiences is the one for dynamic remarketing (support.google.com/google-ads/answer/7305793). `send_to` may
also name a group of targets: which ones those are is not looked for. `GLA` is that of Google's plugin for WooCommerce
(woocommerce/google-listings-and-ads, src/Google/GlobalSiteTag.php).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.patterns import later
from snippetkit.platforms import Adding, CallReader, Calls, Report, Told, at
from snippetkit.platforms.reports import Ignored, with_currency
from snippetkit.records import replace

if TYPE_CHECKING:
    from snippetkit.javascript import Script, Setting

FLOODLIGHT = later("DC-")
_COMMENT = rb"(?:/\*[^*]*\*/\s*)?"
MAKES = later(
    rb"(?:\bgtag\b[^{}]{0,80}\{[^{}]{0,200}?|(?<![\w$])dataLayer[\"'\]]*\s*\.\s*)"
    rb"\bpush\s*\(\s*%barguments\s*\)" % _COMMENT
)
BREAKS = later(
    rb"\bgtag\b[\s\w=:]{0,40}\([^(){}]{0,80}\)\s*(?:=>\s*\{?|\{)(?:(?!=\s*arguments\b)[^{}]){0,200}?"
    rb"(?<![\w$])dataLayer[\"'\]]*\s*\.\s*push\s*\((?!\s*%barguments\b(?![\[.]))" % _COMMENT
)
NO_CALL = "gtag puts a list onto the data layer, which Google's loader takes for no call; push arguments"
_ACCOUNT = later("AW-[0-9]+/?")
_GROUP = later("[a-z][a-z0-9_]*|GLA")
_NO_LABEL = "an Ads id without a label counts no conversion; write AW-{}/ followed by the label"

CALLS = Calls(
    naming=frozenset({"config"}),
    reporting=frozenset({"event"}),
    on_purpose={
        "consent:denied": "It says that the visitor has not agreed, until the page says otherwise.",
        "set:allow_ad_personalization_signals": "It says whether ads may be chosen by what is reported.",
        "set:ads_data_redaction": "It leaves out more of what is reported while the visitor has not agreed.",
        "set:developer_id": "It names the program that made the code.",
        "set:linker": "It keeps a click's id on a way over several of the page's own hosts.",
        "set:url_passthrough": "It keeps a click's id in the page's own links.",
    },
    grants="consent:granted",
    revokes="consent:denied",
    agreeing="granted",
    refusing="denied",
    consents=frozenset({"ad_storage", "ad_user_data", "ad_personalization", "analytics_storage"}),
)
_SET = "set"
_read = CallReader(
    "gtag",
    ("gtag",),
    {
        "config": Told(pixel_id=at(1), about=2, value=(), verb="init"),
        "set": Told(about=1, value=(), verb=_SET),
        "event": Told(
            pixel_id=at(2, "send_to"),
            event=at(1),
            about=2,
            order_id=at(2, "transaction_id"),
            misnamed=("amount", "conversion_value", "revenue", "total"),
        ),
    },
    Adding(
        {"value": "value: 0.00", "currency": "currency: 'USD'"},
        "the last argument of the event's gtag call",
        "after the event's name in its gtag call",
    ),
)


def find_shared(script: Script) -> Iterator[Report]:
    """Yield what a script reports by `gtag`: each target that it names, and each event, for each of its targets."""
    reports = sorted(_read(script), key=lambda report: report.order or (report.start - script.start,))
    currency: Setting | None = None
    for report in reports:
        if report.verb == _SET:
            currency = report.currency or currency
        else:
            yield with_currency(_looked_at(report), currency)


def _looked_at(report: Report) -> Report:
    """A report as Google takes it: to a group, or to an account alone."""
    told = report.pixel_id
    if told is None or told.is_dynamic or report.verb == "init":
        return report
    if _GROUP.fullmatch(told.text):
        return replace(report, pixel_id=None)
    is_lost = _ACCOUNT.fullmatch(told.text) and report.event and report.event.text == "conversion"
    message = _NO_LABEL.format(told.text[3:].rstrip("/"))
    return replace(report, ignored=(Ignored(told, "id-invalid", message),)) if is_lost else report
