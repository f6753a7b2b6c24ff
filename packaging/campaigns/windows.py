"""The Windows installers over a stand-in payload: made, signed, verified, altered, and run under Wine where it is there.

What this shows: both installers build here from their sources, hold just the payload, carry the tables, switches,
shortcuts, registry values and upgrade rule they should, are signed by a (test) certificate from a file or from a
PKCS#11 token, and an altered one is no longer valid. What it cannot show: the real programs on a real Windows
(build_on_windows.ps1 makes them there), SmartScreen, and a public timestamp service.
"""

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "windows"))
from holding import holds, ran, said  # noqa: E402
from make_installers import make_installers, sign  # noqa: E402
from setting_up import system_tools  # noqa: E402

VERSION = "0.1.0"
FILES = {
    "_internal/base_library.zip": b"PK" + bytes(200),
    "_internal/PySide6/plugins/platforms/qwindows.dll": b"MZ stand-in",
    "_internal/resources/words/en/check.toml": 'title = "Ní Bhriain"\n'.encode(),
    "_internal/resources/sample/weekly-2026-11-26.csv": b"PPSN,Gross\n",
    "licences/numpy/LICENSE.txt": b"BSD\n",
    "sbom.cdx.json": b"{}",
}


def main() -> int:
    """Everything once; the first thing that is not so ends it."""
    tools = {"makensis": "nsis", "wixl": "wixl", "msiinfo": "msitools", "osslsigncode": "osslsigncode"}
    system_tools({**tools, "softhsm2-util": "softhsm2", "pkcs11-tool": "opensc"})
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        payload = _payload(folder)
        authority, options = _certificates(folder)
        setup, msi, *templates = make_installers(payload, VERSION, folder / "out", options)
        said("both installers made and signed", f"{setup.name}, {msi.name}")
        _signatures(folder, (setup, msi, payload / "autoenroll-desktop.exe"), authority)
        _tables(folder, msi, payload)
        _templates(templates)
        _token(folder, payload / "autoenroll.exe", authority)
        _under_wine(folder, setup, msi)
    print("Everything held. Not run here: the programs on Windows itself, SmartScreen, a public timestamp service.")
    return 0


def _payload(folder: Path) -> Path:
    """A folder as PyInstaller lays it out on Windows, with two small real programs."""
    payload = folder / "payload"
    for name, data in FILES.items():
        path = payload / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    script = folder / "stand-in.nsi"
    for name in ("autoenroll", "autoenroll-desktop"):
        script.write_text(
            f'Unicode true\nTarget amd64-unicode\nSilentInstall silent\nRequestExecutionLevel user\nOutFile "{payload / name}.exe"\nSection\nSectionEnd\n'
        )
        ran("makensis", "-V1", script)
    return payload


