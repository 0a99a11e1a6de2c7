"""My hand: a person's own drawings, with what networks make of them, and what a network can learn from them."""
