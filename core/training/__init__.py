"""Training: `trainer` runs one recipe, `studio` queues runs and trains each on a background thread."""
