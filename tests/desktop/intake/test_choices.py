"""What a person decides about a file, and that it is remembered."""

import datetime as dt
from pathlib import Path

import pytest

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.actions.look_at_columns import look_at_columns
from autoenroll_desktop.actions.remember_columns import remember_columns, remember_mapping
from autoenroll_desktop.errors import AppError, UnreadableFile
from autoenroll_desktop.intake.choices import NO_CHOICES, Choices, choices_from
from autoenroll_desktop.store.column_maps import find_map, keep_map
from tests.making import NOW
from tests.reading import read
from tests.storing import STAMP, memory, new_store

HEAD = "PPSN,Surname,First Name,Pay Date,Basic Pay,Overtime,Gross Pay\n"
ROWS = "1234567FA,Walsh,Ann,26/11/2026,100.00,20.00,\n1234567FA,Walsh,Ann,26/11/2026,1.00,,\n"


def written(tmp_path: Path, text: str, name: str = "pay.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_amounts_over_several_columns_are_added_only_when_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.replace(",Gross Pay", ",Other") + ROWS)
    _, _, frame, notes = read(path)
    assert frame["gross_pay"].isna().all()
    missing = next(note for note in notes if note.code == "column-missing")
    assert missing.facts["options"] == ["PPSN, Surname, First Name, Pay Date, Basic Pay, Overtime, Other"]
    _, matched, frame, notes = read(path, Choices(sums={"gross_pay": ("Basic Pay", "Overtime")}))
    assert frame["gross_pay"].tolist() == [12000, 100]
    assert "column-missing" not in {note.code for note in notes}
    assert [column.because for column in matched.columns[4:6]] == ["heading", "sum"]
    with pytest.raises(UnreadableFile, match="Bonus"):
        read(path, Choices(sums={"gross_pay": ("Basic Pay", "Bonus")}))


def test_rows_of_one_payment_are_added_up_when_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.replace("Basic Pay,Overtime,", "") + "1234567FA,Walsh,Ann,26/11/2026,100.00\n"
                   "1234567FA,Walsh,Ann,26/11/2026,20.00\n1234567OB,Burke,Joe,26/11/2026,5.00\n")  # fmt: skip
    given = Given(pay=(path,), choices={path: Choices(add_up=True)})
    checked = check_pay_run(given, NOW)
    assert checked.run["gross_pay"].tolist() == [12000, 500]
    assert ("added-up", (("rows", 3), ("payments", 2))) in {(seen.what, seen.facts) for seen in checked.files[0].seen}
    assert len(check_pay_run(Given(pay=(path,)), NOW).run) == 3


def test_decimal_commas_and_months_first_only_when_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, "PPSN;Surname;First Name;Pay Date;Gross Pay\n1234567FA;Walsh;Ann;11/26/2026;1.234,56\n"
                   "1234567OB;Burke;Joe;11/26/2026;12\n")  # fmt: skip
    _, _, frame, notes = read(path)
    assert frame["gross_pay"].isna().tolist() == [True, False]
    assert [note.field for note in notes if note.code == "value-unreadable"] == ["pay_date", "gross_pay"]
    _, _, frame, notes = read(path, Choices(decimal="comma", dates="month-first"))
    assert frame["gross_pay"].tolist() == [123456, 1200]
    assert {date.date() for date in frame["pay_date"]} == {dt.date(2026, 11, 26)}
    assert "value-unreadable" not in {note.code for note in notes}


def test_tidying_can_be_switched_off_and_keeps_the_original(tmp_path: Path) -> None:
    path = written(tmp_path, "PPSN,Surname,First Name,Pay Date,Gross Pay\n852473a,Walsh,Ann,26/11/2026,1.00\n"
                   "1234567 FA,Burke,\u00a0Joe\u200b,26/11/2026,€2\n")  # fmt: skip
    _, _, frame, notes = read(path)
    assert frame["ppsn"].tolist() == ["0852473A", "1234567FA"]
    assert frame["first_name"].tolist() == ["Ann", "Joe"]
    originals = {note.cause: note.facts["value"] for note in notes if note.code == "value-cleaned"}
    assert originals == {"spaces": ["\u00a0Joe\u200b"], "ppsn-spacing": ["1234567 FA"], "ppsn-case": ["852473a"],
                         "lost-zero": ["852473a"], "euro-sign": ["€2"]}  # fmt: skip
    _, _, frame, _ = read(path, Choices(as_written=("lost-zero", "ppsn-spacing")))
    assert frame["ppsn"].tolist() == ["852473A", "1234567 FA"]


