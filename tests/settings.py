"""The project's settings as the tests use them: an environment of their own, and nothing forgiven."""

import os
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "a key for tests, of no use elsewhere")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("HTTPS", "False")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("PAGE_CACHE_MEGABYTES", "0")  # each page is made anew; the tests of the cache have one

from sistercities.settings import *  # noqa: E402, F403
from sistercities.settings import BASE_DIR, DATABASES, STORAGES, TEMPLATES  # noqa: E402


class MissingVariable(str):
    """Django's string_if_invalid that raises: a template variable that does not exist is an error."""

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        raise LookupError(f"A template uses the variable “{variable}”, which does not exist.")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = MissingVariable("%s")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
LONG_WORK_HERE = True
WHITENOISE_AUTOREFRESH = True  # serves the static files from where they are: nothing has been collected
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # In a file, as in real use: the browser tests read it from other threads.
    named = DATABASES["default"]["NAME"]
    file = BASE_DIR / "var" / "register.sqlite3" if named == ":memory:" else Path(named)
    DATABASES["default"]["TEST"] = {"NAME": f"{file}.test"}
    file.parent.mkdir(exist_ok=True)  # var/, where nothing has run yet
# The live server's threads outlive its requests, and a kept connection would outlive the test database.
DATABASES["default"]["CONN_MAX_AGE"] = 0
