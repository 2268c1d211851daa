#!/usr/bin/env python
"""Command line of Cadran."""

import os
import sys

from django.core.management import execute_from_command_line

_PROCESSES = {"runserver": "web", "migrate": "migrate", "collectstatic": "collect"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("CADRAN_PROCESS", _PROCESSES.get("".join(sys.argv[1:2]), "jobs"))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
