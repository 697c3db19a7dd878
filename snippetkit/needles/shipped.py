"""The needles of the platforms that are shipped, as `.ci/needles.py` makes them."""

from __future__ import annotations

from functools import cache

from snippetkit.needles.anchored import Anchored, Needles

_NAMES = (
    (
        b"version",
        (
            b"adroll_conversion_value",
            b"adroll_conversion_value_in_dollars",
            b"adroll_version",
            b"google_conversion_color",
            b"google_conversion_currency",
            b"google_conversion_format",
            b"google_conversion_id",
            b"google_conversion_label",
            b"google_conversion_language",
            b"google_conversion_order_id",
            b"google_conversion_value",
            b"google_trackConversion",
            b"twttr.conversion",
            b"yahoo_conversion_id",
            b"yahoo_conversion_label",
            b"yahoo_conversion_value",
        ),
    ),
    (
        b"q",
        (
            b"_fbq",
            b"_paq",
            b"criteo_q",
            b"dotq",
            b"fbq",
            b"oaiq",
            b"qp",
            b"ttq",
            b"twq",
            b"uetq",
            b"uetq1",
            b"uetq2",
            b"uetq3",
            b"uetq4",
        ),
    ),
    (
        b"adroll",
        (
            b"adroll.track",
            b"adroll_adv_id",
            b"adroll_currency",
            b"adroll_custom_data",
            b"adroll_pix_id",
        ),
    ),
    (
        b"_partner_id",
        (
            b"_bizo_data_partner_id",
            b"_linkedin_data_partner_id",
            b"_linkedin_partner_id",
        ),
    ),
    (
        b"google_",
        (
            b"google_custom_params",
            b"google_remarketing_only",
        ),
    ),
    (
        b"intrk",
        (
            b"lintrk",
            b"pintrk",
        ),
    ),
    (b"TTDUniversalPixelApi", (b"TTDUniversalPixelApi",)),
    (b"yjDataLayer", (b"yjDataLayer",)),
    (b"_adftrack", (b"_adftrack",)),
    (b"fb_param", (b"fb_param",)),
    (b"cj.order", (b"cj.order",)),
    (b"new UET", (b"new UET",)),
    (b"snaptr", (b"snaptr",)),
    (b"obApi", (b"obApi",)),
    (b"_fbds", (b"_fbds",)),
    (b"ytag", (b"ytag",)),
    (b"gtag", (b"gtag",)),
    (b"amzn", (b"amzn",)),
    (b"_tfa", (b"_tfa",)),
    (b"AWIN", (b"AWIN",)),
    (b"rdt", (b"rdt",)),
    (b"ire", (b"ire",)),
)
_URLS = (
    (
        b".com",
        (
            b"ads.linkedin.com/collect",
            b"alb.reddit.com/snoo.gif",
            b"awin1.com/sread",
            b"ct.pinterest.com/v3",
            b"emjcd.com/u",
            b"facebook.com/tr",
            b"googleadservices.com/pagead/conversion",
            b"linksynergy.com/ep",
            b"q.quora.com/_/ad/",
            b"sp.analytics.yahoo.com/spp.pl",
            b"trc.taboola.com",
        ),
    ),
    (
        b"g/track",
        (
            b"adform.net/serving/trackpoint",
            b"adsrvr.org/track/conv",
            b"adsrvr.org/track/evnt",
            b"adsrvr.org/track/pxl",
            b"adsrvr.org/track/up",
        ),
    ),
    (
        b"doubleclick.net/",
        (
            b"doubleclick.net/ddm/activity/",
            b"doubleclick.net/pagead/viewthroughconversion",
            b"fls.doubleclick.net/activityi",
        ),
    ),
    (
        b".php",
        (
            b"matomo.php",
            b"offsite_event.php",
            b"piwik.php",
        ),
    ),
    (
        b".yahoo.co.jp/",
        (
            b"b90.yahoo.co.jp/c",
            b"b91.yahoo.co.jp/pagead/conversion",
        ),
    ),
    (b"/action/0", (b"/action/0",)),
    (b"/i/adsct", (b"/i/adsct",)),
)


@cache
def find_shipped() -> Needles:
    """Return the needles of the platforms that are shipped."""
    names = (Anchored(anchor, texts, is_word=True) for anchor, texts in _NAMES)
    urls = (Anchored(anchor, texts, is_word=False) for anchor, texts in _URLS)
    return Needles(tuple(names), tuple(urls))
