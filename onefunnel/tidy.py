"""What is done to the landing before a run reads: finish what was cut off, keep to the limits."""

from __future__ import annotations

from connectors import erasure, retention
from connectors.landing import Landing
from onefunnel import sources
from onefunnel.config import Config


def tidied(config: Config) -> Landing:
    """The landing of a home, erasures finished and retention applied. Only under the run lock."""
    landing = Landing(config.home.landing)
    streams = sources.streams()
    erasure.complete(landing, streams)
    moments = [manifest.extracted_at for manifest in landing.all_manifests()]
    if moments:
        retention.apply(landing, streams, config.retention, max(moments))
    return landing
