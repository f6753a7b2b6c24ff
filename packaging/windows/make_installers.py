"""Makes both Windows installers and signs them: `make_installers.py --payload FOLDER --version 0.1.0 --out FOLDER`.

Runs on Linux (makensis, wixl, osslsigncode) and, with the same tools, anywhere. The payload is the folder that
`dev.py package` makes on Windows. Signing: `--sign-with` and what osslsigncode takes, in a file of one option a line:

    -pkcs12            or        -pkcs11module
    codesign.p12                 /usr/lib/softhsm/libsofthsm2.so
    -readpass                    -certs
    codesign.pass                codesign.pem
                                 -key
                                 pkcs11:token=AutoEnroll;object=codesign?pin-value=…

and `--timestamp URL` for the counter-signature of a timestamp service.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "freeze"))
sys.path.insert(0, str(HERE))
from icons import make_icons  # noqa: E402
from make_policy_templates import write_templates  # noqa: E402

DESCRIPTION = "AutoEnroll Desktop"


def main() -> int:
    """Make and sign everything, and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payload", required=True, type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--sign-with", type=Path, help="file of osslsigncode options, one a line")
    parser.add_argument("--timestamp", help="address of a timestamp service")
    arguments = parser.parse_args()
    signing = None if arguments.sign_with is None else signing_options(arguments.sign_with, arguments.timestamp)
    for path in make_installers(arguments.payload, arguments.version, arguments.out, signing):
        print(path)
    return 0


def signing_options(file: Path, timestamp: str | None = None) -> list[str]:
    """What osslsigncode needs to sign, from a file and a timestamp service."""
    options = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [*options, *(["-ts", timestamp] if timestamp else [])]


def make_installers(payload: Path, version: str, out: Path, signing: list[str] | None) -> list[Path]:
    """Both installers and the policy templates; the programs in the payload are signed first. Paths come back."""
    if not (payload / "autoenroll-desktop.exe").is_file():
        raise SystemExit(f"{payload} holds no Windows program; make it with build_on_windows.ps1")
    out.mkdir(parents=True, exist_ok=True)
    make_icons(ROOT / "resources" / "icons" / "autoenroll.svg", out / "icons")
    icon = out / "icons" / "autoenroll.ico"
    if signing is not None:
        for program in sorted(payload.glob("*.exe")):
            sign(program, signing)
    made = [make_setup(payload, version, out, icon), make_msi(payload, version, out, icon)]
    if signing is not None:
        for installer in made:
            sign(installer, signing)
    return [*made, *write_templates(out / "PolicyDefinitions")]


def make_setup(payload: Path, version: str, out: Path, icon: Path) -> Path:
    """The per-user installer (NSIS)."""
    target = out / f"AutoEnroll-Desktop-{version}-Setup.exe"
    scope = _scope(out, "user")
    defined = {"VERSION": version, "PAYLOAD": payload, "SCOPE": scope, "ICON": icon, "OUT": target}
    words = [f"-D{name}={value.resolve() if isinstance(value, Path) else value}" for name, value in defined.items()]
    subprocess.run(["makensis", "-V2", "-WX", *words, HERE / "autoenroll.nsi"], check=True)
    return target


def make_msi(payload: Path, version: str, out: Path, icon: Path) -> Path:
    """The per-machine package (MSI)."""
    target = out / f"AutoEnroll-Desktop-{version}.msi"
    names = "\n".join(sorted(str(path.relative_to(payload)) for path in payload.rglob("*") if path.is_file())) + "\n"
    heat = [
        "wixl-heat",
        "--directory-ref",
        "INSTALLDIR",
        "--component-group",
        "Payload",
        "--var",
        "var.Payload",
        "--win64",
    ]
    listed = subprocess.run([*heat, "--prefix", ""], input=names, capture_output=True, text=True, check=True).stdout
    (out / "payload.wxs").write_text(listed, encoding="utf-8")
    defined = {
        "Version": version,
        "Payload": os.path.relpath(payload.resolve(), out.resolve()),  # all places as wixl sees them from `out`
        "Icon": icon.relative_to(out),
        "Scope": _scope(out, "machine").name,
        "Win64": "yes",
    }
    words = [word for name, value in defined.items() for word in ("-D", f"{name}={value}")]
    sources = [HERE / "autoenroll.wxs", "payload.wxs"]
    subprocess.run(["wixl", "-a", "x64", *words, "-o", target.name, *sources], check=True, cwd=out)
    return target


def sign(file: Path, signing: list[str]) -> None:
    """Sign a program or an installer in place."""
    signed = file.with_name(f".{file.name}.signed")
    more = ["-add-msi-dse"] if file.suffix == ".msi" else []
    command = ["osslsigncode", "sign", *signing, *more, "-h", "sha256", "-n", DESCRIPTION, "-in", file, "-out", signed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{file.name} could not be signed: {done.stdout}{done.stderr}")
    os.replace(signed, file)  # noqa: PTH105 - one step, also where the target is there


def _scope(out: Path, scope: str) -> Path:
    path = out / f"installed-{scope}.json"
    path.write_text(json.dumps({"scope": scope, "by": "installer"}) + "\n", encoding="utf-8")
    return path.resolve()


if __name__ == "__main__":
    sys.exit(main())