def test_tidying_that_was_switched_off_leaves_an_amount_unread(tmp_path: Path) -> None:
    path = written(tmp_path, "PPSN,Surname,First Name,Pay Date,Gross Pay\n1234567FA,Walsh,Ann,46352,€1.00\n"
                   "1234567OB,Burke,Joe,46352,NULL\n1234567T,NULL,Una,46352,3.00\n")  # fmt: skip
    _, _, frame, notes = read(path)
    assert frame["gross_pay"].fillna(-1).tolist() == [100, -1, 300]
    assert frame["family_name"].tolist() == ["Walsh", "Burke", "NULL"]
    assert {note.cause for note in notes if note.code == "value-cleaned"} == {"excel-date", "euro-sign", "null-word"}
    _, _, frame, notes = read(path, Choices(as_written=("euro-sign", "excel-date")))
    assert frame["gross_pay"].fillna(-1).tolist() == [-1, -1, 300]
    assert frame["pay_date"].isna().all()
    told = {(note.code, note.field): note.facts["value"] for note in notes if note.code == "value-unreadable"}
    assert told == {("value-unreadable", "gross_pay"): ["€1.00"], ("value-unreadable", "pay_date"): ["46352"] * 3}


def test_a_heading_row_can_be_chosen_or_denied(tmp_path: Path) -> None:
    path = written(tmp_path, "x,y\na,b\n1234567FA,12.00\n1234567OB,13.00\n1234567T,14.00\n")
    _, matched, frame, _ = read(path, Choices(heading_row=2, columns={"a": "ppsn", "b": "gross_pay"}))
    assert (matched.fields["gross_pay"], frame["gross_pay"].tolist()) == (1, [1200, 1300, 1400])
    path = written(tmp_path, "1234567FA,12.00\n1234567OB,13.00\n1234567T,14.00\n")
    table, _, frame, _ = read(path, Choices(columns={"B": "gross_pay"}))
    assert (table.headers, frame["ppsn"].tolist()[0], frame["gross_pay"].sum()) == (["A", "B"], "1234567FA", 3900)
    with pytest.raises(UnreadableFile, match="row 9"):
        read(path, Choices(heading_row=9))


