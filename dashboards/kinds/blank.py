"""The empty figure that every kind begins with: one template, its own margins."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboards import theme


def blank(margin: Mapping[str, int]) -> go.Figure:
    """A figure in the site's look."""
    return go.Figure(layout={"template": theme.template(), "margin": dict(margin)})
