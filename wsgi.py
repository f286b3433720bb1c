"""What the web server and the `flask` command load; settings come from the environment."""

import os

from quiz import cli
from quiz.app import create_app
from quiz.config import from_environment

app = create_app(from_environment(os.environ))
cli.register(app)
