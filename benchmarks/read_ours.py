"""Read one object with our connector and land it: what `benchmarks.connectors` measures of ours.

python -m benchmarks.read_ours hubspot contacts LANDING
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from onefunnel import garbage


def main() -> None:
    # As the command line does before it loads anything.
    garbage.look_seldom()
    from connectors import CONNECTORS
    from connectors.extract import extract
    from connectors.landing import Landing
    from connectors.settings import HubSpotSettings, SalesforceSettings

    source, stream, folder = sys.argv[1:4]
    settings = {
        "salesforce": SalesforceSettings(
            os.environ["BENCHMARK_SALESFORCE_URL"], "sandbox", "secret"
        ),
        "hubspot": HubSpotSettings("token", os.environ["BENCHMARK_HUBSPOT_URL"]),
    }
    connectors = [spec.connect(settings[source]) for spec in CONNECTORS if spec.source == source]
    for result in extract(connectors, Landing(Path(folder)), select={(source, stream)}):
        print(f'{{"rows": {result.rows}, "requests": {result.requests}}}')


if __name__ == "__main__":
    main()
