"""The page "data": the bureau's own files taken over, and what was taken over looked after."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.actions import act
from app.browsing import write_address
from app.data.desk import DataDesk
from app.data.list import describe_error, describe_found, describe_imports, describe_kinds, describe_work
from app.downloads import file_for_browser
from app.library import open_library
from app.map.page import current_state
from app.markup import keep_file, show_view
from app.wording import LANGUAGES
from app.wording import words as words_of
from geodata import workspace
from geodata.workspace import WorkspaceError

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from app.wording import Words

_LARGEST_MB: Final = 200
_ENDINGS: Final = (
    "zip", "gpkg", "geojson", "json", "kml", "kmz", "fgb", "parquet", "geoparquet", "dxf", "csv", "tsv", "txt",
)  # fmt: skip
_REPORTS: Final = {"issues": "data.file_issues", "matches": "data.file_matches"}
_IMPORTS, _FOUND = "data_imports", "data_found"
"""Keys of the views that save files."""
_CHUNK: Final = 1 << 20
_AT_ONCE_S: Final = 0.2
_LOOK_S: Final = 0.5


def _desk_of_session() -> DataDesk:
    session = st.session_state
    if "data" not in session:
        session.data = DataDesk()
    desk: DataDesk = session.data
    return desk


def _on_event(event: dict[str, Any]) -> None:
    session, library = st.session_state, open_library()
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "address":
        asked = dict(parse_qsl(value.removeprefix("?"))).get("lang", LANGUAGES[0])
        session.state = act(current_state(library), {"type": "lang", "value": asked}, library).state
    elif kind == "lang":
        session.state = act(current_state(library), event, library).state
    else:
        _desk_of_session().answer(event)


def show_data_page() -> None:
    """Show the page."""
    library = open_library()
    desk, state = _desk_of_session(), current_state(library)
    words = words_of(state.lang)
    write_address({"lang": state.lang} if state.lang != LANGUAGES[0] else {}, keys=("lang",))
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.sidebar:
        show_view("data/panel", key="data_panel", on_event=_on_event, words=words)
    with st.container(key="data"):
        # Always there, so that what follows keeps its place while work is under way.
        with st.container(key="data_busy"):
            _work(desk, words)
        _make_file(desk, words)
        if desk.found is None:
            _show_opener(desk, words)
            show_view("data/imports", key=_IMPORTS, on_event=_on_event, words=words,
                      **describe_imports(desk, words))  # fmt: skip
            _show_restore(desk, words)
        else:
            show_view("data/found", key=_FOUND, on_event=_on_event, words=words,
                      kinds=describe_kinds(desk, words), error=describe_error(desk, words),
                      **describe_found(desk, words))  # fmt: skip


def _work(desk: DataDesk, words: Words) -> None:
    """Have done what there is to do; what is not done at once is shown with how far it is, and may be ended."""
    if desk.work(wait_s=_AT_ONCE_S):
        # The next run sees that the workspace has changed, and draws the layers anew first.
        st.rerun()
    job = desk.job
    if job is None:
        return

    def show() -> None:
        if desk.job is not job or job.ended.is_set():
            st.rerun()
        show_view("data/work", key="data_work", on_event=_on_event, words=words, **describe_work(desk, words))

    st.fragment(show, run_every=_LOOK_S)()


def _show_opener(desk: DataDesk, words: Words) -> None:
    with st.container(key="data_open"):
        show_view("data/open", key="data_open_view", on_event=_on_event, words=words,
                  kinds=describe_kinds(desk, words), error=describe_error(desk, words), most=_LARGEST_MB)  # fmt: skip
        file = _box(words("data.choose"), key=f"data_file_{desk.opened}", endings=_ENDINGS)
    if file is not None:
        desk.bring(file.name, lambda path: _spool(file, path))
        st.rerun()


def _show_restore(desk: DataDesk, words: Words) -> None:
    with st.container(key="data_restore"), st.expander(words("data.restore")):
        st.caption(words("data.restore_hint"))
        file = _box(words("data.restore_choose"), key=f"data_backup_{desk.opened}", endings=("sqlite",))
    if file is not None:
        desk.restore(lambda path: _spool(file, path))
        st.rerun()


def _box(label: str, *, key: str, endings: tuple[str, ...]) -> UploadedFile | None:
    """Show a box for a file; its own words are the component's and in English only, so the style sheet hides them."""
    return st.file_uploader(label, type=list(endings), key=key, max_upload_size=_LARGEST_MB)


def _spool(file: UploadedFile, path: Path) -> None:
    """Write a file that was brought to disk, piece by piece; the server holds it in memory no longer."""
    with path.open("wb") as stream:
        while chunk := file.read(_CHUNK):
            stream.write(chunk)
    # The box goes with the next run, but Streamlit would keep what was put in it until the session ends.
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file.file_id)


def _make_file(desk: DataDesk, words: Words) -> None:
    """Make the file that the reader has asked for, for the view that is there to save it."""
    kind, _, value = desk.download.partition(":")
    if kind in _REPORTS and desk.found is not None:
        _keep(_FOUND, ("\ufeff" + desk.found[f"{kind}_csv"]).encode(), name=words(_REPORTS[kind]), mime="text/csv")
    try:
        if kind == "backup":
            with tempfile.TemporaryDirectory(prefix="plan-atlas-data-") as folder:
                path = Path(folder) / "backup.sqlite"
                workspace.back_up(path)
                _keep(_IMPORTS, path.read_bytes(), name="plan-atlas-workspace.sqlite", mime="application/octet-stream")
        if kind == "issues_of":
            text = workspace.write_issues(workspace.read_issues(int(value)))
            _keep(_IMPORTS, ("\ufeff" + text).encode(), name=words("data.file_issues"), mime="text/csv")
    except WorkspaceError as error:
        desk.trouble = str(error)
    desk.download = ""


def _keep(view: str, data: bytes, *, name: str, mime: str) -> None:
    keep_file(view, file_for_browser(data, name=name, mime=mime))
