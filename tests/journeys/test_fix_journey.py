"""A clerk puts a run right in the real window: one, all alike, by hand, back again, as a recipe; and writes it."""

import csv
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from autoenroll_desktop.ui.dialogs.confirm import ConfirmDialog
from autoenroll_desktop.ui.dialogs.fix_preview import FixPreview
from autoenroll_desktop.ui.dialogs.history import HistoryDialog
from autoenroll_desktop.ui.dialogs.recipe_preview import RecipePreview
from autoenroll_desktop.ui.view_models.sheet import COLUMNS
from tests.driving import LONG, checked, dialog, go_to, kept_in, opened, sample, settled

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def errors(window) -> int:
    return window.view_model.result.verdict.counts["error"]


def cell(window, line: int, field: str):
    return window.view_model.result.run[field].iloc[line]


def test_fix_one_undo_redo(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    page, before = window.page, errors(window)
    go_to(window, "contribution-amount/base-basic")
    settled(qtbot, window)
    finding, place = page.inspector.place
    line = finding.place(place).line
    assert page.inspector.told.text().splitlines()[0] == "Employee: €11.14 → €12.43"
    checked(qtbot, window, lambda: qtbot.keyClick(window, Qt.Key.Key_Return, CTRL))
    assert cell(window, line, "ae_employee") == 1243
    assert errors(window) == before - 1
    assert page.inspector.place is not None  # the next finding has taken its turn
    checked(qtbot, window, lambda: qtbot.keyClick(window, Qt.Key.Key_Z, CTRL))
    assert cell(window, line, "ae_employee") == 1114
    assert errors(window) == before
    checked(qtbot, window, lambda: qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT))
    assert cell(window, line, "ae_employee") == 1243


def many_alike(folder: Path, source: Path) -> Path:
    """The sample's weekly file with every contribution a euro too low."""
    rows = list(csv.reader(source.read_text(encoding="utf-8-sig").splitlines()))
    at = next(at for at, row in enumerate(rows) if "PPS Number" in row)
    shares = [column for column, heading in enumerate(rows[at]) if heading.startswith("MyFuture")]
    for row in rows[at + 1 :]:
        for column in shares:
            if len(row) > column and row[column] not in ("", "0.00"):
                row[column] = f"{float(row[column].replace(',', '')) - 1:.2f}"
    path = folder / "alike.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_fix_all_alike_after_a_preview(qtbot, tmp_path: Path, sample: Path) -> None:
    path = many_alike(tmp_path, sample / "weekly-2026-11-26.csv")
    window = opened(qtbot)
    checked(qtbot, window, lambda: window.page.files_dropped([path, sample / "aepn-2026-11-26.json"]))
    page = window.page
    most = max((one for one in window.view_model.result.findings if one.code == "contribution-amount"), key=len)
    assert len(most) > 5
    go_to(window, most.key)
    settled(qtbot, window)
    assert f"Fix all {len(most)} alike" in page.inspector.all_button.text()
    page.inspector.all_button.click()
    shown = dialog(qtbot, window, FixPreview)
    assert shown.table.model().rowCount() == shown.effect.step.cells >= len(most)
    assert shown.effect.after.verdict.counts["error"] < errors(window)
    before = errors(window)
    shown.reject()
    assert errors(window) == before, "looking does nothing"
    page.inspector.all_button.click()
    shown = dialog(qtbot, window, FixPreview)
    checked(qtbot, window, shown.accept_button.click)
    assert all(one.key != most.key for one in window.view_model.result.findings)
    assert "step" in window.status.state.text()


