"""The command that offers the layers to other programs."""

from __future__ import annotations

from contextlib import closing
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from app.commands.output import Failure

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from app.service.web import Service

_NEEDED = ("pygeoapi", "waitress")
_PORT = 5080
_ALL_ADDRESSES = ("0.0.0.0", "::", "")  # noqa: S104 - told apart, not bound


@click.command()
@click.argument("layer_ids", nargs=-1, metavar="[LAYER...]")
@click.option("--all", "everything", is_flag=True, help="Every layer of every plan, the base layers, the places.")
@click.option("--plan", help="Only the layers of this plan.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all of them.")
@click.option("--port", type=click.IntRange(0, 65535), default=_PORT, show_default=True, help="0 for any that is free.")
@click.option("--title", default="", help="Name of the service.")
@click.option("--url", default="", help="What links begin with, where others reach it by another address.")
def serve(
    layer_ids: tuple[str, ...], everything: bool, plan: str | None, host: str, port: int, title: str, url: str
) -> None:
    """Offer layers to QGIS, ArcGIS, GDAL and others as OGC API - Features, until ctrl-C.

    LAYER as for `plan-atlas export`; without one, everything is served. Only this machine can reach it unless --host
    says otherwise; nobody can change anything. Needs the extra "service".
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        msg = f"the service needs {' and '.join(missing)}: pip install 'plan-atlas[service]' (here: '.[service]')"
        raise Failure(msg)
    from app.jobs.job import JobError  # noqa: PLC0415
    from app.service.folder import make_folder  # noqa: PLC0415
    from app.service.renewing import Renewing  # noqa: PLC0415
    from layers.files.choice import BASE, choose_layers  # noqa: PLC0415

    if everything and (layer_ids or plan):
        raise click.UsageError("expected either LAYER... and --plan, or --all")
    if url and not url.startswith(("http://", "https://")):
        raise click.UsageError(f"expected --url as http://... or https://..., got {url!r}")
    whole = everything or not (layer_ids or plan)

    def choose() -> list[str]:
        return choose_layers((f"{BASE}/*",) if whole else layer_ids, plan=plan, everything=whole)

    def tell(sentence: str) -> None:
        click.echo(sentence, err=True)

    def make() -> Path:
        # Chosen anew each time: an import may bring a layer of its own.
        layers = choose()
        return make_folder(layers, begin=lambda: tell(f"writing {len(layers)} layers, once ..."))

    def begin(folder: Path) -> Service:
        # pygeoapi takes a second to load, and would take standard output.
        from app.service.server import quiet_down  # noqa: PLC0415
        from app.service.web import Service  # noqa: PLC0415

        quiet_down()
        return Service(folder, title=title, address=url)

    choose()
    with closing(_listen(host, port)) as opened:
        try:
            application = Renewing(make, begin, tell=tell)
        except JobError as error:
            raise Failure(str(error)) from error
        from app.service.server import run  # noqa: PLC0415

        shown = "127.0.0.1" if host in _ALL_ADDRESSES else f"[{host}]" if ":" in host else host
        at = url or f"http://{shown}:{opened.getsockname()[1]}"
        tell(f"{len(application.service.collections)} layers at {at}/ (ctrl-C ends it)")
        application.watch()
        run(application, opened)


def _listen(host: str, port: int) -> socket.socket:
    from app.service.server import open_port  # noqa: PLC0415

    try:
        return open_port(host, port)
    except OSError as error:
        msg = f"port {port} of {host or 'this machine'} cannot be used ({error.strerror or error}); try another --port"
        raise Failure(msg) from error
