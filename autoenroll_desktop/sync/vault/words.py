"""Six words that two people compare aloud before a device is let in.

They stand for the 32 bytes of `signing.pairing`, which cover the office, the approver's key and both keys of the new
device. 48 bits are few, so they are stretched with Argon2id (RFC 9106) first: each try to find other keys with the same
words costs 32 MiB and two passes. The words are the same in every language, for the two screens may differ in theirs.
"""

from uuid import UUID

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from autoenroll_desktop.sync.vault.refusals import WordsDiffer
from server_sync.contract import signing

COUNT = 6
_LIST = """
acid acorn actor adult agent alarm album alley amber anchor ankle apple apron arrow artist aspen atlas attic autumn
award badge bagel baker balcony banjo barley barrel basket beacon beaver bench berry bicycle biscuit blanket blossom
boat bonnet border bottle boulder bracelet branch bridge broom bucket butter button cabin cactus camel camera candle
canoe canvas carpet carrot castle cattle cedar cello chalk cherry chimney cinema circle clover coffee comet compass
copper coral cotton cousin crayon cricket crown crystal cup curtain cushion dairy daisy dancer desert diamond dinner
doctor dolphin donkey dragon drawer dream drum eagle easel echo elbow elephant ember emerald engine envelope evening
fabric falcon farmer feather fiddle finger flag flower flute forest fountain fox friend gallery garage garden garlic
giant ginger glacier glove goat goose granite guitar hammer harbour harvest hazel helmet heron hockey honey horizon
hotel hunter iceberg insect iris island ivory jacket jaguar jelly jewel jigsaw juice jungle kettle king kitchen kitten
knee ladder lagoon lantern laundry lemon letter lily linen lion lizard lobster locket magnet mango maple marble market
meadow melon mirror mitten monkey moon motor mountain muffin museum mustard napkin nectar needle nephew nest nickel
notebook nutmeg oak oatmeal ocean olive onion orange orchard otter oven owl oyster paddle palace panda paper parrot
peach pebble pencil pepper piano picnic pigeon pillow pilot pirate planet plum pocket poppy potato puppet puzzle
quarry queen quilt rabbit radio raisin ribbon river robin rocket rose ruby saddle salmon sandal scarf school shadow
shell silver sister sofa spider spoon squirrel summer sunset teapot tiger window
"""
LIST = tuple(_LIST.split())
_SALT = b"autoenroll/words/1"


def six_words(office: UUID, approver_key: bytes, signing_key: bytes, sealing_key: bytes) -> str:
    """The words for these keys, such as "heron chalk lily oak drum teapot". Takes about a tenth of a second."""
    told = signing.pairing(office, approver_key, signing_key, sealing_key)
    stretched = Argon2id(salt=_SALT, length=COUNT, iterations=2, lanes=1, memory_cost=32_768).derive(told)
    return " ".join(LIST[one] for one in stretched)


def require_same(shown: str, said: str) -> None:
    """Check the words of the other screen against these. Raises WordsDiffer."""
    if shown.split() != said.lower().replace(",", " ").split():
        raise WordsDiffer
