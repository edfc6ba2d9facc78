"""What keeps the data safe beyond one machine: articles out as JSON lines, backups, and back from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from clusterer.bootstrap import restore_backup, write_backup
from clusterer.cli.auditing import print_audit, report_json
from clusterer.cli.output import Json, print_json, say
from clusterer.cli.session import settings_of_command
from clusterer.pipeline.upkeep.audit import AuditReport, audit
from clusterer.ports import Store


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)


def backup_command(
    folder: Annotated[Path, typer.Argument(help="New or empty folder for this backup.")], as_json: Json = False
) -> None:
    """Save a consistent snapshot while the service runs, and verify it by loading it.

    Runs where Redis runs, since Redis writes the snapshot to its own disk.
    """
    manifest = write_backup(settings_of_command(), folder)
    if as_json:
        print_json(msgspec.to_builtins(manifest))
        return
    say(f"{manifest.snapshot_bytes / 1e6:.1f} MB saved and verified in {folder}")
    for name, saved in manifest.collections.items():
        say(f"  {name}: {saved.books.accepted} articles, last change {saved.change}")


def restore_command(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    force: Annotated[bool, typer.Option("--force", help="Move existing data aside instead of refusing.")] = False,
    as_json: Json = False,
) -> None:
    """Restore a backup into the data folder, after verifying and auditing it; clusterer must be stopped.

    Exits 1 without touching anything if the backup is damaged, and after restoring if the audit finds mismatches.
    """
    reports: dict[str, AuditReport] = {}

    def check(store: Store) -> None:
        reports.update((name, audit(store.collection(name))) for name in store.collections())

    settings = settings_of_command()
    manifest = restore_backup(settings, folder, check, force)
    clean = all(report.clean for report in reports.values())
    if as_json:
        collections = {name: report_json(report) for name, report in reports.items()}
        print_json({"made_at": manifest.made_at, "clean": clean, "collections": collections})
    else:
        say(f"restored into {settings.data_dir} what was saved at {manifest.made_at:%Y-%m-%dT%H:%M:%SZ}")
        for name, report in reports.items():
            print_audit(name, report)
    if not clean:
        raise typer.Exit(1)