@pytest.mark.parametrize(
    "tables",
    [
        {"sums": {"surname": ["a"]}}, {"sums": {"gross_pay": "a"}}, {"values": {"decimal": "dot"}}, {"x": {}},
        {"file": {"heading_row": -1}}, {"columns": {"a": "colour"}}, {"columns": 3},
    ],
)  # fmt: skip
def test_wrong_choices_are_told(tables: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        choices_from(tables)


def test_choices_survive_being_written_down() -> None:
    choices = Choices({"a": "ppsn"}, {"gross_pay": ("b", "c")}, "Week", 3, "comma", "month-first", "first-family",
                      ("lost-zero",), add_up=True)  # fmt: skip
    assert choices_from(choices.as_dict()) == choices


def test_columns_are_remembered_by_their_headings_and_offered_when_one_changed(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    head, row = "No,Sloinneadh,Ainm,When,Brutto\n", "1234567FA,Walsh,Ann,26/11/2026,10.00\n"
    first = written(tmp_path, head + row)
    named = {"Sloinneadh": "family_name", "Ainm": "first_name", "When": "pay_date", "Brutto": "gross_pay", "No": "ppsn"}
    remember_columns(store, "8000074DH", head.strip().split(","), Choices(named), STAMP)
    given = Given(pay=(first,), employer="8000074DH", memory=memory(store))
    checked = check_pay_run(given, NOW)
    assert checked.run["gross_pay"].tolist() == [1000]
    assert {column.because for column in checked.files[0].columns} == {"remembered"}
    moved = written(
        tmp_path, "Brutto,No,Ainm,Sloinneadh,When,Note\n10.00,1234567FA,Ann,Walsh,26/11/2026,x\n", "moved.csv"
    )
    checked = check_pay_run(Given(pay=(moved,), employer="8000074DH", memory=memory(store)), NOW)
    assert checked.run["gross_pay"].tolist() == [1000]
    assert "column-ambiguous/headings-changed" in {finding.key for finding in checked.findings}
    other = check_pay_run(Given(pay=(first,), employer="3390617EH", memory=memory(store)), NOW)
    assert other.run["gross_pay"].isna().all()


BELOW = "Nr,Kind,Wer,Wann,Wieviel\n"
UNDER = "1234567FA,x,Walsh,26/11/2026,10.00\n1000101WA,x,Burke,26/11/2026,20.00\n"
NAMED = {"Nr": "ppsn", "Wer": "family_name", "Wann": "pay_date", "Wieviel": "gross_pay", "Kind": ""}


def test_a_heading_row_chosen_by_hand_is_found_again_wherever_it_stands(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    first = written(tmp_path, f"PPSN,Surname,a,b,c\nold,old,x,y,z\n{BELOW}{UNDER}")
    how = HowToRead(dt.date(2026, 11, 26), memory=memory(store))
    assert look_at_columns(first, NO_CHOICES, how).heading_row == 1, "not the row that is meant"
    answer = Choices(columns=NAMED, heading_row=3)
    remember_columns(store, "", [*look_at_columns(first, answer, how).headers], answer, STAMP)
    look = look_at_columns(first, NO_CHOICES, how)
    assert (look.heading_row, look.remembered, look.doubts, look.choices.heading_row) == (3, True, (), 3)
    lower = written(tmp_path, f"PPSN,Surname,a,b,c\nold,old,x,y,z\nmore,of,this,and,that\n{BELOW}{UNDER}", "lower.csv")
    given = Given(pay=(first, lower), memory=memory(store))
    checked = check_pay_run(given, NOW)
    assert [file.header_row for file in checked.files] == [3, 4]
    assert checked.run["gross_pay"].tolist() == [1000, 2000, 1000, 2000]


def test_a_heading_row_chosen_by_hand_is_offered_when_a_column_moved_or_came(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    remember_columns(store, "", BELOW.strip().split(","), Choices(columns=NAMED, heading_row=2), STAMP)
    moved = "one,word,each\nWieviel,Nr,Neu,Wer,Wann,Kind\n10.00,1234567FA,?,Walsh,26/11/2026,x\n"
    path = written(tmp_path, moved)
    checked = check_pay_run(Given(pay=(path,), memory=memory(store)), NOW)
    assert (checked.files[0].error, checked.files[0].header_row, checked.run["gross_pay"].tolist()) == ("", 2, [1000])
    assert "column-ambiguous/headings-changed" in {finding.key for finding in checked.findings}
    unlike = written(tmp_path, moved.replace("Wer", "A").replace("Wann", "B").replace("Kind", "C"), "unlike.csv")
    assert check_pay_run(Given(pay=(unlike,), memory=memory(store)), NOW).files[0].header_row != 2


def test_a_file_said_to_have_no_headings_is_known_again(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    path = written(tmp_path, "Ann;Walsh;ten\nJoe;Burke;twelve\n")
    assert check_pay_run(Given(pay=(path,), memory=memory(store)), NOW).files[0].error
    answer = Choices(columns={"A": "first_name", "B": "family_name", "C": "gross_pay"}, heading_row=0)
    remember_columns(store, "", ["A", "B", "C"], answer, STAMP)
    checked = check_pay_run(Given(pay=(path,), memory=memory(store)), NOW)
    assert checked.run["family_name"].tolist() == ["Walsh", "Burke"]


def test_remembered_maps_are_replaced(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    with store.writing() as connection:
        keep_map(connection, "", ["a", "b"], {"columns": {"a": "ppsn"}}, NOW.date(), STAMP)
        keep_map(connection, "", ["b", "a"], {"columns": {"a": "gross_pay"}}, NOW.date(), STAMP)
    with store.reading() as connection:
        assert find_map(connection, "", ["a", "b"]).tables == {"columns": {"a": "gross_pay"}}
        assert find_map(connection, "", ["c", "d"]) is None
        assert find_map(connection, "8000074DH", ["a", "b"]).tables == {"columns": {"a": "gross_pay"}}


def test_maps_of_clients_that_differ_are_nobodys(tmp_path: Path) -> None:
    """Before a file is read nobody knows whose it is: then a map counts only where every client means the same."""
    store, names = new_store(tmp_path / "store"), ["a", "b"]
    gross, basic = {"columns": {"a": "gross_pay"}}, {"columns": {"a": "basic_pay"}}
    with store.writing() as connection:
        keep_map(connection, "8000074DH", names, gross, NOW.date(), STAMP)
    with store.reading() as connection:
        assert find_map(connection, "", names).tables == gross
        assert find_map(connection, "8041973UH", names) is None
    with store.writing() as connection:
        keep_map(connection, "8041973UH", names, basic, NOW.date(), STAMP)
    with store.reading() as connection:
        assert find_map(connection, "", names) is None
        assert find_map(connection, "8000074DH", names).tables == gross
        assert find_map(connection, "8041973UH", names).tables == basic


def test_a_mapping_is_remembered_for_every_file_it_was_used_on(tmp_path: Path) -> None:
    mapping = written(tmp_path, '[columns]\n"Brutto" = "gross_pay"\n', "map.toml")
    path = written(tmp_path, "PPSN,Surname,First Name,Pay Date,Brutto\n1234567FA,Walsh,Ann,26/11/2026,1.00\n")
    store = new_store(tmp_path / "store")
    given = Given(pay=(path,), mapping=mapping, memory=memory(store))
    assert remember_mapping(given, store, STAMP) == ["pay.csv"]
    checked = check_pay_run(Given(pay=(path,), memory=memory(store)), NOW)
    assert checked.run["gross_pay"].tolist() == [100]
    with pytest.raises(AppError):
        remember_mapping(Given(pay=(path,)), store, STAMP)


HOW = HowToRead(dt.date(2026, 11, 26))


def test_a_look_at_columns_gives_what_a_screen_needs(tmp_path: Path) -> None:
    path = written(tmp_path, "PPSN,Surname,First Name,Pay Date,Amount,Amount,emp_id\n"
                   "1234567FA,Walsh,Ann,26/11/2026,800.00,1.00,1\n1234567OB,Burke,Joe,26/11/2026,900.00,2.00,2\n"
                   "1234567T,Keane,Una,26/11/2026,700.00,3.00,3\n")  # fmt: skip
    look = look_at_columns(path, NO_CHOICES, HOW)
    assert (look.missing, look.heading_row, look.settled) == (("gross_pay",), 1, False)
    assert look.doubts == (("works-number-or-employment-id", "emp_id", "works_number"),)
    shown = {column.header: column for column in look.columns}
    assert list(shown) == ["PPSN", "Surname", "First Name", "Pay Date", "Amount", "Amount (2)", "emp_id"]
    assert shown["Amount (2)"].examples == ("1.00", "2.00", "3.00")
    assert shown["Amount"].alternatives == ("gross_pay",)
    assert (shown["emp_id"].confidence, shown["emp_id"].alternatives) == (60, ("employment_id",))
    assert shown["PPSN"].alternatives == ()
    answer = Choices(columns={"Amount (2)": "gross_pay", "emp_id": "employment_id"})
    again = look_at_columns(path, answer, HOW)
    assert (again.missing, again.doubts, again.error) == ((), (), "")
    assert {"gross_pay", "employment_id"} <= set(again.fields)
    checked = check_pay_run(Given(pay=(path,), choices={path: answer}), NOW)
    assert checked.run["gross_pay"].tolist() == [100, 200, 300]


def test_a_look_at_a_file_whose_headings_nobody_knows(tmp_path: Path) -> None:
    path = written(tmp_path, "Who;Sum\nAnn Walsh;twelve\nJoe Burke;thirteen\n")
    look = look_at_columns(path, NO_CHOICES, HOW)
    assert look.error.startswith("No headings we know in pay.csv")
    assert [list(cells) for _, cells in look.rows] == [
        ["Who", "Sum"],
        ["Ann Walsh", "twelve"],
        ["Joe Burke", "thirteen"],
    ]
    half = look_at_columns(path, Choices(heading_row=1), HOW)
    assert [(column.header, column.field) for column in half.columns] == [("Who", ""), ("Sum", "")]
    whole = look_at_columns(path, Choices(heading_row=1, columns={"Who": "full_name", "Sum": "gross_pay"}), HOW)
    assert [column.field for column in whole.columns] == ["full_name", "gross_pay"]
    spoilt = look_at_columns(written(tmp_path, "{", "x.json"), NO_CHOICES, HOW)
    assert (spoilt.missing, spoilt.doubts, len(spoilt.rows)) == ((), (), 0), "there is nothing to choose in it"


def test_a_look_uses_what_was_remembered_and_doubts_it_where_values_speak_against(tmp_path: Path) -> None:
    rows = "1000101WA;x;800.00\n1000202FA;y;950.00\n1000303LA;z;700.00\n"
    path = written(tmp_path, rows)
    store = new_store(tmp_path / "store")
    remember_columns(store, "", ["A", "B", "C"], Choices(columns={"A": "ppsn", "C": "gross_pay"}), STAMP)
    how = HowToRead(dt.date(2026, 11, 26), memory=memory(store))
    look = look_at_columns(path, NO_CHOICES, how)
    assert look.remembered
    assert [column.because for column in look.columns] == ["remembered", "", "remembered"]
    other = written(tmp_path, "800.00;1000101WA;x\n950.00;1000202FA;y\n700.00;1000303LA;z\n", "other.csv")
    assert ("values-contradict", "A", "ppsn") in look_at_columns(other, NO_CHOICES, how).doubts