def _certificates(folder: Path) -> tuple[Path, list[str]]:
    """An authority, and a code-signing certificate of it in a closed file; how osslsigncode is told of it."""
    now = dt.datetime.now(dt.UTC)
    top, leaf = (rsa.generate_private_key(65537, 3072) for _ in range(2))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test authority")])
    ours = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "AutoEnroll (test)")])

    def made(subject: x509.Name, key: rsa.RSAPrivateKey, *, ca: bool) -> x509.Certificate:
        start = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(key.public_key())
        start = start.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(1))
        start = start.not_valid_after(now + dt.timedelta(30)).add_extension(
            x509.BasicConstraints(ca, None), critical=True
        )
        start = start.add_extension(
            x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), critical=True
        )
        if not ca:
            start = start.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CODE_SIGNING]), critical=True)
        return start.sign(top, hashes.SHA256())

    authority, certificate = made(name, top, ca=True), made(ours, leaf, ca=False)
    (folder / "ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    (folder / "leaf.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "leaf.key").write_bytes(leaf.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    closed = pkcs12.serialize_key_and_certificates(
        b"codesign", leaf, certificate, [authority], BestAvailableEncryption(b"test")
    )
    (folder / "leaf.p12").write_bytes(closed)
    (folder / "pass").write_text("test")
    return folder / "ca.pem", ["-pkcs12", str(folder / "leaf.p12"), "-readpass", str(folder / "pass")]


def _signatures(folder: Path, files: tuple[Path, ...], authority: Path) -> None:
    foreign = folder / "foreign"
    foreign.mkdir()
    other, _ = _certificates(foreign)
    for file in files:
        holds(_valid(file, authority), f"{file.name} is not validly signed")
        holds(not _valid(file, other), f"{file.name} is valid for somebody else's authority")
        spoilt = folder / f"spoilt{file.suffix}"
        data = bytearray(file.read_bytes())
        data[len(data) // 3] ^= 1
        spoilt.write_bytes(bytes(data))
        holds(not _valid(spoilt, authority), f"{file.name} is valid with one bit changed")
    said("signatures hold, and not for another authority or with one bit changed", f"{len(files)} files")


def _valid(file: Path, authority: Path) -> bool:
    told = subprocess.run(
        ["osslsigncode", "verify", "-CAfile", authority, "-in", file], capture_output=True, text=True, check=False
    )
    return told.returncode == 0 and "Succeeded" in told.stdout


def _tables(folder: Path, msi: Path, payload: Path) -> None:
    """The MSI's tables, and every byte of the payload in it."""
    found = {
        name: _table(msi, name)
        for name in ("Property", "File", "Shortcut", "Registry", "Upgrade", "Feature", "Component")
    }
    properties = dict(row[:2] for row in found["Property"])
    holds(properties["ProductVersion"] == VERSION and properties["ALLUSERS"] == "1", f"properties {properties}")
    holds(
        properties["UpgradeCode"].strip("{}").upper() == "6F2B1F5E-5F0B-4A56-9D5C-1D8F7C3E9A41",
        "the upgrade code moved: no upgrade would be one",
    )
    files = len([path for path in payload.rglob("*") if path.is_file()])
    holds(len(found["File"]) == files + 1, f"{len(found['File'])} files listed instead of {files + 1}")
    holds({row[0] for row in found["Shortcut"]} == {"MenuShortcut", "DesktopShortcut"}, "shortcuts")
    values = {(row[2], row[3]): row[4] for row in found["Registry"]}
    event = r"SYSTEM\CurrentControlSet\Services\EventLog\Application\AutoEnroll Desktop"
    told = values.get((event, "EventMessageFile")), values.get((event, "TypesSupported"))
    holds(told == ("[System64Folder]EventCreate.exe", "#7"), f"event source {told}")
    for kind in (".csv", ".xlsx", ".xls", ".xml", ".json"):
        holds((rf"Software\Classes\{kind}\OpenWithProgids", "AutoEnroll.PayFile") in values, f"no Open with for {kind}")
    holds(len(found["Upgrade"]) >= 2, "no rule for upgrades and downgrades")
    levels = {row[0]: row[5] for row in found["Feature"]}
    holds(levels == {"Program": "1", "DesktopShortcut": "1000"}, f"the desktop shortcut is not by choice: {levels}")
    summary = ran("msiinfo", "suminfo", msi).stdout
    holds("x64" in summary, f"no 64-bit package: {summary}")
    out = folder / "extracted"
    out.mkdir()
    ran("msiextract", "-C", out, msi)
    home = next(path.parent for path in out.rglob("installed.json"))
    holds('"machine"' in (home / "installed.json").read_text(), "the scope")
    for path in (path for path in payload.rglob("*") if path.is_file()):
        copied = home / path.relative_to(payload)
        holds(
            copied.exists() and copied.read_bytes() == path.read_bytes(), f"{path.name} is not in the package as it was"
        )
    said("the MSI's tables and files", f"{files + 1} files, {len(found['Registry'])} registry values")


def _table(msi: Path, name: str) -> list[list[str]]:
    lines = ran("msiinfo", "export", msi, name).stdout.split("\n")
    return [line.rstrip("\r").split("\t") for line in lines[3:] if line.strip()]


def _templates(paths: list[Path]) -> None:
    admx, *texts = (ET.parse(path).getroot() for path in paths)  # noqa: S314 - made here, a moment ago
    space = {"p": admx.tag[1:].partition("}")[0]}
    wanted = {
        value[2:-1].partition(".")[2]
        for one in admx.iter()
        for value in one.attrib.values()
        if value.startswith("$(string.")
    }
    for text in texts:
        there = {one.get("id") for one in text.iterfind(".//p:string", space)}
        holds(wanted <= there, f"words missing: {wanted - there}")
    said("policy templates", f"{len(list(admx.iterfind('.//p:policy', space)))} policies, {len(texts)} languages")


def _token(folder: Path, program: Path, authority: Path) -> None:
    """The same signature by a key that cannot leave its token (SoftHSM stands for the card)."""
    module = next((Path("/usr/lib").glob("**/libsofthsm2.so")), None)
    if module is None or shutil.which("pkcs11-tool") is None:
        print("--   a PKCS#11 token: SoftHSM is not here", flush=True)
        return
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm.conf")
    ran("softhsm2-util", "--init-token", "--free", "--label", "AutoEnroll", "--so-pin", "0000", "--pin", "1234")
    ran(
        "softhsm2-util",
        "--import",
        folder / "leaf.key",
        "--token",
        "AutoEnroll",
        "--label",
        "codesign",
        "--id",
        "a1",
        "--pin",
        "1234",
    )
    copy = folder / "by-token.exe"
    unsigned = folder / "unsigned.exe"
    ran("osslsigncode", "remove-signature", "-in", program, "-out", unsigned)
    shutil.copy(unsigned, copy)
    key = "pkcs11:token=AutoEnroll;object=codesign;type=private?pin-value=1234"
    engine = next((str(path) for path in Path("/usr/lib").glob("**/engines-3/pkcs11.so")), None)
    if engine is None:
        print("--   a PKCS#11 token: the OpenSSL engine for it is not here (libengine-pkcs11-openssl)", flush=True)
        return
    sign(copy, ["-pkcs11engine", engine, "-pkcs11module", str(module), "-certs", str(folder / "leaf.pem"), "-key", key])
    holds(_valid(copy, authority), "not validly signed by the token")
    said("signed by a key on a PKCS#11 token")


def _under_wine(folder: Path, setup: Path, msi: Path) -> None:
    """Silent installation and removal of both, where Wine is."""
    wine = next((name for name in ("wine64", "wine", "/usr/lib/wine/wine64") if shutil.which(name)), None)
    if wine is None:
        print("--   silent installation: Wine is not here", flush=True)
        return
    os.environ.update(WINEPREFIX=str(folder / "wine"), WINEDEBUG="-all", WINEDLLOVERRIDES="mscoree,mshtml=")
    drive = folder / "wine" / "drive_c"
    ran(wine, "wineboot", "-i", seconds=300)
    ran(wine, "msiexec", "/i", f"Z:{msi}", "/qn", seconds=300)
    home = drive / "Program Files" / "AutoEnroll Desktop"
    holds(
        (home / "_internal" / "PySide6" / "plugins" / "platforms" / "qwindows.dll").exists(),
        "the MSI put nothing in place",
    )
    holds('"machine"' in (home / "installed.json").read_text(), "the MSI's scope")
    ran(wine, "msiexec", "/x", f"Z:{msi}", "/qn", seconds=300)
    holds(not (home / "sbom.cdx.json").exists(), "the MSI left its files")
    said("MSI installed silently and removed, under Wine")
    done = subprocess.run([wine, setup, "/S"], capture_output=True, text=True, check=False, timeout=300)
    place = next((path.parent for path in (drive / "users").rglob("installed.json")), None)
    holds(done.returncode == 0 and place is not None, f"the setup put nothing in place: {done.returncode}")
    assert place is not None
    holds('"user"' in (place / "installed.json").read_text(), "the setup's scope")
    holds((place / "licences" / "numpy" / "LICENSE.txt").exists(), "the setup left something out")
    kept = next((drive / "users").glob("*/AppData/Local")) / "AutoEnroll Desktop" / "kept.txt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("the clerk's own")
    # without _?= the remover copies itself elsewhere and returns at once
    ran(wine, place / "uninstall.exe", "/S", f"_?=Z:{place}", seconds=300)
    holds(not (place / "sbom.cdx.json").exists(), "the remover left files")
    holds(kept.exists(), "the clerk's own data is gone")
    said("setup installed silently for one person and removed, under Wine; the clerk's data is kept")


if __name__ == "__main__":
    sys.exit(main())
