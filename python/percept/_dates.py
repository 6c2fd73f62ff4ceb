"""Columns of dates and times of day, as the texts that a file would have of them: the library reads both alike."""
from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from ._data import Column

# Units of Arrow's formats: of dates (tdD: days, tdm: milliseconds), of times of day, and of timestamps, by their last letter.
_UNITS = {b"tdD": "D", b"tdm": "ms", b"tts": "s", b"ttm": "ms", b"ttu": "us", b"ttn": "ns", b"tss": "s", b"tsm": "ms", b"tsu": "us",
          b"tsn": "ns"}
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
# Offsets of time zones change at such seconds, nearly always; where they do not, each moment is asked for.
_STEP = 900


def unit_of(format: bytes) -> str | None:
    """The unit of a format of dates or times; None for any other."""
    return _UNITS.get(format[:3])


def integers_of(format: bytes) -> Any:
    return np.int32 if format in (b"tdD", b"tts", b"ttm") else np.int64


def column(name: str, format: bytes, values: np.ndarray, missing: np.ndarray) -> Column:
    """Numbers of a format of Arrow as a column of texts."""
    unit = _UNITS[format[:3]]
    different, codes = np.unique(np.where(missing, 0, values), return_inverse=True)
    texts = np.datetime_as_string(different.astype(f"datetime64[{unit}]"))
    if format.startswith(b"tt"):
        texts = np.array([text.partition("T")[2] for text in texts.tolist()])
    zone = format.partition(b":")[2].decode()
    words = _zoned(name, different, unit, zone) if zone else texts.tolist()
    return Column(name, np.where(missing, -1, codes.ravel()).astype(np.int32), words, "DATE")


def of_pandas(name: str, series: Any) -> Column:
    """A column of pandas with dates."""
    zone = getattr(series.dtype, "tz", None)
    if zone is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    values = series.to_numpy()
    unit = np.datetime_data(values.dtype)[0]
    format = b"ts" + {"s": b"s", "ms": b"m", "us": b"u", "ns": b"n"}[unit] + b":" + (b"" if zone is None else str(zone).encode())
    return column(name, format, values.astype(np.int64), np.isnat(values))


def _zoned(name: str, moments: np.ndarray, unit: str, zone: str) -> list[str]:
    """Moments in UTC as local texts with their offset, such as 2024-05-31T13:45:10+02:00."""
    scale = _PER_SECOND[unit]
    seconds = moments // scale
    offsets = _offsets(seconds, _find_zone(name, zone))
    local = np.datetime_as_string((moments + offsets * scale).astype(f"datetime64[{unit}]")).tolist()
    return [f"{text}{'-' if offset < 0 else '+'}{abs(offset) // 3600:02}:{abs(offset) // 60 % 60:02}"
            for text, offset in zip(local, offsets.tolist())]


def _find_zone(name: str, zone: str) -> datetime.tzinfo:
    if zone[0] in "+-":
        hours, _, minutes = zone[1:].partition(":")
        size = datetime.timedelta(hours=int(hours[:2]), minutes=int(minutes or hours[2:] or 0))
        return datetime.timezone(-size if zone[0] == "-" else size)
    if zone.upper() in ("UTC", "Z", "GMT", "ETC/UTC"):
        return datetime.timezone.utc
    import zoneinfo
    try:
        return zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"column {name!r} has the time zone {zone!r}, which Python does not know; install the package tzdata, or "
                         "convert the column to UTC") from None


def _offsets(seconds: np.ndarray, zone: datetime.tzinfo) -> np.ndarray:
    """Seconds east of UTC at each moment."""
    steps, place = np.unique(seconds // _STEP, return_inverse=True)
    first, last = ([_offset(at, zone) for at in (steps * _STEP + more).tolist()] for more in (0, _STEP - 1))
    offsets = np.array(first, np.int64)[place.ravel()]
    for i in np.flatnonzero((np.array(first) != np.array(last))[place.ravel()]):
        offsets[i] = _offset(int(seconds[i]), zone)
    return offsets


def _offset(second: int, zone: datetime.tzinfo) -> int:
    try:
        offset = datetime.datetime.fromtimestamp(second, zone).utcoffset()
    except (OverflowError, ValueError, OSError):  # beyond the years that have dates
        return 0
    return round(offset.total_seconds()) if offset is not None else 0
