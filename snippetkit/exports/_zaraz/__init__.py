"""The parts of the Zaraz format: code, triggers, merging, reading, and what a person has to know."""
