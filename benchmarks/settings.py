"""The project's settings as the benchmarks use them: the same in all but one more address, which does nothing."""

import os

os.environ.setdefault("SECRET_KEY", "a key for benchmarks, of no use elsewhere")
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
os.environ.setdefault("HTTPS", "False")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from sistercities.settings import *  # noqa: E402, F403

ROOT_URLCONF = "benchmarks.urls"
