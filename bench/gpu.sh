#!/bin/sh
# What a machine with a GPU gives, in under eight minutes: a step of the recipe and its share of the chip's peak, and `quick` to 99.31 %.
#
#     sh bench/gpu.sh > figures.md
cd "$(dirname "$0")/.." || exit
PYTHON=${PYTHON:-.venv/bin/python}
"$PYTHON" bench/step.py --rounds 5 --steps 50 && "$PYTHON" bench/time_to_accuracy.py --only
