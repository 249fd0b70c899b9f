"""``python -m endpoint``."""

import sys

from endpoint.cli import main

if __name__ == "__main__":
    sys.exit(main())
