"""How Matomo's export is made and read: names, code, triggers, the document."""
