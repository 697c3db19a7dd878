#!/usr/bin/env bash
# csvkit 2.2.0 with agate 1.14.2 (PyPI): `csvjson` writes the ids in a sheet of pixels as floats. Whatever compares them
# as text finds none of them, and of a 16-digit id the last digit can be another one: a conversion set up by that file
# reports to a pixel that is not in the sheet. `csvsort`, of the same package and on the same sheet, writes every digit,
# since the ids are decimals until then. `csvjson --no-inference` keeps them.
#
# Seen: csvjson 6009125095680.0 9876543210987656.0; csvsort 6009125095680 9876543210987655
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q csvkit==2.2.0 agate==1.14.2
cat > pixels.csv <<'CSV'
page,pixel,event
cart.html,6009125095680,AddToCart
thanks.html,9876543210987655,Purchase
CSV
ids() { grep -o '[0-9]\{10,\}[.0-9]*' | paste -s -d ' '; }
line="csvjson $(venv/bin/csvjson pixels.csv | ids); csvsort $(venv/bin/csvsort pixels.csv | ids)"
echo "$line"
[ "$line" = "csvjson 6009125095680.0 9876543210987656.0; csvsort 6009125095680 9876543210987655" ]
venv/bin/csvjson --no-inference pixels.csv | grep -q '"9876543210987655"'
