"""The project itself as an app: its template tags, commands and roles."""

from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class SisterCitiesConfig(AppConfig):
    """Holds what belongs to no single app; its one table is that of the revision."""

    name = "sistercities"

    def ready(self) -> None:
        """Bring the groups in line with the roles after every migration, and let every public write be noticed."""
        from sistercities import revision
        from sistercities.roles import write_roles

        post_migrate.connect(write_roles, sender=apps.get_app_config("partnerships"))
        connection_created.connect(revision.watch_connection)
        pre_migrate.connect(revision.pause, sender=self)
        post_migrate.connect(revision.resume, sender=self)
