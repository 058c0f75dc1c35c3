"""Who may do what: the roles of DESIGN, written to Django's groups after every migration.

Editors record and edit; taking a source off an agreement is part of editing. Managers also publish, delete, import
and keep the reference data. Administrators are Django's superusers. The table below is the whole of it; a test sweeps
every staff address against it.
"""

from typing import Any

EDITORS = "Editors"
MANAGERS = "Managers"

_RECORDS = (
    "cities.city",
    "partnerships.agreement",
    "partnerships.source",
    "partnerships.resolution",
    "partnerships.affinity",
    "partnerships.milestone",
    "partnerships.activity",
    "partnerships.commitment",
    "partnerships.document",
    "partnerships.note",
    "partnerships.contact",
)
_REFERENCE = (
    "partnerships.domain",
    "partnerships.provision",
    "partnerships.membership",
    "partnerships.milestonekind",
    "cities.country",
)
_LOOKED_UP = ("cities.place",)


def _permissions(models: tuple[str, ...], *actions: str) -> set[str]:
    """Names of permissions, as in "cities.add_city"."""
    return {f"{app}.{action}_{model}" for app, model in (name.split(".") for name in models) for action in actions}


ROLES: dict[str, set[str]] = {
    EDITORS: _permissions(_RECORDS, "view", "add", "change")
    | _permissions(_REFERENCE + _LOOKED_UP, "view")
    | {"partnerships.delete_source"},
    MANAGERS: _permissions(_RECORDS + _REFERENCE, "view", "add", "change", "delete")
    | _permissions(_LOOKED_UP, "view")
    | {"partnerships.publish_agreement", "partnerships.publish_activity"},
}


def write_roles(**kwargs: Any) -> None:
    """Make each role's group hold exactly its permissions.

    Connected to post_migrate: an administrator who wants another division of labour makes a group of another
    name, since these are written anew with every migration.
    """
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0)
    existing = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, permissions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(existing[permission] for permission in permissions)
