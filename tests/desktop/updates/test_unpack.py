"""An archive becomes a version only if it holds just what its list names; nothing is ever written elsewhere."""

import io
import lzma
import os
import tarfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.updates.refusals import Attack, UpdateRefused
from autoenroll_desktop.updates.unpack import unpack, verify
from autoenroll_desktop.updates.versions import Versions
from server_sync.contract.release import Build, File
from tests.releasing import list_files, pack

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links")


def a_build(folder: Path, files: tuple[File, ...]) -> Build:
    return Build(version="0.2.0", platform="linux-x86_64", files=files, archives=())


def tar(path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    with lzma.open(path, "wb", preset=0) as raw, tarfile.open(fileobj=raw, mode="w") as made:
        for info, data in entries:
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


FOUR = File("a.bin", 4, "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a")  # b"\x01\x02\x03\x04"
DATA = b"\x01\x02\x03\x04"


@given(
    st.dictionaries(
        st.from_regex(r"[a-zé][a-zé0-9 ._-]{0,8}(/[a-z]{1,4}){0,2}x", fullmatch=True),
        st.binary(max_size=300),
        max_size=6,
    )
)
def test_what_is_packed_comes_out_the_same(
    tmp_path_factory: pytest.TempPathFactory, contents: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    bundle = folder / "bundle"
    bundle.mkdir()
    for name, data in contents.items():
        path = bundle / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue  # one name is another's folder
    build = a_build(folder, tuple(list_files(bundle)))
    pack(bundle, list(build.files), folder / "a.tar.xz", 0)
    done = unpack(folder / "a.tar.xz", build, Versions(folder / "home"), None)
    assert list_files(done) == list(build.files)
    assert verify(done, build) == ""


@pytest.mark.parametrize(
    ("entries", "files"),
    [
        pytest.param([(entry("a.bin"), DATA), (entry("b.bin"), b"more")], (FOUR,), id="a file nobody listed"),
        pytest.param([(entry("a.bin"), DATA), (entry("a.bin"), DATA)], (FOUR,), id="twice"),
        pytest.param([(entry("a.bin"), b"\x01\x02\x03\x05")], (FOUR,), id="another content"),
        pytest.param([(entry("a.bin"), DATA + b"x")], (FOUR,), id="longer"),
        pytest.param([(entry("a.bin", tarfile.SYMTYPE, "/etc/passwd"), b"")], (FOUR,), id="a link instead of a file"),
        pytest.param([(entry("a.bin", tarfile.CHRTYPE), b"")], (FOUR,), id="a device"),
        pytest.param([(entry("../a.bin"), DATA)], (FOUR,), id="outside, in the archive"),
        pytest.param([(entry("../a.bin"), DATA)], (File("../a.bin", 4, FOUR.sha256),), id="outside, in the list too"),
        pytest.param(
            [(entry("l", tarfile.SYMTYPE, "../../x"), b"")], (File("l", link="../../x"),), id="a link that leads out"
        ),
        pytest.param([], (FOUR,), id="nothing in it"),
    ],
)
def test_anything_else_is_refused(
    tmp_path: Path, entries: list[tuple[tarfile.TarInfo, bytes]], files: tuple[File, ...]
) -> None:
    versions = Versions(tmp_path / "home")
    with pytest.raises(UpdateRefused) as told:
        unpack(tar(tmp_path / "a.tar.xz", *entries), a_build(tmp_path, files), versions, None)
    assert told.value.attack is Attack.ALTERED
    assert versions.there() == []
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.tar.xz"]


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.tar.xz").write_bytes(data)
    with pytest.raises(UpdateRefused):
        unpack(folder / "a.tar.xz", a_build(folder, (FOUR,)), Versions(folder / "home"), None)


@given(st.integers(0, 200))
def test_an_archive_cut_short_is_refused_or_was_whole(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("cut")
    build = a_build(folder, (FOUR,))
    whole = tar(folder / "a.tar.xz", (entry("a.bin"), DATA)).read_bytes()
    (folder / "a.tar.xz").write_bytes(whole[:cut])
    try:
        done = unpack(folder / "a.tar.xz", build, Versions(folder / "home"), None)
    except UpdateRefused:
        assert Versions(folder / "home").there() == []
    else:
        assert verify(done, build) == ""  # only the empty blocks at its end were missing


def test_files_of_the_running_version_are_verified_too(tmp_path: Path) -> None:
    present = tmp_path / "present"
    present.mkdir()
    (present / "a.bin").write_bytes(DATA)
    versions = Versions(tmp_path / "home")
    done = unpack(tar(tmp_path / "a.tar.xz"), a_build(tmp_path, (FOUR,)), versions, present)
    assert (done / "a.bin").read_bytes() == DATA
    assert (done / "a.bin").stat().st_ino != (present / "a.bin").stat().st_ino
    (present / "a.bin").write_bytes(b"abcd")
    with pytest.raises(UpdateRefused):
        unpack(tmp_path / "a.tar.xz", a_build(tmp_path, (FOUR,)), Versions(tmp_path / "other"), present)


def test_a_changed_file_of_a_version_is_found(tmp_path: Path) -> None:
    build = a_build(tmp_path, (FOUR, replace_place("b")))
    done = unpack(
        tar(tmp_path / "a.tar.xz", (entry("a.bin"), DATA), (entry("b"), DATA)), build, Versions(tmp_path / "h"), None
    )
    assert verify(done, build) == ""
    (done / "b").write_bytes(b"\x01\x02\x03\x00")
    assert verify(done, build) == "b"
    (done / "b").unlink()
    assert verify(done, build) == "b"


def replace_place(place: str) -> File:
    return msgspec.structs.replace(FOUR, place=place)


def test_lists_are_read_strictly() -> None:
    good = msgspec.json.encode(a_build(Path(), (FOUR,)))
    assert msgspec.json.decode(good, type=Build).files == (FOUR,)
    for old, new in (
        (b'"a.bin"', b'"/a.bin"'),
        (b'"a.bin"', b'"C:\\\\a"'),
        (b"0.2.0", b"0.2"),
        (b"9f64", b"9F64"),
        (b'"size":4', b'"size":-4'),
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(good.replace(old, new), type=Build)
