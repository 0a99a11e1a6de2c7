"""Digits drawn by rule, in the styles in which people write them: more hands than a small data set has."""

from core.handwriting.drawing import drawn

__all__ = ["drawn"]
