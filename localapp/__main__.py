"""``python -m localapp`` is the command line."""

import runpy

if __name__ == "__main__":
    runpy.run_module("localapp.cli", run_name="__main__")
