#!/bin/sh
# Makes the signed and notarised disk image:  make_app.sh VERSION  with, in the environment:
#   IDENTITY         "Developer ID Application: …" as in the keychain
#   NOTARY_PROFILE   name of a notarytool profile (xcrun notarytool store-credentials)
# Runs on a Mac with Xcode's command line tools, after:  python3 packaging/dev.py package
# Nothing is asked; the first failure ends it.
set -eu

version=${1:?usage: make_app.sh VERSION}
: "${IDENTITY:?the signing identity is missing}" "${NOTARY_PROFILE:?the notarytool profile is missing}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
made="$root/build/package"
app="$made/dist/AutoEnroll Desktop.app"
image="$made/AutoEnroll-Desktop-$version.dmg"
entitlements="$here/entitlements.plist"

[ -d "$app" ] || { echo "There is no app in $made/dist; run: python3 packaging/dev.py package" >&2; exit 1; }

# Inside out: every library first, then the programs, then the bundle. --deep would sign in the wrong order.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
    xargs -0 -n 50 codesign --force --timestamp --options runtime --sign "$IDENTITY"
find "$app/Contents/MacOS" -type f -perm -100 -print0 |
    xargs -0 -n 1 codesign --force --timestamp --options runtime --entitlements "$entitlements" --sign "$IDENTITY"
codesign --force --timestamp --options runtime --entitlements "$entitlements" --sign "$IDENTITY" "$app"
codesign --verify --deep --strict --verbose=2 "$app"
"$app/Contents/MacOS/autoenroll" selftest

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
rm -f "$image"
hdiutil create -volname "AutoEnroll Desktop" -srcfolder "$stage" -fs HFS+ -format UDZO "$image"
codesign --force --timestamp --sign "$IDENTITY" "$image"
xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
xcrun stapler staple "$image"
spctl --assess --type open --context context:primary-signature --verbose "$image"
echo "$image"
