"""Two writers save the same records at the same time, again and again: nothing that either wrote may be lost.

    DATABASE_URL=… python benchmarks/lost_updates.py [rounds]

Each writer is a process with connections of its own and goes through the site as a browser does: it opens the form of
an agreement, adds its own line to a text, and sends it; refused as stale, it sees both versions, puts its line under
what is stored now, and sends that. In the end every line of every writer that was told "saved" must stand in the text,
and each save must have its entry in the history. Beside this both publish and withdraw one agreement: no two of these
verbs may succeed one after the other without the other between them.

The database named by DATABASE_URL is filled anew: name one made for this.
"""

import multiprocessing
import os
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("LOG_LEVEL", "CRITICAL")

WRITERS = ("editor", "manager")
RECORDS = 2


def write(name: str, rounds: int, start, results) -> None:
    """Save `rounds` times as the account `name`, turning from record to record, and tell what became of it."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.desk import fields

    client, told, lines = Client(), Counter(), []
    client.force_login(User.objects.get(username=name))
    start.wait()
    for round_ in range(rounds):
        number = round_ % RECORDS + 1
        address, line = f"/en/staff/partnerships/{number}/edit/", f"{name} {round_}"
        typed = fields(client.get(address))
        while True:
            text = "\n".join(filter(None, [typed["internal_note"][0].replace("\r", ""), line]))
            response = client.post(address, typed | {"internal_note": [text]})
            told[response.status_code] += 1
            if response.status_code == 302:
                lines.append((number, line))
                break
            if response.status_code != 200 or "versions" not in response.content.decode():
                told["error"] += 1
                break
            told["refused as stale"] += 1
            typed = fields(client.get(address))
    results.put((name, told, lines))


def turn(name: str, rounds: int, start, results) -> None:
    """Publish and withdraw one agreement by turns as `name`, whatever the other does."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.desk import fields

    client, told = Client(), Counter()
    client.force_login(User.objects.get(username=name))
    start.wait()
    for round_ in range(rounds):
        verb = ("publish", "withdraw")[round_ % 2]
        address = f"/en/staff/partnerships/3/{verb}/"
        response = client.post(address, fields(client.get(address)) | {"reason": [f"{name} {round_}"]})
        told[f"{verb} {response.status_code}"] += 1
    results.put((name, told, []))


def together(work, rounds: int, names: tuple[str, ...]) -> dict[str, tuple[Counter, list]]:
    """What `work` told, done by all of `names` at once."""
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(len(names)), context.Queue()
    writers = [context.Process(target=work, args=(name, rounds, start, results)) for name in names]
    for writer in writers:
        writer.start()
    found = [results.get(timeout=900) for _ in writers]
    for writer in writers:
        writer.join()
    return {name: (told, lines) for name, told, lines in found}


def main(rounds: int) -> int:
    """Fill the database, let both write, and count. Returns the number of lost updates."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from partnerships.models import Agreement
    from tests import factories

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    factories.editor()
    factories.manager()
    factories.user("second", "Managers")
    for number in range(1, RECORDS + 2):
        factories.agreement(number=number, name_fa=f"پیمان {number}", name_en=f"Agreement {number}")
    connection.close()

    began = time.perf_counter()
    saved = together(write, rounds, WRITERS)
    seconds = time.perf_counter() - began
    lost, entries = 0, 0
    for number in range(1, RECORDS + 1):
        agreement = Agreement.objects.get(number=number)
        stored = Counter(agreement.internal_note.replace("\r", "").split("\n"))
        wanted = Counter(line for _told, lines in saved.values() for at, line in lines if at == number)
        lost += (wanted - stored).total()
        entries += agreement.history.count() - 1
        assert agreement.version == agreement.history.count(), "a version without its entry"
    told = sum((counts for counts, _lines in saved.values()), Counter())
    done = sum(len(lines) for _counts, lines in saved.values())
    print(f"{connection.vendor}: {len(WRITERS)} writers, {rounds} saves each on {RECORDS} agreements, {seconds:.0f} s")
    print(f"  saved {done}, refused as stale and reconciled {told['refused as stale']}, errors {told['error']}")
    print(f"  entries in the history {entries}, lost updates {lost}")
    lost += abs(entries - done)

    turned = together(turn, rounds // 4, ("manager", "second"))
    states = [
        bool(row.published_at and not row.withdrawn_at)
        for row in Agreement.history.filter(number=3).order_by("history_id")
    ]
    twice = sum(one == other for one, other in zip(states, states[1:], strict=False))
    told = sum((counts for counts, _lines in turned.values()), Counter())
    print(f"  verbs: {len(states) - 1} took effect, {twice} twice in a row; answers {dict(sorted(told.items()))}")
    return lost + twice


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 200) else 0)
