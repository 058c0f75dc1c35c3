"""Brings a register up to date before it is served."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    """Do whatever a new or updated register still lacks, each step at most once; safe to repeat at every start."""

    help = "Bring the database up to date: migrations, countries and the gazetteer."

    def add_arguments(self, parser: CommandParser) -> None:
        """What a register on one's own machine also begins with."""
        parser.add_argument("--register", metavar="FOLDER", type=Path, help="load this register if there is none")
        parser.add_argument("--first-account", action="store_true", help="make a first account if there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in the order in which they need one another, in this one process."""
        try:
            self._migrate()
            call_command("clearsessions")  # they hold what somebody typed and never came back for
            call_command("load_countries")
            call_command("load_places")
            if options["register"]:
                call_command("load_register", options["register"], if_empty=True)
            if options["first_account"]:
                call_command("first_account")
        except KeyboardInterrupt:
            self.stderr.write("\nStopped. What was begun is undone; the next start takes it up again.")
            raise SystemExit(130) from None

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Setting up the database ({len(plan)} migrations)")
            self.stdout.flush()
        # Always, since it also brings the groups in line with the roles.
        call_command("migrate", verbosity=0, interactive=False)
