"""One module a dialect: what its code looks like, and how it is read."""
