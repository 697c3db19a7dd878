"""The needles of the platforms that are shipped, as `.ci/needles.py` makes them."""

from __future__ import annotations

from functools import cache

from snippetkit.needles.anchored import Anchored, Needles

_NAMES = (
    (
        b"_conv",
        (
            b"adroll_conversion_value",
            b"adroll_conversion_value_in_dollars",
            b"google_conversion_color",
            b"google_conversion_currency",
            b"google_conversion_format",
            b"google_conversion_id",
            b"google_conversion_label",
            b"google_conversion_language",
            b"google_conversion_order_id",
            b"google_conversion_value",
            b"yahoo_conversion_id",
            b"yahoo_conversion_label",
            b"yahoo_conversion_value",
            b"yahoo_ydn_conv_amount",
            b"yahoo_ydn_conv_io",
            b"yahoo_ydn_conv_label",
            b"yahoo_ydn_conv_transaction_id",
            b"yahoo_ydn_conv_value",
        ),
    ),
    (
        b"tq",
        (
            b"dotq",
            b"ttq",
            b"uetq",
            b"uetq1",
            b"uetq2",
            b"uetq3",
            b"uetq4",
        ),
    ),
    (
        b"droll",
        (
            b"adroll.track",
            b"adroll_adv_id",
            b"adroll_currency",
            b"adroll_custom_data",
            b"adroll_pix_id",
            b"adroll_version",
        ),
    ),
    (
        b"tner_id",
        (
            b"_bizo_data_partner_id",
            b"_linkedin_data_partner_id",
            b"_linkedin_partner_id",
        ),
    ),
    (
        b"oogle_",
        (
            b"google_custom_params",
            b"google_remarketing_only",
            b"google_trackConversion",
        ),
    ),
    (
        b"fbq",
        (
            b"_fbq",
            b"fbq",
        ),
    ),
    (b"TTDUniversalPixelApi", (b"TTDUniversalPixelApi",)),
    (b"twttr.conversion", (b"twttr.conversion",)),
    (b"yjDataLayer", (b"yjDataLayer",)),
    (b"_adftrack", (b"_adftrack",)),
    (b"cj.order", (b"cj.order",)),
    (b"fb_param", (b"fb_param",)),
    (b"pintrk", (b"pintrk",)),
    (b"snaptr", (b"snaptr",)),
    (b"_fbds", (b"_fbds",)),
    (b"obApi", (b"obApi",)),
    (b"w UET", (b"new UET",)),
    (b"AWIN", (b"AWIN",)),
    (b"_tfa", (b"_tfa",)),
    (b"oaiq", (b"oaiq",)),
    (b"o_q", (b"criteo_q",)),
    (b"twq", (b"twq",)),
    (b"qp", (b"qp",)),
    (b"_paq", (b"_paq",)),
    (b"gtag", (b"gtag",)),
    (b"rdt", (b"rdt",)),
    (b"lintrk", (b"lintrk",)),
    (b"amzn", (b"amzn",)),
    (b"ytag", (b"ytag",)),
    (b"ire", (b"ire",)),
)
_URLS = (
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
        b"ubleclick.ne",
        (
            b"doubleclick.net/ddm/activity/",
            b"doubleclick.net/pagead/viewthroughconversion/",
            b"fls.doubleclick.net/activityi",
        ),
    ),
    (
        b".yahoo.co",
        (
            b"b90.yahoo.co.jp/c",
            b"b91.yahoo.co.jp/pagead/conversion/",
            b"sp.analytics.yahoo.com/spp.pl",
        ),
    ),
    (
        b"mjcd.com/",
        (
            b"emjcd.com/tags/c",
            b"emjcd.com/u",
        ),
    ),
    (
        b"t.com/",
        (
            b"alb.reddit.com/snoo.gif",
            b"ct.pinterest.com/v3",
        ),
    ),
    (
        b"a.com",
        (
            b"q.quora.com/_/ad/",
            b"trc.taboola.com",
        ),
    ),
    (b"awin1.com/sread", (b"awin1.com/sread",)),
    (b"facebook.com/tr", (b"facebook.com/tr",)),
    (b".linkedin.co", (b"ads.linkedin.com/collect",)),
    (b"d/conversion", (b"googleadservices.com/pagead/conversion/",)),
    (b"ffsite_event", (b"offsite_event.php",)),
    (b"ksynergy.com", (b"linksynergy.com/ep",)),
    (b"piwik.php", (b"piwik.php",)),
    (b"i/adsct", (b"/i/adsct",)),
    (b"o.php", (b"matomo.php",)),
    (b"/action/0", (b"/action/0",)),
)


@cache
def find_shipped() -> Needles:
    """Return the needles of the platforms that are shipped."""
    names = (Anchored(anchor, texts, is_word=True) for anchor, texts in _NAMES)
    urls = (Anchored(anchor, texts, is_word=False) for anchor, texts in _URLS)
    return Needles(tuple(names), tuple(urls))
