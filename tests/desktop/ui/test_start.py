"""What happens before there is a window."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from autoenroll_desktop import app
from autoenroll_desktop.policy import sources
from autoenroll_desktop.policy.sources import in_force


def test_policies_that_cannot_be_used_are_said_and_nothing_starts(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policies.json").write_text('{"forbid-plain-exports": "perhaps"}')
    monkeypatch.setattr(sources, "files", lambda: (tmp_path / "policies.json",))
    shown: list[str] = []
    monkeypatch.setattr(app.QMessageBox, "critical", lambda _parent, _title, text: shown.append(text))
    in_force.cache_clear()
    try:
        assert app.main([]) == 2
    finally:
        in_force.cache_clear()
    assert "forbid-plain-exports" in shown[0]
    assert str(tmp_path) in shown[0]
