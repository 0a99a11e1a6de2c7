"""One script per claimed figure."""
