"""`python -m snippetkit`."""

from snippetkit.cli import main

if __name__ == "__main__":
    main()
