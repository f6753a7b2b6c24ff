"""LibreOffice without a window, as a person who opens a workbook, types into cells and saves it."""

import shutil
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Edit"/>
</library:library>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edit" script:language="StarBasic">{code}</script:module>"""
_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}


def edit(path: Path, sheet: str, cells: dict[str, str], saved: Path, *, home: Path) -> Path:
    """Open `path`, type texts into cells ("C3" → "12.50"), save as `saved` in the format of its ending.

    Typing is as in the window: a cell formatted as text takes the text as it is, any other is made a number or date
    where it reads as one.

    Args:
        home: an empty folder for the profile, so that nobody's own settings count.
    """
    typed = "\n".join(
        f'  Call Type_(book, page.getCellRangeByName("{place}"), "{text}")' for place, text in cells.items()
    )
    code = f"""
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{path.as_uri()}", "_blank", 0, hidden())
  page = book.Sheets.getByName("{sheet}")
{typed}
  Dim options(0) As New com.sun.star.beans.PropertyValue
  options(0).Name = "FilterName" : options(0).Value = "{_FILTERS[saved.suffix]}"
  book.storeToURL("{saved.as_uri()}", options())
  book.close(True)
End Sub

Sub Type_(book, cell, text)
  If (book.NumberFormats.getByKey(cell.NumberFormat).Type And com.sun.star.util.NumberFormat.TEXT) <> 0 Then
    cell.setString(text)
  Else
    cell.setFormula(text)
  End If
End Sub"""
    command = [SOFFICE or "soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore"]
    subprocess.run([*command, "--terminate_after_init"], capture_output=True, timeout=180, check=False)
    folder = home / "user" / "basic" / "Standard"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "script.xlb").write_text(_LIBRARY)
    (folder / "Edit.xba").write_text(_MODULE.format(code=escape(code)), encoding="utf-8")
    done = subprocess.run(
        [*command, "macro:///Standard.Edit.Main"], capture_output=True, text=True, timeout=180, check=False
    )
    assert saved.exists(), done.stderr
    return saved
