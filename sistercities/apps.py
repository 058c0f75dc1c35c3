"""The project itself as an app: its template tags, commands and roles."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SisterCitiesConfig(AppConfig):
    """Holds what belongs to no single app; has no tables of its own."""

    name = "sistercities"

    def ready(self) -> None:
        """Bring the groups in line with the roles after every migration."""
        from sistercities.roles import write_roles

        # Django announces a migration only to apps with models, which this one has not.
        post_migrate.connect(write_roles, sender=apps.get_app_config("partnerships"))
