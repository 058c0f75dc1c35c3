"""The project itself as an app: its template tags, commands and roles."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SisterCitiesConfig(AppConfig):
    """Holds what belongs to no single app; has no tables of its own."""

    name = "sistercities"

    def ready(self) -> None:
        """Bring the groups in line with the roles after every migration."""
        from sistercities.roles import write_roles

        post_migrate.connect(write_roles, sender=self)
