"""The policies: every key, its type and what it means. The JSON schema and the Windows templates are made from here."""

from typing import Annotated, Any, Literal

import msgspec

from autoenroll_desktop.errors import AppError

Text = Annotated[str, msgspec.Meta(max_length=400)]
Address = Annotated[
    str, msgspec.Meta(max_length=400, pattern="^(https://[^ ]+|http://(127\\.0\\.0\\.1|localhost)[^ ]*|)$")
]


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class Policies(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=False):
    """What is in force. Every key may be left out; its default is what the program does without a policy."""

    service_url: Annotated[Address, _about("Address of the office's central service; empty for the one built in.")] = ""
    sync: Annotated[bool, _about("Whether this computer may share runs with the office's other computers.")] = True
    proxy: Annotated[Text, _about("Proxy for every connection; empty for the system's own setting.")] = ""
    extra_ca: Annotated[
        Text, _about("File of certificates (PEM) trusted beside the system's, as an inspecting proxy needs.")
    ] = ""
    update_lane: Annotated[
        Literal["install", "announce", "off"],
        _about(
            "Updates: install on request, only say that there is one, or never look. "
            "An installation for all users never installs by itself."
        ),
    ] = "install"
    update_channel: Annotated[
        Literal["stable", "pilot"], _about("Which releases are offered: all offices' or the pilot offices'.")
    ] = "stable"
    licence_file: Annotated[Text, _about("File of the licence, so that it need not be activated by hand.")] = ""
    data_folder: Annotated[
        Text, _about("Folder for what the program remembers; ~, and %NAME% on Windows, are filled in for each user.")
    ] = ""
    retention_days: Annotated[
        int,
        msgspec.Meta(ge=0, le=36500),
        _about("Days after which checked runs are removed, whatever was chosen for a client; 0 sets no bound."),
    ] = 0
    forbid_report_upload: Annotated[bool, _about("Never send reports to the central service.")] = False
    forbid_plain_exports: Annotated[
        bool,
        _about("Never show or print a PPSN in full, nor write it but in files that go back into payroll or to NAERSA."),
    ] = False
    language: Annotated[
        Literal["", "en", "ga"],
        _about("Language at first start: en for English, ga for Irish; empty leaves the choice."),
    ] = ""
    auto_lock_minutes: Annotated[
        int,
        msgspec.Meta(ge=0, le=1440),
        _about("Minutes without a key pressed after which the window is covered; 0 for never."),
    ] = 0


KEYS = Policies.__struct_encode_fields__
"""The keys as they are written: "update-lane" …"""


def from_values(values: dict[str, Any], place: str) -> Policies:
    """Policies from key → value. Raises AppError naming `place` and the key whose value cannot be used.

    Keys we do not know are left alone: an administrator may set a newer version's policies before it is everywhere.
    """
    try:
        return msgspec.convert(values, Policies)
    except msgspec.ValidationError as error:
        raise AppError(
            "The policies set for this computer cannot be used",
            f"{place}: {error}",
            "Ask whoever looks after your computers to correct them; nothing starts with half of its rules",
        ) from error


def refuse_plain_export(policies: Policies, *, show_ppsn: bool) -> None:
    """Raise AppError where PPSNs were to be shown in full and a policy forbids it."""
    if show_ppsn and policies.forbid_plain_exports:
        raise AppError(
            "PPSNs cannot be shown in full on this computer",
            "a policy set by your administrator forbids it (forbid-plain-exports)",
            "Leave out the choice to show them",
        )


def schema() -> dict[str, Any]:
    """The JSON schema of a policy file: one object of these keys."""
    made: dict[str, Any] = msgspec.json.schema(Policies)["$defs"]["Policies"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AutoEnroll Desktop policies",
        "type": "object",
        "properties": made["properties"],
    }
