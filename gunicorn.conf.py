"""How gunicorn serves the register; read by itself when gunicorn starts in this folder.

BIND and WEB_CONCURRENCY come from the environment, everything else from the project's settings.
"""

import os

from sistercities import settings

wsgi_app = "sistercities.wsgi:application"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# The site stands at the root of its host; no header says otherwise.
forwarder_headers = ""
# A heartbeat file on a slow disk makes a healthy worker look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# Nothing controls a running server but its signals.
control_socket_disable = True

# The server's lines go where the application's go, in the same form.
access_log_format = "%(r)s %(s)s"
_SERVER = {"handlers": ["stdout"], "level": settings.LOGGING["root"]["level"], "propagate": False}
logconfig_dict = settings.LOGGING | {
    "loggers": {
        "gunicorn.error": _SERVER,
        "gunicorn.access": _SERVER,
        # It would warn of every HEAD request, where Django rightly leaves it to the server to drop the body.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    }
}
