"""Digit Lab without its pages: data, training, evaluation and drawing. Imports neither streamlit nor ui."""

__version__ = "0.5.0"  # the only place; CHANGELOG.md's newest release has the same
