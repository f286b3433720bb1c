"""What the web server and the `flask` command load; settings come from the environment.

All that is loaded here stays for good: the garbage collector neither looks through it meanwhile, which would make the
start a fifth longer, nor ever after.
"""

import gc
import os

gc.disable()

from quiz import cli, logs  # noqa: E402
from quiz.app import create_app  # noqa: E402
from quiz.config import from_environment  # noqa: E402

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

gc.freeze()
gc.enable()
