"""The few numbers that every part of the product shares."""

SIDE_PX = 28  # a digit is a square of this many pixels
NUM_CLASSES = 10
ANSWER_BATCH = 500  # images that a network answers in one call: the 2018 network's first layers take 170 KB each
