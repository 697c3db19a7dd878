#!/usr/bin/env bash
# stockholm 0.5.7 (PyPI): what an amount is in its currency's smallest unit hangs on how the currency was named. By its
# object, yen have none smaller, and a dinar has 1000; by its code, in the amount or beside it, any currency has 100, so
# that 1999 yen are 199900, and 1.999 dinars 199.900. The two amounts are equal to each other. `from_sub_units` reads so
# too: a platform that takes minor units gets a hundred times the value, or a tenth of it.
#
# Seen: JPY equal 199900 1999, KWD equal 199.900 1999; from 1999 sub units: 19.99 JPY, 1999 JPY
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q stockholm==0.5.7
cat > units.py <<'PY'
import sys

from stockholm import Currency, Money

told = []
for code, amount in (("JPY", "1999"), ("KWD", "1.999")):
    named, typed = Money(amount, code), Money(amount, getattr(Currency, code))
    told.append(f"{code} {'equal' if named == typed else 'unequal'} {named.sub_units} {typed.sub_units}")
read = ", ".join(str(Money.from_sub_units(1999, currency)) for currency in ("JPY", Currency.JPY))
line = f"{', '.join(told)}; from 1999 sub units: {read}"
print(line)
sys.exit(line != "JPY equal 199900 1999, KWD equal 199.900 1999; from 1999 sub units: 19.99 JPY, 1999 JPY")
PY
venv/bin/python units.py
