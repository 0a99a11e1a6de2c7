"""The two numbers that every part of the product shares."""

SIDE_PX = 28  # a digit is a square of this many pixels
NUM_CLASSES = 10
