"""Starts the SmartClient desk. See README.md, or run with --help."""

import sys

from localapp.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
