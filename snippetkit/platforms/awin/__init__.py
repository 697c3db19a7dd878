"""Awin's conversion tag and its fall-back pixel, 2017 to today.

The global, the image, its parameters, and that the loader reads the global when it has loaded, so that it has to stand
behind it, are those of Awin's help (help.awin.com/developers/docs: conversion-tag, fall-back-conversion-pixel,
parameter-guidance, 2026). The advertiser is told by the loader's URL alone. Script and image stand on one page on
purpose: what has one order reference counts once. That the parts come to the amount is what both are for; the help does
not say what becomes of others. What the loader asks for is not documented: the stand-in asks for the image.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.parts import Parts
from snippetkit.platforms.platform import Loader, Platform

_HOST = "www.awin1.com"
LOADER = "dwin1.com"

PLATFORM = Platform(
    name="awin",
    title="Awin",
    ids=Ids(later("[0-9]{1,8}"), "number", "Awin shows it in the top right-hand corner"),
    loaders=(Loader("www.dwin1.com", r"/[0-9]{1,8}\.js", LOADER, Path(__file__).parent / "awin.js"),),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/sread.img", "/sread.php"),
            {"pixel_id": ("merchant",), "value": ("amount",), "currency": ("cr",), "order_id": ("ref",)},
            "awin1.com/sread",
            constants={"tt": "ns", "tv": "2", "ch": "aw"},
            parts=Parts("parts"),
            event="Sale",
        ),
    ),
    image_origin=f"https://{_HOST}",
    counts_orders_once=True,
)
