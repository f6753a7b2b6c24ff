"""Every attack of the TUF specification (section 1.5.2) is refused by its name, and changes nothing.

The cases follow those of the TUF client conformance suite: what somebody can do who holds no key, one key too few,
an old state of the repository, or a stolen online key.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile

from autoenroll_desktop.actions.install_update import Outcome, Setup, install_update
from autoenroll_desktop.updates.refusals import Attack, CannotCheck, UpdateRefused
from tests.releasing import Publisher, Site, served, setup_for

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the small programs are scripts")


class Scene:
    """A client that has seen version 0.2.0 offered, and a publisher that goes on to 0.3.0."""

    def __init__(self, tmp_path: Path, publisher: Publisher, site: Site) -> None:
        self.tmp_path, self.publisher, self.site = tmp_path, publisher, site
        self.setup: Setup = setup_for(publisher, site, tmp_path / "home")
        install_update(self.setup, only_look=True)
        self.old = tmp_path / "old"
        shutil.copytree(publisher.site, self.old)
        publisher.release("0.3.0")
        publisher.offer("0.3.0")
        publisher.publish()

    def take_old(self, name: str, as_name: str = "") -> None:
        shutil.copy(self.old / "metadata" / name, self.publisher.site / "metadata" / (as_name or name))


@pytest.fixture
def scene(tmp_path: Path):
    publisher = Publisher(tmp_path)
    publisher.release("0.2.0")
    publisher.offer("0.2.0")
    publisher.publish()
    with served(publisher.site) as site:
        yield Scene(tmp_path, publisher, site)


def refused(scene: Scene) -> UpdateRefused:
    """The refusal, after which nothing was installed and the program that runs is still the one to start."""
    with pytest.raises(UpdateRefused) as told:
        install_update(scene.setup)
    assert scene.setup.versions.there() == []
    assert scene.setup.versions.chosen() is None
    assert told.value.attack in str(told.value)
    return told.value


def look(scene: Scene) -> str:
    return install_update(scene.setup, only_look=True).version


def test_without_an_attack_the_newer_version_is_there(scene: Scene) -> None:
    assert look(scene) == "0.3.0"
    assert install_update(scene.setup).outcome is Outcome.INSTALLED


def test_rollback_of_the_timestamp(scene: Scene) -> None:
    assert look(scene) == "0.3.0"
    scene.take_old("timestamp.json")
    assert (refused(scene).attack, refused(scene).part) == (Attack.ROLLBACK, "timestamp")


def test_rollback_of_the_snapshot_under_a_new_timestamp(scene: Scene) -> None:
    """Who stole the timestamp key points to the snapshot before."""
    assert look(scene) == "0.3.0"

    def back(metadata: Metadata) -> None:
        metadata.signed.version += 1
        metadata.signed.snapshot_meta = MetaFile(version=1)

    scene.publisher.edit("timestamp.json", back, signed_by="timestamp")
    assert refused(scene).attack is Attack.ROLLBACK


@pytest.mark.parametrize("role", ["targets", "channels"])
def test_rollback_of_one_role_under_a_new_snapshot(scene: Scene, role: str) -> None:
    """Who stole both online keys lists an older version of a role."""
    assert look(scene) == "0.3.0"
    publisher = scene.publisher

    def back(metadata: Metadata) -> None:
        metadata.signed.version += 1
        metadata.signed.meta[f"{role}.json"] = MetaFile(version=1)

    newest = publisher.newest("snapshot")
    number = int(newest.partition(".")[0]) + 1
    shutil.copy(publisher.site / "metadata" / newest, publisher.site / "metadata" / f"{number}.snapshot.json")
    publisher.edit(f"{number}.snapshot.json", back, signed_by="snapshot")

    def point(metadata: Metadata) -> None:
        metadata.signed.version += 1
        metadata.signed.snapshot_meta = MetaFile(version=number)

    publisher.edit("timestamp.json", point, signed_by="timestamp")
    assert (refused(scene).attack, refused(scene).part) == (Attack.ROLLBACK, "snapshot")


def test_freeze(scene: Scene) -> None:
    """An old state that is out of date is not believed; it is no alarm either, for it may be our own delay."""

    def expire(metadata: Metadata) -> None:
        metadata.signed.version += 1
        metadata.signed.expires = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)

    scene.publisher.edit("timestamp.json", expire, signed_by="timestamp")
    with pytest.raises(CannotCheck, match="out of date"):
        install_update(scene.setup)


@pytest.mark.parametrize("role", ["snapshot", "targets", "root"])
def test_expired_roles_below_a_fresh_timestamp(scene: Scene, role: str) -> None:
    name = scene.publisher.newest(role)
    if role == "root":
        path = scene.publisher.repository.change_keys(
            "timestamp", [], [], scene.publisher.now - dt.timedelta(days=4000)
        )
        scene.publisher.sign(path, "root")
    else:
        scene.publisher.edit(
            name,
            lambda metadata: setattr(metadata.signed, "expires", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
            signed_by=role,
        )
    with pytest.raises(CannotCheck, match="out of date"):
        install_update(scene.setup)


def test_mix_and_match_snapshot(scene: Scene) -> None:
    """An old snapshot under the new one's name: both signed, not of one state."""
    old, new = "2.snapshot.json", scene.publisher.newest("snapshot")
    assert old != new
    scene.take_old(old, as_name=new)
    assert (refused(scene).attack, refused(scene).part) == (Attack.MIX_AND_MATCH, "snapshot")


