"""What the web server and the `flask` command load; settings come from the environment."""

import os

from quiz import cli, logs
from quiz.app import create_app
from quiz.config import from_environment

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    logs.prepare(os.environ)
try:
    app = create_app(from_environment(os.environ))
except ValueError as missing:
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        raise
    app = cli.only_checks(str(missing))
else:
    cli.register(app)
