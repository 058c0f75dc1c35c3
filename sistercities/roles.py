"""Who may do what: the roles of DESIGN, written to Django's groups after every migration.

Auditors, who are councillors and whoever checks the office, read the records and the reference data with their
history, drafts included, and write nothing. What the office keeps for itself stays with it: contacts, notes and, in
any record, what stands in its internal note (see `unseen_by`). Editors record and edit; taking a source off an
agreement is part of editing. Managers also publish, delete, restore, import and keep the reference data: whoever may
delete a record may also restore an earlier version of it. Administrators are Django's superusers. The table below is
the whole of it; tests/test_staff_addresses.py sweeps every address against it.
"""

from typing import Any

AUDITORS = "Auditors"
EDITORS = "Editors"
MANAGERS = "Managers"

NOTHING = ""
READ = "view"
EDIT = "view add change"
KEEP = "view add change delete"

TABLE: dict[str, tuple[str, str, str]] = {
    # what auditors, editors and managers may do to the records of each model
    "cities.city": (READ, EDIT, KEEP),
    "cities.country": (READ, READ, KEEP),
    "cities.place": (READ, READ, READ),
    "cities.tie": (READ, READ, KEEP),
    "cities.tiesource": (READ, READ, KEEP),
    "partnerships.agreement": (READ, EDIT, f"{KEEP} publish"),
    "partnerships.source": (READ, KEEP, KEEP),
    "partnerships.resolution": (READ, EDIT, KEEP),
    "partnerships.affinity": (READ, EDIT, KEEP),
    "partnerships.domain": (READ, READ, KEEP),
    "partnerships.provision": (READ, READ, KEEP),
    "partnerships.membership": (READ, READ, KEEP),
    "partnerships.milestonekind": (READ, READ, KEEP),
    "partnerships.milestone": (READ, EDIT, KEEP),
    "partnerships.activity": (READ, EDIT, f"{KEEP} publish"),
    "partnerships.commitment": (READ, EDIT, KEEP),
    "partnerships.document": (READ, EDIT, KEEP),
    "partnerships.note": (NOTHING, EDIT, KEEP),
    "partnerships.contact": (NOTHING, EDIT, KEEP),
    "partnerships.import": (NOTHING, NOTHING, KEEP),
}

ROLES: dict[str, set[str]] = {
    role: {
        f"{app}.{action}_{model}"
        for app, model, actions in ((*name.split("."), row[column]) for name, row in TABLE.items())
        for action in actions.split()
    }
    for column, role in enumerate((AUDITORS, EDITORS, MANAGERS))
}
"""The permissions of each role, by their names, as in "cities.add_city"."""

INTERNAL = frozenset({"internal_note", "note"})
"""The columns of records that hold internal notes: who may not see the office's notes does not see these either."""


def unseen_by(user: Any) -> frozenset[str]:
    """The names of the columns that `user` does not get to see, whatever the record."""
    return frozenset() if user.has_perm("partnerships.view_note") else INTERNAL


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
