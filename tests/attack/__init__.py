"""Attacks as seeded programs: a small dose in every test run, a large one by `make attack` (bench/attack.py)."""
