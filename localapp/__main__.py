"""``python -m localapp`` is the command line."""

import sys

from localapp.cli import main

if __name__ == "__main__":
    sys.exit(main())
