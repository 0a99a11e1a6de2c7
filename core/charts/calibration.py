"""The reliability diagram: accuracy by confidence."""

from __future__ import annotations

from collections.abc import Sequence

from core.charts.parts import QUIET, TRAINING, Figure, Part, figure
from core.evaluation.calibration import NUM_BINS, ReliabilityBin


def reliability(bins: Sequence[ReliabilityBin]) -> Figure:
    """Points at (mean confidence, accuracy) with Wilson intervals, the perfect line, and the number of images above each bin."""
    edges = [place / NUM_BINS for place in range(NUM_BINS + 1)]
    counts = {round(each.low * NUM_BINS): each.num_images for each in bins}
    perfect: Part = {
        "type": "scatter",
        "x": [0, 1],
        "y": [0, 1],
        "mode": "lines",
        "name": "as sure as it is right",
        "hoverinfo": "skip",
        "line": {"color": QUIET, "width": 2, "dash": "dash"},
    }
    points: Part = {
        "type": "scatter",
        "x": [each.confidence for each in bins],
        "y": [each.right.share for each in bins],
        "mode": "markers",
        "name": "this network, 95% interval",
        "cliponaxis": False,
        "marker": {"size": 10, "color": TRAINING},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "color": TRAINING,
            "thickness": 2,
            "width": 5,
            "array": [each.right.high - each.right.share for each in bins],
            "arrayminus": [each.right.share - each.right.low for each in bins],
        },
        "customdata": [[each.num_images, each.low, each.high] for each in bins],
        "hovertemplate": "%{customdata[0]:,} images, %{customdata[1]:.0%} to %{customdata[2]:.0%} sure<br>"
        "%{x:.1%} sure on average, %{y:.1%} right<extra></extra>",
    }
    # Empty bins show a 0, or they would look like a mistake.
    numbers: Part = {
        "type": "scatter",
        "x": [low + 0.5 / NUM_BINS for low in edges[:-1]],
        "y": [1.08] * NUM_BINS,
        "mode": "text",
        "text": [f"{counts.get(place, 0):,}" for place in range(NUM_BINS)],
        "textfont": {"size": 11},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }
    return figure(
        "On the line: as sure as right. Below: too sure",
        [perfect, points, numbers],
        height=430,
        revision="reliability",
        x={
            "title": {"text": "how sure it was (on top: images in each tenth)"},
            "range": [-0.02, 1.02],
            "tickvals": edges[::2],
            "tickformat": ".0%",
            "fixedrange": True,
        },
        y={
            "title": {"text": "how often it was right"},
            "range": [-0.02, 1.14],
            "tickvals": edges[::2],
            "tickformat": ".0%",
            "fixedrange": True,
        },
        dragmode=False,
        legend={"orientation": "h", "y": -0.2, "x": 0},
    )
