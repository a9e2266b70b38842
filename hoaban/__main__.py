"""`python -m hoaban`: the command line."""

from hoaban.site.commands import main

main()