def test_mix_and_match_targets(scene: Scene) -> None:
    scene.take_old("2.targets.json", as_name=scene.publisher.newest("targets"))
    assert refused(scene).part == "targets"
    assert refused(scene).attack is Attack.MIX_AND_MATCH


@pytest.mark.parametrize("what", ["timestamp.json", "snapshot.json", "targets.json", ".tar.xz", "root.json"])
def test_endless_data(scene: Scene, what: str) -> None:
    scene.site.endless = what
    if what == "root.json":
        number = int(scene.publisher.newest("root").partition(".")[0]) + 1
        (scene.publisher.site / "metadata" / f"{number}.root.json").write_bytes(b"{}")
    assert refused(scene).attack is Attack.ENDLESS_DATA
    assert not list((scene.setup.versions.home / "parts").glob("*tar*"))


FOREIGN: list[tuple[str, Callable[[Publisher], str]]] = [
    ("timestamp", lambda publisher: "timestamp.json"),
    ("snapshot", lambda publisher: publisher.newest("snapshot")),
    ("targets", lambda publisher: publisher.newest("targets")),
    ("channels", lambda publisher: publisher.newest("channels")),
]


@pytest.mark.parametrize(("role", "name"), FOREIGN)
def test_wrong_keys(scene: Scene, role: str, name: Callable[[Publisher], str]) -> None:
    def foreign(metadata: Metadata) -> None:
        metadata.signatures.clear()
        metadata.sign(CryptoSigner.generate_ed25519())

    scene.publisher.edit(name(scene.publisher), foreign)
    assert (refused(scene).attack, refused(scene).part) == (Attack.WRONG_KEYS, role)


@pytest.mark.parametrize(("role", "name"), FOREIGN)
def test_edited_after_signing(scene: Scene, role: str, name: Callable[[Publisher], str]) -> None:
    scene.publisher.edit(
        name(scene.publisher), lambda metadata: setattr(metadata.signed, "version", metadata.signed.version + 5)
    )
    assert (refused(scene).attack, refused(scene).part) == (Attack.WRONG_KEYS, role)


def test_a_whole_foreign_repository(scene: Scene, tmp_path: Path) -> None:
    """Somebody else's repository, perfect in itself."""
    foreign = Publisher(tmp_path / "foreign")
    foreign.release("0.9.0")
    foreign.offer("0.9.0")
    foreign.publish()
    shutil.rmtree(scene.publisher.site)
    shutil.copytree(foreign.site, scene.publisher.site)
    assert refused(scene).attack is Attack.WRONG_KEYS


@pytest.mark.parametrize(
    ("role", "keys", "attack"),
    [("targets", 1, Attack.THRESHOLD), ("root", 1, Attack.THRESHOLD), ("root", 0, Attack.WRONG_KEYS)],
)
def test_threshold(scene: Scene, role: str, keys: int, attack: Attack) -> None:
    """Two of three have to sign a build or a root; one is not enough, nor one that signs twice."""
    if role == "root":
        path = scene.publisher.repository.change_keys(
            "timestamp", [], [CryptoSigner.generate_ed25519().public_key], scene.publisher.now
        )
        scene.publisher.sign(path, "root", keys)
    else:

        def fewer(metadata: Metadata) -> None:
            metadata.signatures.clear()
            for _ in range(2):
                metadata.sign(scene.publisher.keys[role][0], append=True)

        scene.publisher.edit(scene.publisher.newest(role), fewer)
    assert (refused(scene).attack, refused(scene).part) == (attack, role)


