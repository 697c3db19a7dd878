"""Who holds a script back until the visitor has agreed or done something: the table of what tools look for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Holder(NamedTuple):
    """A tool, and the scripts that it holds back and starts.

    `kind` is the type that no browser runs, `-x` any that ends so; `attribute` has to be there too, empty for none,
    and has to hold the text `within`. `element` is `template` where the scripts stand in one. `waits` says that it
    waits for the visitor; what does not starts the scripts itself once the page is loaded, in another way.
    """

    name: str
    kind: str = "text/plain"
    attribute: str = ""
    within: str = ""
    element: str = "script"
    waits: bool = True

    @property
    def selector(self) -> str:
        """The selector of the elements in a page."""
        kind = f'[type{"$" if self.kind[:1] == "-" else ""}="{self.kind}" i]' if self.kind else ""
        value = f'*="{self.within}"' if self.within else ""
        return self.element + kind + (f"[{self.attribute}{value}]" if self.attribute else "")

    def holds(self, kind: str, attributes: Mapping[str, bytes]) -> bool:
        """Whether it looks for a script with this type and these attributes."""
        is_kind = kind.endswith(self.kind) if self.kind[:1] == "-" else kind == self.kind
        value = attributes.get(self.attribute, b"") if self.attribute else b""
        has_attribute = not self.attribute or self.attribute in attributes
        return self.element == "script" and is_kind and has_attribute and self.within.encode() in value


HOLDERS = (
    Holder("Complianz", attribute="class", within="cmplz-"),
    Holder("OneTrust", attribute="class", within="optanon-category-"),
    Holder("iubenda", attribute="class", within="_iub_cs_activate"),
    Holder("PubConsent", attribute="class", within="_js_pt_activate"),
    Holder("TrustArc", attribute="class", within="trustecm"),
    Holder("consentmanager", attribute="class", within="cmplazyload"),
    Holder("Cookiebot", attribute="data-cookieconsent"),
    Holder("CookieYes", attribute="data-cookieyes"),
    Holder("GDPR Cookie Consent", attribute="data-cli-class"),
    Holder("Usercentrics", attribute="data-usercentrics"),
    Holder("CookieFirst", attribute="data-cookiefirst-category"),
    Holder("CookieScript", attribute="data-cookiescript"),
    Holder("CookieHub", attribute="data-consent"),
    Holder("Cookie Information", attribute="data-category-consent"),
    Holder("Termly", attribute="data-categories"),
    Holder("vanilla-cookieconsent", attribute="data-cookiecategory"),
    Holder("vanilla-cookieconsent", attribute="data-category"),
    Holder("Complianz", attribute="data-service"),
    Holder("klaro", attribute="data-name"),
    Holder("klaro", "opt-in", "data-name"),
    Holder("a consent manager", "opt-in"),
    Holder("Didomi", "didomi/javascript"),
    Holder("Real Cookie Banner", "application/consent"),
    Holder("a consent manager", "javascript/blocked"),
    Holder("Partytown", "text/partytown", waits=False),
    Holder("Rocket Loader", "text/rocketscript"),
    Holder("Rocket Loader", "-text/javascript"),
    Holder("Rocket Loader", "-application/javascript"),
    Holder("Rocket Loader", "-module"),
    Holder("WP Rocket", "rocketlazyloadscript"),
    Holder("LiteSpeed Cache", "litespeed/javascript"),
    Holder("Perfmatters", "pmdelayedscript"),
    Holder("NitroPack", "nitropack/inlinescript"),
    Holder("PageSpeed", "text/psajs"),
    Holder("orejime", "", "data-purpose", element="template"),
)
"""Each tool that holds scripts back; the first that fits counts."""

UNKNOWN = Holder("a tool that is not known")
"""The holder of a script of the type `text/plain` with an attribute that none of them has."""


def find_holder(kind: str, attributes: Mapping[str, bytes]) -> Holder | None:
    """Return who holds a script back, None where nobody does.

    Args:
        kind: its type, in lower case.
        attributes: their values as they stand, by name.
    """
    known = next((holder for holder in HOLDERS if holder.holds(kind, attributes)), None)
    is_marked = kind == UNKNOWN.kind and any(name == "class" or name.startswith("data-") for name in attributes)
    return known or (UNKNOWN if is_marked else None)


def holder_of_template(attributes: Mapping[str, bytes]) -> Holder | None:
    """Return who holds back what stands in a template with these attributes."""
    return next((one for one in HOLDERS if one.element == "template" and one.attribute in attributes), None)
