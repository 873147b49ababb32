"""The folder of written layers: made when data, style or code change, found again otherwise.

It lies in ``var/web`` of the checkout, or in the user's cache folder where the checkout cannot be written.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata import workspace
from layers.catalogue import read_plans, read_structures
from layers.digests import digest_files
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from layers.web import writing

    Progress = Callable[[float, str], None]

ROOT: Final = Path(__file__).parents[2]
MANIFEST: Final = "manifest.json"
"""The manifest of the state that was written last."""
_STATE: Final = "state-{}.json"
KEPT_STATES: Final = 6
"""Manifests of so many states of the bureau's own data are kept: switching an import off and on again costs nothing."""
BASE_MAP: Final = "base"
PLACE_SHAPES: Final = "places"
"""Names under which the parts of a state that are no layer are kept."""
_MOST_WORKERS: Final = 4
_FEW: Final = 4
"""Below this, starting workers takes longer than drawing."""
_WATCHED: Final = (
    "geodata/*.py", "geodata/base/*.geojson", "geodata/*.toml", "gazetteer/*.*", "layers/**/*.py", "layers/**/*.toml",
)  # fmt: skip


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


@cache
def cache_folder(name: str) -> Path:
    """Return a folder for what can be made again, made if need be: in the checkout, else in the user's cache folder.

    Raises
    ------
    OSError
        If neither can be written.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for folder in (ROOT / "var" / name, home / "plan-atlas" / name):
        if _writable(folder):
            return folder
    msg = f"expected a folder to write {name} layers to, got neither {ROOT / 'var'} nor {home}; set XDG_CACHE_HOME"
    raise OSError(msg)


def web_folder() -> Path:
    """Return the folder of written layers, made if need be.

    Raises
    ------
    OSError
        If neither the checkout nor the user's cache folder can be written.
    """
    return cache_folder("web")


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process writes layers to the same folder, and keep others out meanwhile."""
    with (web_folder() / ".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def base_digest() -> str:
    """Return a digest of what written layers depend on, whatever was imported: data, style, code."""
    return digest_files(ROOT, _WATCHED)[:16]


def digest() -> str:
    """Return a digest of everything that the written layers depend on, the bureau's own data too."""
    return _join(base_digest(), workspace.digest())


def _join(base: str, own: str) -> str:
    return hashlib.sha256(f"{base}{own}".encode()).hexdigest()[:16]


def state_file(state: str) -> str:
    """Return the name of the manifest of a state, by its digest."""
    return _STATE.format(state)


def list_states(folder: Path) -> list[Path]:
    """Return the manifests that are kept, the one used last first."""
    return sorted(folder.glob(_STATE.format("*")), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def read_manifest(*, folder: Path | None = None) -> dict[str, Any] | None:
    """Return the manifest of the written layers, or None if they are missing or out of date."""
    folder, now = folder or web_folder(), digest()
    for path in (folder / MANIFEST, folder / state_file(now)):
        if path.exists():
            manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
            if manifest["digest"] == now:
                with suppress(OSError):
                    os.utime(folder / state_file(now))
                return manifest
    return None


def point_to(manifest: dict[str, Any]) -> None:
    """Make a kept state's manifest the one that is found first; to be called `alone`."""
    path, kept = web_folder() / MANIFEST, web_folder() / state_file(manifest["digest"])
    if kept.exists() and (not path.exists() or path.read_bytes() != kept.read_bytes()):
        beside = path.with_suffix(".new")
        beside.write_bytes(kept.read_bytes())
        beside.replace(path)


def read_last_manifest() -> dict[str, Any] | None:
    """Return the manifest of the state that was used last, out of date only by what was imported since; else None."""
    wanted = base_digest()
    for path in list_states(web_folder()):
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if manifest["base_digest"] == wanted:
            return manifest
    return None


def read_drawing(record: Path) -> dict[str, str]:
    """Return the files of a layer's drawing by band, or none if it has not been drawn or a file of it is gone."""
    if not record.exists():
        return {}
    files: dict[str, str] = json.loads(record.read_text("utf-8"))
    return files if all((record.parent / name).exists() for name in files.values()) else {}


def write_all(*, folder: Path | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Write the base map and the card of every layer, draw the plans' headline layers, and return the manifest.

    What was made for another state of the bureau's own data from the same ground is taken as it is. The other layers
    are drawn by `draw_layers`, ahead or when they are first asked for.

    Parameters
    ----------
    folder
        Where to; the project's own by default.
    progress
        Told the share that is done (0 to 1) and what is being written.
    """
    folder = folder or web_folder()
    # Taken first: what changes while the layers are written makes them out of date, not wrong.
    base = base_digest()
    while True:
        own = workspace.digest()
        parts = _write_parts(folder, base=base, progress=progress or (lambda _share, _name: None))
        if workspace.digest() == own:
            break
        # A state that changes while its layers are written would be kept under another's name.
        workspace.tell_change()
    from layers.web import writing  # noqa: PLC0415

    return writing.write_manifest(folder, digest=_join(base, own), base_digest=base, style=load_style(), **parts)


def _write_parts(folder: Path, *, base: str, progress: Progress) -> dict[str, Any]:
    """Write what does not stand already, and return all parts of a manifest."""
    # Geometry libraries take a second and 100 MB to load; an app that finds its layers written never needs them.
    from layers.web import writing  # noqa: PLC0415

    style = load_style()
    progress(0.0, "base")
    found = _find_standing(folder, base)
    ids = list(read_structures())
    layers = {each: found[each] for each in ids if each in found}
    first = [f"{plan.id}/{plan.headline}" for plan in read_plans().values()]
    missing = [each for each in ids if each not in layers]
    undrawn = [each for each in first
               if each not in layers or not read_drawing(folder / layers[each].entry["record"])]  # fmt: skip
    grounds = [each for each in (BASE_MAP, PLACE_SHAPES) if each not in found]
    writers = {BASE_MAP: partial(writing.write_base, folder, style=style),
               PLACE_SHAPES: partial(writing.write_places, folder)}  # fmt: skip
    if len(missing) + len(undrawn) + len(grounds) < _FEW:
        made = {each: writers[each]() for each in grounds}
        for done, each in enumerate(missing, start=1):
            layers[each] = writing.write_card(each, folder, style=style)
            progress(done / len(missing), each)
        for each in undrawn:
            writing.draw_layer(each, folder, style=style)
    else:
        with _workers() as pool:
            begun = {each: pool.submit(writers[each]) for each in grounds}
            drawn = [pool.submit(writing.draw_layer, each, folder, style=style) for each in undrawn]
            jobs = {pool.submit(writing.write_card, each, folder, style=style): each for each in missing}
            for done, job in enumerate(as_completed(jobs), start=1):
                layers[jobs[job]] = job.result()
                progress(done / len(jobs), jobs[job])
            for painted in drawn:
                painted.result()
            made = {each: job.result() for each, job in begun.items()}
    made = {each: found[each] for each in (BASE_MAP, PLACE_SHAPES) if each in found} | made
    return {"base": made[BASE_MAP], "places": made[PLACE_SHAPES], "layers": {each: layers[each] for each in ids}}


def _find_standing(folder: Path, base: str) -> dict[str, writing.Written]:
    """Return what was written for a kept state and would be written in the same way now, by layer id."""
    from layers.web import writing  # noqa: PLC0415

    found: dict[str, writing.Written] = {}
    for path in list_states(folder):
        manifest = json.loads(path.read_text("utf-8"))
        if manifest["base_digest"] != base:
            continue
        for key, made in writing.read_traces(folder, manifest).items():
            if key not in found and made.stands and all((folder / name).exists() for name in made.names):
                found[key] = made
    return found


def read_standing_grounds() -> dict[str, list[dict[str, Any]]]:
    """Return the ground of the layers that were written for a kept state and would be the same now, by layer id."""
    folder = web_folder()
    standing = _find_standing(folder, base_digest())
    return {
        key: json.loads((folder / made.ground).read_text("utf-8"))["features"]
        for key, made in standing.items() if made.ground
    }  # fmt: skip


def draw_layers(ids: Iterable[str] | None = None, *, progress: Progress | None = None) -> int:
    """Draw layers that have not been drawn, all of them by default and the important ones first; return how many.

    Raises
    ------
    RuntimeError
        If the cards are missing or out of date: see `write_all`.
    """
    from layers.web import writing  # noqa: PLC0415

    folder, style, manifest = web_folder(), load_style(), read_manifest()
    if manifest is None:
        msg = f"expected up-to-date layers in {folder}, got none; run `python -m layers.web`"
        raise RuntimeError(msg)
    structures = read_structures()
    wanted = sorted(structures if ids is None else ids, key=lambda each: structures[each].importance)
    missing = [each for each in wanted if not read_drawing(folder / manifest["layers"][each]["record"])]
    if len(missing) < _FEW:
        for each in missing:
            writing.draw_layer(each, folder, style=style)
        return len(missing)
    tell = progress or (lambda _share, _name: None)
    state = workspace.stamp()
    with _workers() as pool:
        jobs = {pool.submit(writing.draw_layer, each, folder, style=style): each for each in missing}
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            tell(done / len(missing), jobs[job])
            if workspace.stamp() != state:
                # Nobody will ask for the rest: what was imported has changed meanwhile.
                pool.shutdown(cancel_futures=True)
                return done
    return len(missing)


def _workers() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(max_workers=min(_MOST_WORKERS, os.cpu_count() or 1), mp_context=get_context("spawn"))
