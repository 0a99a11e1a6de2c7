"""Training: `trainer` runs one recipe, `studio` queues runs on the one background thread, pages read snapshots."""