def test_a_cell_is_typed_over(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    model = window.page.lines
    index = model.index(0, COLUMNS.index("ae_employee"))
    checked(qtbot, window, lambda: model.setData(index, "1,012.50"))
    assert cell(window, model.line_at(0), "ae_employee") == 101250
    assert "€11.14 → €1,012.50" in model.data(model.index(0, COLUMNS.index("changes")))
    assert not window.page.grid.moving.isColumnHidden(COLUMNS.index("changes"))
    assert not model.setData(model.index(0, COLUMNS.index("ae_employee")), "1012.50"), "the same is no change"
    model.setData(model.index(0, COLUMNS.index("gross_pay")), "a lot")
    assert "is no amount" in window.notices.text
    assert len(window.view_model.steps) == 1
    window.page.panel.only.setCurrentIndex(window.page.panel.only.findData("changed"))
    settled(qtbot, window)
    assert model.rowCount() == 1


def test_typing_faster_than_it_checks_loses_nothing(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    for line in range(4):
        window.view_model.fixing.edit(line, "ae_employee", f"{line + 1}.00")
    qtbot.waitUntil(lambda: len(window.view_model.steps) == 4, timeout=LONG)
    settled(qtbot, window)
    assert [cell(window, line, "ae_employee") for line in range(4)] == [100, 200, 300, 400]


def test_steps_are_not_left_behind_unasked(qtbot, tmp_path: Path, sample: Path) -> None:
    answers, kept = [False, False, True], tmp_path / "kept.toml"
    asked: list[bool] = []

    def may_leave() -> bool:
        asked.append(answers[len(asked)])
        return asked[-1]

    window = opened(qtbot, may_leave=may_leave, choose_save=lambda *_: kept)
    checked(qtbot, window, lambda: window.page.files_dropped([sample / "weekly-2026-11-26.csv"]))
    window.close()
    assert asked == [], "nothing was done"
    window.show()
    checked(qtbot, window, lambda: window.view_model.fixing.edit(0, "gross_pay", "1.00"))
    window.page.start_over()
    assert window.page.shows_result
    window.close()
    assert window.isVisible()
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        window.page.fixing.save_recipe()
    assert window.view_model.writing.unwritten == 0
    checked(qtbot, window, lambda: window.view_model.fixing.edit(0, "gross_pay", "2.00"))
    window.page.start_over()
    assert asked == [False, False, True]
    assert not window.page.shows_result


def test_history_goes_back_and_forth(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    before = errors(window)
    checked(qtbot, window, window.page.panel.fix_button.click)
    done = len(window.view_model.steps)
    assert done >= 2
    assert errors(window) < before
    window.page.panel.history_button.click()
    shown = dialog(qtbot, window, HistoryDialog)
    assert shown.list.count() == done + 1
    shown.list.setCurrentRow(0)
    checked(qtbot, window, shown.back_button.click)
    assert errors(window) == before
    window.page.panel.history_button.click()
    shown = dialog(qtbot, window, HistoryDialog)
    assert "(undone)" in shown.list.item(done).text()
    shown.list.setCurrentRow(done)
    checked(qtbot, window, shown.back_button.click)
    assert len(window.view_model.steps) == done


def test_a_warning_is_confirmed_with_a_reason(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    page = window.page
    warning = next(one for one in window.view_model.result.findings if one.severity == "warning")
    go_to(window, warning.key)
    page.inspector.confirm_button.click()
    shown = dialog(qtbot, window, ConfirmDialog)
    assert not shown.accept_button.isEnabled(), "not without a reason"
    shown.text.setPlainText("agreed with the client")
    checked(qtbot, window, shown.accept_button.click)
    assert "agreed with the client" in page.inspector.text.toPlainText()
    row = page.findings.row_of(warning.key)
    assert "confirmed" in page.findings.data(page.findings.index(row, 0), 256)


def test_a_recipe_is_saved_and_applied_with_a_preview(qtbot, tmp_path: Path) -> None:
    kept = tmp_path / "Hibernia weekly.toml"
    window = opened(qtbot, choose_save=lambda *_: kept, choose_files=lambda: [kept])
    sample(qtbot, window)
    checked(qtbot, window, window.page.fixing.fix_certain)
    after = errors(window)
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        window.page.fixing.save_recipe()
    assert 'name = "Hibernia weekly"' in kept.read_text(encoding="utf-8")
    sample(qtbot, window)
    assert window.view_model.steps == ()
    window.page.fixing.open_recipe()
    shown = dialog(qtbot, window, RecipePreview)
    assert shown.list.count() > 0
    checked(qtbot, window, shown.accept_button.click)
    assert errors(window) == after
    kept.write_text("format = 3", encoding="utf-8")
    window.page.fixing.open_recipe()
    assert "is no recipe" in window.notices.text


def test_checking_again_does_the_steps_again(qtbot, tmp_path: Path, sample: Path) -> None:
    path = tmp_path / "weekly.csv"
    path.write_bytes((sample / "weekly-2026-11-26.csv").read_bytes())
    window = opened(qtbot)
    checked(qtbot, window, lambda: window.page.files_dropped([path, sample / "aepn-2026-11-26.json"]))
    checked(qtbot, window, window.page.fixing.fix_certain)
    after, steps = errors(window), len(window.view_model.steps)
    checked(qtbot, window, lambda: qtbot.keyClick(window, Qt.Key.Key_F5))
    assert (errors(window), len(window.view_model.steps)) == (after, steps)


def test_the_corrected_file_is_written_and_listed(qtbot, tmp_path: Path, sample: Path) -> None:
    path, out = tmp_path / "weekly.csv", tmp_path / "out"
    out.mkdir()
    original = (sample / "weekly-2026-11-26.csv").read_bytes()
    path.write_bytes(original)
    window = opened(qtbot, choose_save=lambda suggested, _: out / Path(suggested).name)
    checked(qtbot, window, lambda: window.page.files_dropped([path, sample / "aepn-2026-11-26.json"]))
    checked(qtbot, window, window.page.fixing.fix_certain)
    window.page.writing.offer()
    qtbot.waitUntil(lambda: not window.page.writing.looking, timeout=LONG)
    menu = window.page.writing.menu
    corrected = next(action for action in menu.actions() if action.text() == "Corrected file")
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        corrected.trigger()
    menu.close()
    written = out / "2026-11-26 8041973UH weekly 48 corrected.csv"
    assert written.exists()
    assert written.read_bytes() != original
    assert path.read_bytes() == original, "the file that was read is never touched"
    window.go_to("reports")
    reports = window.page_named("reports")
    qtbot.waitUntil(lambda: not reports.reading, timeout=LONG)
    assert reports.list.item(0).text() == written.name
    assert reports.open_button.isEnabled()
    reports.search.setText("nothing like it")
    assert reports.list.count() == 0
    assert reports.empty.isVisible()


def test_everything_on_the_menu_can_be_written(qtbot, tmp_path: Path) -> None:
    window = opened(qtbot, choose_save=lambda suggested, _: tmp_path / Path(suggested).name)
    sample(qtbot, window)
    checked(qtbot, window, window.page.fixing.fix_certain)
    writing = window.page.writing
    writing.offer()
    qtbot.waitUntil(lambda: not writing.looking, timeout=LONG)
    actions = [action for action in writing.menu.actions() if action.isEnabled() and not action.isSeparator()]
    assert len(actions) > 6
    for action in actions:
        assert action.toolTip() != action.text()
        with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
            action.trigger()
        settled(qtbot, window)
    writing.menu.close()
    assert len(list(tmp_path.iterdir())) == len(actions)
    window.go_to("reports")
    reports = window.page_named("reports")
    qtbot.waitUntil(lambda: not reports.reading, timeout=LONG)
    assert reports.list.count() == len(actions)


def test_an_annotated_workbook_comes_back(qtbot, tmp_path: Path) -> None:
    book = tmp_path / "annotated.xlsx"
    window = opened(qtbot, choose_save=lambda *_: book)
    sample(qtbot, window)
    writing = window.page.writing
    writing.offer()
    qtbot.waitUntil(lambda: not writing.looking, timeout=LONG)
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        next(action for action in writing.menu.actions() if action.text() == "Annotated workbook").trigger()
    writing.menu.close()
    window.page.files_dropped([book])
    qtbot.waitUntil(lambda: "nothing was changed" in window.notices.text, timeout=LONG)
    edited = openpyxl.load_workbook(book)
    sheet = edited["Pay lines"]
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 11.14)
    at.value = 12.43
    edited.save(book)
    window.page.files_dropped([book])
    shown = dialog(qtbot, window, FixPreview)
    assert shown.table.model().rowCount() == 1
    checked(qtbot, window, shown.accept_button.click)
    assert len(window.view_model.steps) == 1
    assert 1243 in window.view_model.result.run["ae_employee"].tolist()


@pytest.mark.parametrize("field", ["pay_date", "tax_year"])
def test_what_is_no_value_of_a_column_is_refused(qtbot, field: str) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    window.page.lines.setData(window.page.lines.index(0, COLUMNS.index(field)), "soon")
    assert "“soon” is no" in window.notices.text
    assert window.view_model.steps == ()


def test_what_was_written_is_listed_by_the_next_window_and_nowhere_readable(
    qtbot, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "a passphrase of this test")
    path, data = tmp_path / "weekly.csv", tmp_path / "data"
    path.write_bytes((sample / "weekly-2026-11-26.csv").read_bytes())
    report = tmp_path / "Hibernia Foods report.pdf"
    kept = kept_in(data)
    window = opened(qtbot, kept=kept, choose_save=lambda *_: report)
    checked(qtbot, window, lambda: window.page.files_dropped([path, sample / "aepn-2026-11-26.json"]))
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        window.page.writing.write_report()
    window.close()
    again = opened(qtbot, kept=kept)
    again.go_to("reports")
    reports = again.page_named("reports")
    qtbot.waitUntil(lambda: not reports.reading, timeout=LONG)
    assert [reports.list.item(at).text() for at in range(reports.list.count())] == [report.name]
    report.unlink()
    again.go_to("check")
    again.go_to("reports")
    qtbot.waitUntil(lambda: not reports.reading, timeout=LONG)
    assert not reports.open_button.isEnabled()
    again.close()
    written = [one for one in data.rglob("*") if one.is_file() and one.name != "window.ini"]
    assert written
    assert not any(b"Hibernia" in one.read_bytes() for one in written)
