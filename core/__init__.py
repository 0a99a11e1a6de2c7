"""Digit Lab without its face: data, training, evaluation and drawing. Imports neither streamlit nor ui."""
