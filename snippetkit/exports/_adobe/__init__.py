"""Adobe Tags: container tags as its rules, and its rules as container tags."""
