"""One module per version of the schema. Each spells its columns out: what was once true must not change with `tables`."""
