"""CamLab's one command: sets everything up, then runs, opens or tests the notebooks.

    python3 environment/camlab.py run      execute every notebook
    python3 environment/camlab.py lab      open JupyterLab
    python3 environment/camlab.py test     run everything that tests
    python3 environment/camlab.py --help   all commands and options

This file must parse on every Python, so that an old one can be told what is wrong:
everything else is in modules that it imports after the check.
"""
import sys

OLDEST = (3, 9)

if sys.version_info < OLDEST:
    sys.stderr.write(
        "CamLab needs Python %d.%d or newer, but this is Python %d.%d: install a newer one"
        " (https://www.python.org) and start this command with it.\n"
        % (OLDEST + tuple(sys.version_info[:2]))
    )
    sys.exit(2)

sys.dont_write_bytecode = True  # keeps the source folder clean

import commands  # noqa: E402

if __name__ == "__main__":
    sys.exit(commands.main())
