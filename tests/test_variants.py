"""Every variant that was met on pages is read right, or reported, or refused; the table says which."""

from __future__ import annotations

import pytest

from tests.variants import VARIANTS, Variant, read, refusals, reported


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_variant_is_read_right_reported_or_refused(variant: Variant) -> None:
    assert read(variant) == variant.read
    assert reported(variant) == variant.codes
    assert bool(refusals(variant)) is not variant.is_settable
