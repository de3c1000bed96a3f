"""The WSGI entry point that gunicorn serves. It refuses to load on an installation that would lose or leak data."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
application = get_wsgi_application()

from crm.startup import prepare  # noqa: E402  (after Django is set up)

prepare()
# A server that forks after loading must not share this connection among its workers.
connections.close_all()
