"""Hostile spreadsheets in small: workbooks written by hand, as no honest program would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_START = '<?xml version="1.0" encoding="UTF-8"?>'
HEAD = f'{_START}<worksheet xmlns="{_MAIN}"><sheetData>'
TAIL = "</sheetData></worksheet>"
#: A path, or a file that is open.
Target = TypeVar("Target", Path, io.BytesIO)


def workbook(path: Target, sheet: Iterable[str], **others: bytes) -> Target:
    """A workbook with one sheet, its XML given in pieces; `others`: further parts, `__` for the slash in their names."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
        for name, content in others.items():
            archive.writestr(
                zipfile.ZipInfo(name.replace("__", "/").replace("_bin", ".bin")),
                content,
                zipfile.ZIP_DEFLATED,
            )
        sheet1 = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        sheet1.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(sheet1, "w", force_zip64=True) as out:
            for piece in sheet:
                out.write(piece.encode())
    return path


def row_bomb(path: Target, megabytes: int) -> Target:
    """Rows that unpack to so many megabytes."""
    row = "<row>" + '<c t="inlineStr"><is><t>AAAAAAAAAAAAAAAAAAAA</t></is></c>' * 20 + "</row>"
    block = row * (1_000_000 // len(row))
    return workbook(path, [HEAD, *[block] * megabytes, TAIL])


def dimension_bomb(path: Target) -> Target:
    """Two cells at opposite ends of the largest sheet there is."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return workbook(path, [HEAD, cells, TAIL])


def entity_bomb(path: Target) -> Target:
    """Entities that grow tenfold eight times over."""
    grow = "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(8))
    start = f'{_START}<!DOCTYPE lolz [<!ENTITY a "AAAAAAAAAA">{grow}]><worksheet xmlns="{_MAIN}"><sheetData>'
    return workbook(path, [start, '<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>', TAIL])
