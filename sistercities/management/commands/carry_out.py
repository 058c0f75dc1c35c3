"""Carries out work that a page has started: see sistercities/long_work.py."""

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Do one piece of long work, in a process of its own."""

    help = "Carry out work that was started on a page of the desk. The pages call this themselves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which work."""
        parser.add_argument("model", help="the model of its row, as in partnerships.Import")
        parser.add_argument("pk", type=int, help="the key of its row")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, unless another process has it in hand."""
        apps.get_model(options["model"])._base_manager.get(pk=options["pk"]).run()
