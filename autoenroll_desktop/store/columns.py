"""Typed columns as compressed bytes: what a big run is kept as, in place of a row a cell.

Whole numbers take the fewest bytes their values need, missing ones a bit a row; texts stand once each with numbers
that point to them; each column is compressed by itself, so that one can be read without the others. Nothing in it is
code: it is decoded by type and never run.
"""

import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

LEVEL = 1
"""zlib's quickest: a third larger than its best at a sixth of the time."""
_WIDTHS = (np.int8, np.int16, np.int32, np.int64)


class Packed(msgspec.Struct, array_like=True):
    """One column.

    Attributes:
        kind: whole, moment (numpy dates), flag, real, text or mixed.
        dtype: of the column it was; missing: a bit a row, packed, or empty where nothing is missing.
        data: compressed; texts: the distinct texts of a text column, compressed.
    """

    kind: str
    dtype: str
    size: int
    width: str = ""
    missing: bytes = b""
    data: bytes = b""
    texts: bytes = b""


def pack_column(values: Any) -> Packed:
    """Pack a pandas Series or array, a numpy array, or a list.

    Raises:
        TypeError: it holds something that is no number, date, text or truth.
    """
    column = values if isinstance(values, pd.Series) else _series(values)
    dtype = str(values.dtype) if hasattr(values, "dtype") else "list"
    size, kind = len(column), column.dtype.kind
    if kind in "iu":
        missing = column.isna().to_numpy(bool)
        numbers = column.fillna(0).to_numpy(np.int64)
        return _whole("whole", dtype, numbers, missing)
    if kind == "M" and getattr(column.dtype, "tz", None) is None:
        missing = column.isna().to_numpy(bool)
        unit = np.datetime_data(column.to_numpy().dtype)[0]
        numbers = np.where(missing, 0, column.to_numpy().astype(np.int64))
        packed = _whole("moment", dtype, numbers, missing)
        packed.width += f" {unit}"
        return packed
    if kind == "b":
        missing = column.isna().to_numpy(bool)
        flags = column.fillna(False).to_numpy(bool)
        return Packed("flag", dtype, size, "", _bits(missing), _deflate(np.packbits(flags).tobytes()))
    if kind == "f":
        return Packed("real", dtype, size, "", b"", _deflate(column.to_numpy(np.float64).tobytes()))
    return _objects(dtype, column)


def unpack_column(packed: Packed) -> Any:
    """The column as it was: a Series, or a list where a list was packed; missing texts are None."""
    if packed.kind == "mixed":
        found: Any = [_from_plain(one) for one in msgspec.msgpack.decode(zlib.decompress(packed.data))]
        return found if packed.dtype == "list" else pd.Series(found, dtype=object)
    missing = _unbits(packed.missing, packed.size)
    if packed.kind == "text":
        texts: Any = np.array([*msgspec.msgpack.decode(zlib.decompress(packed.texts)), None], dtype=object)
        values = texts[_numbers(packed.data, packed.width)]
    elif packed.kind == "flag":
        values = np.unpackbits(np.frombuffer(zlib.decompress(packed.data), np.uint8), count=packed.size).astype(bool)
    elif packed.kind == "real":
        values = np.frombuffer(zlib.decompress(packed.data), np.float64)
    elif packed.kind == "moment":
        width, unit = packed.width.split()
        values = _numbers(packed.data, width).astype(np.int64).astype(f"datetime64[{unit}]")
        values[missing] = np.datetime64("NaT")
    else:
        values = _numbers(packed.data, packed.width).astype(np.int64)
    if packed.dtype == "list":
        return [None if gone else one for one, gone in zip(values.tolist(), missing.tolist(), strict=True)]
    if packed.kind == "moment" and packed.dtype == "datetime64[D]":
        return values
    series = pd.Series(values, dtype=_nullable(packed, missing) or packed.dtype)
    return series.mask(missing) if missing.any() and packed.kind in ("whole", "flag") else series


