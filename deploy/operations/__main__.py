"""`python -m deploy.operations`: the same as `vinculo`."""

from deploy.operations.command import main

main()
