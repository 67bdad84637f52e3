"""`python -m sealdesk`: the window, or a verb of the command line."""

from __future__ import annotations

import sys

from sealdesk.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
