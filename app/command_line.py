"""The command line, ``plan-atlas``: the same library as the app.

Exit status 0 when done, 1 when the work could not be done (one line on standard error says why), 2 for a wrong call.
Heavy libraries are imported by the command that needs them, so that a lookup answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from app.commands import data, files, maps, names, questions, service, sheets
from app.commands.output import Failure


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plan-atlas")
def cli() -> None:
    """Names, structures and maps out of Suzhou's city plans, offline."""


def main() -> None:
    """Run the command line; a reason instead of a traceback for bad input."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has seen enough: that is no failure of ours.
        sys.stderr.close()
        sys.exit(0)
    except (OSError, ValueError, KeyError) as error:
        text = error.args[0] if isinstance(error, KeyError) and error.args else str(error)
        Failure(" ".join(str(text).split())).show()
        sys.exit(1)


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.pass_context
def run(context: click.Context) -> None:
    """Open the app; further options go to streamlit (for example --server.port 8600)."""
    from streamlit.web import cli as streamlit_command  # noqa: PLC0415

    entry = Path(__file__).resolve().parent.parent / "streamlit_app.py"
    # Streamlit reads its settings from the folder it is started in.
    os.chdir(entry.parent)
    sys.argv = ["streamlit", "run", str(entry), *context.args]
    streamlit_command.main()


for command in (
    names.geocode, names.geoparse, names.apply,
    maps.layers, files.export,
    sheets.sheet, sheets.atlas,
    questions.at, questions.compare, questions.indicators,
    data.import_file, data.workspace, service.serve,
):  # fmt: skip
    cli.add_command(command)


if __name__ == "__main__":
    main()