def test_root_that_goes_back(scene: Scene) -> None:
    """A root under the next number that says it is an older one."""
    publisher = scene.publisher
    path = publisher.repository.change_keys("timestamp", [], [], publisher.now)
    publisher.edit(path.name, lambda metadata: setattr(metadata.signed, "version", 1), signed_by="root")
    assert (refused(scene).attack, refused(scene).part) == (Attack.ROLLBACK, "root")


def test_an_altered_build(scene: Scene) -> None:
    for path in scene.publisher.site.rglob("*0.3.0*.tar.xz"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
    assert refused(scene).attack is Attack.ALTERED


def test_a_service_that_was_broken_into_cannot_publish_a_build(scene: Scene) -> None:
    """With every online key: it can offer what is signed, and nothing else."""
    publisher = scene.publisher
    publisher.offer("0.9.0")
    publisher.publish()
    with pytest.raises(CannotCheck, match=r"Nothing is published under releases/0\.9\.0"):
        install_update(scene.setup)
    bundle = publisher.build("0.9.0")
    forged = publisher.folder / "forged.json"
    forged.write_bytes((bundle / "autoenroll").read_bytes())
    publisher.repository.offer(
        {"releases/0.9.0/linux-x86_64.json": forged}, publisher.keys["channels"][0], publisher.now
    )
    publisher.publish()
    with pytest.raises(CannotCheck, match=r"Nothing is published under releases/0\.9\.0"):
        install_update(scene.setup)


def test_fast_forward_recovery(scene: Scene) -> None:
    """Who stole the online keys made the numbers so large that ours look old; new keys in a new root end it."""
    publisher = scene.publisher

    def far(metadata: Metadata) -> None:
        metadata.signed.version = 2**31
        if metadata.signed.type == "timestamp":
            metadata.signed.snapshot_meta = MetaFile(version=2**31)

    kept = {
        name: (publisher.site / "metadata" / name).read_bytes()
        for name in ("timestamp.json", publisher.newest("snapshot"))
    }
    newest = publisher.newest("snapshot")
    shutil.copy(publisher.site / "metadata" / newest, publisher.site / "metadata" / f"{2**31}.snapshot.json")
    publisher.edit(f"{2**31}.snapshot.json", far, signed_by="snapshot")
    publisher.edit("timestamp.json", far, signed_by="timestamp")
    assert look(scene) == "0.3.0"
    (publisher.site / "metadata" / f"{2**31}.snapshot.json").unlink()
    for name, data in kept.items():
        (publisher.site / "metadata" / name).write_bytes(data)
    assert refused(scene).attack is Attack.ROLLBACK

    for role in ("snapshot", "timestamp"):
        new = CryptoSigner.generate_ed25519()
        path = publisher.repository.change_keys(
            role, [publisher.keys[role][0].public_key.keyid], [new.public_key], publisher.now
        )
        publisher.keys[role] = [new]
        publisher.sign(path, "root")
    publisher.publish()
    assert look(scene) == "0.3.0"


def test_keys_can_be_replaced_step_by_step(scene: Scene) -> None:
    """Three roots later, each signed by two of the keys before it, an old installation still follows."""
    publisher = scene.publisher
    for place in range(3):
        new = CryptoSigner.generate_ed25519()
        path = publisher.repository.change_keys(
            "root", [publisher.keys["root"][place].public_key.keyid], [new.public_key], publisher.now
        )
        publisher.sign(path, "root", 3)  # with the keys as they were
        publisher.keys["root"][place] = new
        publisher.repository.sign(path, new)
    publisher.publish()
    assert install_update(scene.setup).version == "0.3.0"


def test_a_spoilt_cache_is_fetched_again(scene: Scene) -> None:
    for path in (scene.setup.versions.home / "metadata").glob("*.json"):
        if not path.is_symlink():
            path.write_bytes(b"\x00spoilt")
    assert install_update(scene.setup).outcome is Outcome.INSTALLED


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"<html>Log in to the hotel's network</html>", b'{"signed": {}, "signatures": []}', b"\xff" * 100],
)
def test_what_is_no_metadata_is_said_to_be_none(scene: Scene, data: bytes) -> None:
    (scene.publisher.site / "metadata" / "timestamp.json").write_bytes(data)
    assert refused(scene).attack is Attack.MALFORMED
