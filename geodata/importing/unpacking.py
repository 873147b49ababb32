"""A file as it was brought, unpacked if it is a zip, and looked at before any library opens it."""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST: Final = 200 * 1024 * 1024
"""Bytes of a file that is taken, packed or not."""
_MOST_UNPACKED: Final = 800 * 1024 * 1024
_MOST_MEMBERS: Final = 500
_MOST_RATIO: Final = 200
"""A map file packs to a tenth of its size or so; what packs to a two hundredth was made to fill a disk."""
_RATIO_FROM: Final = 10 * 1024 * 1024
_CHUNK: Final = 1 << 20
_HEAD: Final = 4096
_UNSAFE: Final = re.compile(r"[^\w.\-]")

# First bytes of each form. GDAL goes by content, so a file must be what its ending says: a list of other files
# (VRT) under the name of a map file would be followed.
_SIGNATURES: Final[dict[str, tuple[bytes, ...]]] = {
    ".gpkg": (b"SQLite format 3\x00",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".fgb": (b"fgb",),
    ".parquet": (b"PAR1",),
    ".geojson": (b"{",),
    ".json": (b"{",),
    ".kml": (b"<?xml", b"<kml"),
    ".dxf": (b"0", b"999", b"AutoCAD Binary DXF"),
    ".csv": (),
}
_ALIASES: Final = {".geoparquet": ".parquet", ".kmz": ".zip", ".txt": ".csv", ".tsv": ".csv"}
_PARTS: Final = (".shx", ".dbf", ".prj", ".cpg")
ENDINGS: Final = (*_SIGNATURES, *_ALIASES, ".zip")
"""Endings of files that may be brought."""
_NEEDED: Final = (".shx", ".dbf")


class UnreadableFileError(ValueError):
    """A file that cannot be taken: the message says what was wrong and what to do.

    Attributes
    ----------
    kind
        A word for what was wrong, for a message in another language.
    value
        What the message is about: a name, a size.
    """

    def __init__(self, message: str, *, kind: str, value: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.value = value


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Path, ...]]:
    """Give the map files of a file: itself, or what a zip holds, in a folder that goes when the block ends.

    Raises
    ------
    UnreadableFileError
        If the file is missing, empty, too large, of a form that is not known, not what its ending says, or a zip that
        would unpack to too much.
    """
    if not path.is_file():
        msg = f"{path.name}: expected a file, found none there"
        raise UnreadableFileError(msg, kind="missing", value=path.name)
    size = path.stat().st_size
    if size > LARGEST:
        msg = f"{path.name}: expected at most {LARGEST >> 20} MB, got {size >> 20} MB; leave out what is not needed"
        raise UnreadableFileError(msg, kind="large", value=str(size >> 20))
    if not size:
        msg = f"{path.name}: the file is empty"
        raise UnreadableFileError(msg, kind="empty", value=path.name)
    ending = _ending(path)
    if ending == ".zip":
        with TemporaryDirectory(prefix="plan-atlas-") as folder:
            yield _unzip(path, Path(folder))
        return
    _check_signature(path, ending)
    if ending == ".shp":
        _check_parts(path)
    yield (path,)


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    ending = _ALIASES.get(ending, ending)
    if ending != ".zip" and ending not in _SIGNATURES:
        msg = f"{path.name}: expected a file that ends in {', '.join(ENDINGS)}, got {path.suffix or 'no ending'!r}"
        raise UnreadableFileError(msg, kind="form", value=path.suffix or path.name)
    return ending


def form_of(path: Path) -> str:
    """Return the form of a map file by its ending, for example ``.shp``."""
    return _ending(path)


def _check_signature(path: Path, ending: str) -> None:
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if ending in (".geojson", ".json", ".kml", ".dxf"):
        head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    wanted = _SIGNATURES[ending]
    bad = wanted and not head.startswith(wanted)
    if bad or b"<OGRVRTDataSource" in head or (ending == ".csv" and b"\x00" in head and head[:2] not in _UTF16):
        msg = f"{path.name}: the file is not what its ending says; export it anew, or rename it to what it is"
        raise UnreadableFileError(msg, kind="signature", value=path.name)


_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def _check_parts(path: Path) -> None:
    beside = {each.suffix.lower() for each in path.parent.glob(f"{_literal(path.stem)}.*")}
    if missing := [each for each in _NEEDED if each not in beside]:
        msg = (
            f"{path.name}: a shapefile is several files, {', '.join(missing)} is missing; bring them together as a zip"
        )
        raise UnreadableFileError(msg, kind="parts", value=", ".join(missing))


def _literal(text: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", text)


def _unzip(path: Path, folder: Path) -> tuple[Path, ...]:
    """Unpack the map files of a zip; names are flattened, so that none leads out of the folder."""
    try:
        # Windows in China writes names in GBK and does not say so.
        archive = zipfile.ZipFile(path, metadata_encoding="gb18030")
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError, NotImplementedError) as error:
        msg = f"{path.name}: not a zip file that can be opened ({error}); pack it anew"
        raise UnreadableFileError(msg, kind="zip", value=path.name) from error
    with archive:
        members = [each for each in archive.infolist() if not each.is_dir()]
        total = sum(each.file_size for each in members)
        packed = max(path.stat().st_size, 1)
        bomb = total > _RATIO_FROM and total / packed > _MOST_RATIO
        if len(members) > _MOST_MEMBERS or total > _MOST_UNPACKED or bomb:
            msg = (
                f"{path.name}: would unpack to {total >> 20} MB in {len(members)} files; "
                f"expected at most {_MOST_UNPACKED >> 20} MB in {_MOST_MEMBERS} files; bring only the map files"
            )
            raise UnreadableFileError(msg, kind="bomb", value=str(total >> 20))
        left = _MOST_UNPACKED
        found = []
        for member in members:
            name = Path(member.filename.replace("\\", "/")).name
            ending = Path(name).suffix.lower()
            ending = _ALIASES.get(ending, ending)
            if name.startswith((".", "__")) or ending not in (*_SIGNATURES, *_PARTS) or ending == ".zip":
                continue
            target = folder / f"{_UNSAFE.sub('_', Path(name).stem)}{ending}"
            left -= _write_member(archive, member, target, left=left, name=path.name)
            found.append(target)
    maps = tuple(sorted({each for each in found if each.suffix in _SIGNATURES}))
    if not maps:
        msg = f"{path.name}: no map file in the zip; expected one that ends in {', '.join(_SIGNATURES)}"
        raise UnreadableFileError(msg, kind="nothing", value=path.name)
    for each in maps:
        _check_signature(each, each.suffix)
        if each.suffix == ".shp":
            _check_parts(each)
    return maps


def _write_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, *, left: int, name: str) -> int:
    """Write a member and return its size; what a zip says of its sizes need not be true."""
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as stream:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > left:
                    msg = f"{name}: holds more than it says; pack it anew with the map files only"
                    raise UnreadableFileError(msg, kind="bomb", value=name)
                stream.write(chunk)
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        # RuntimeError is what a zip with a password gives.
        msg = f"{name}: {member.filename} cannot be unpacked ({error}); pack it anew without a password"
        raise UnreadableFileError(msg, kind="zip", value=name) from error
    return written