def pack_frame(frame: pd.DataFrame) -> bytes:
    """A frame with an index of 0..n-1, column by column."""
    return msgspec.msgpack.encode([(str(name), pack_column(frame[name])) for name in frame.columns])


def unpack_frame(data: bytes, only: Iterable[str] | None = None) -> pd.DataFrame:
    """The frame `pack_frame` was given, or some of its columns."""
    entries = msgspec.msgpack.decode(data, type=list[tuple[str, Packed]])
    wanted = None if only is None else set(only)
    return pd.DataFrame({name: unpack_column(one) for name, one in entries if wanted is None or name in wanted})


def _series(values: Any) -> "pd.Series[Any]":
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return pd.Series(values if np.datetime_data(values.dtype)[0] != "D" else values.astype("datetime64[s]"))
    if isinstance(values, list | tuple):
        kinds = {type(one) for one in values} - {type(None)}
        if kinds == {int} and all(one is None or -(2**63) <= one < 2**63 for one in values):
            return pd.Series(values, dtype="Int64")
        return pd.Series(values, dtype=object)
    return pd.Series(values)


def _nullable(packed: Packed, missing: npt.NDArray[np.bool_]) -> str:
    """The dtype to rebuild a column with where its own cannot hold what is missing."""
    if packed.kind == "whole" and packed.dtype.startswith(("int", "uint")) and missing.any():
        return "Int64"
    if packed.kind == "moment" and packed.dtype == "datetime64[D]":
        return "datetime64[s]"
    return ""


def _whole(kind: str, dtype: str, numbers: npt.NDArray[np.int64], missing: npt.NDArray[np.bool_]) -> Packed:
    low, high = int(numbers.min(initial=0)), int(numbers.max(initial=0))
    width = next(one for one in _WIDTHS if np.iinfo(one).min <= low and high <= np.iinfo(one).max)
    name = np.dtype(width).str
    data = numbers.astype(width).astype(np.dtype(width).newbyteorder("<")).tobytes()
    return Packed(kind, dtype, len(numbers), name, _bits(missing), _deflate(data))


def _objects(dtype: str, column: "pd.Series[Any]") -> Packed:
    if dtype.startswith("datetime64"):
        dtype = "object"
    values: Any = column.to_numpy(object)
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    if all(isinstance(one, str) for one in distinct):
        packed = _whole("text", dtype, codes.astype(np.int64), np.zeros(len(codes), dtype=bool))
        packed.texts = _deflate(msgspec.msgpack.encode([str(one) for one in distinct]))
        return packed
    plain = [_to_plain(one) for one in values]
    return Packed("mixed", dtype, len(column), "", b"", _deflate(msgspec.msgpack.encode(plain)))


def _to_plain(value: Any) -> Any:
    """A value as msgpack has it; dates and moments with a mark, because msgpack would make texts of them."""
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, np.datetime64):
        value = value.astype(object)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    if isinstance(value, tuple | list):
        return [_to_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, float):
        return value
    raise TypeError(type(value).__name__)


def _from_plain(value: Any) -> Any:
    match value:
        case {"moment": str(text)}:
            return dt.datetime.fromisoformat(text)
        case {"day": str(text)}:
            return dt.date.fromisoformat(text)
        case [*parts]:
            return tuple(_from_plain(one) for one in parts)
    return value


def _numbers(data: bytes, width: str) -> npt.NDArray[Any]:
    return np.frombuffer(zlib.decompress(data), np.dtype(width).newbyteorder("<"))


def _bits(flags: npt.NDArray[np.bool_]) -> bytes:
    return _deflate(np.packbits(flags).tobytes()) if flags.any() else b""


def _unbits(data: bytes, size: int) -> npt.NDArray[np.bool_]:
    if not data:
        return np.zeros(size, dtype=bool)
    return np.unpackbits(np.frombuffer(zlib.decompress(data), np.uint8), count=size).astype(bool)


def _deflate(data: bytes) -> bytes:
    return zlib.compress(data, LEVEL)


__all__: Sequence[str] = ("Packed", "pack_column", "pack_frame", "unpack_column", "unpack_frame")
