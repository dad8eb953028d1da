"""Both ways to sign in at Salesforce, and what the guide says of what is read."""

from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.extract import extract
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.transport import TOKEN_PATH, SalesforceTransport
from connectors.settings import SalesforceSettings
from tests.conftest import ROOT
from tests.connectors.conftest import QUICK, STREAMS, Crm


def test_jwt_bearer_signs_what_salesforce_asks_for(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    forms: list[dict[str, list[str]]] = []
    send = SalesforceTransport.send_once

    def noting(self, request, *given):
        if str(request.url).endswith(TOKEN_PATH):
            forms.append(parse_qs(str(request.body)))
        return send(self, request, *given)

    monkeypatch.setattr(SalesforceTransport, "send_once", noting)
    settings = SalesforceSettings(
        crm.url, "consumer-key", username="me@example.net", private_key=pem, patience=QUICK
    )
    connector = SalesforceConnector(settings)
    results = list(extract([connector], crm.landing(), select={("salesforce", "Lead")}))
    assert [result.rows for result in results] == [30]
    (form,) = forms
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    claims = jwt.decode(
        form["assertion"][0],
        key.public_key(),
        algorithms=["RS256"],
        audience="https://login.salesforce.com",
    )
    assert (claims["iss"], claims["sub"]) == ("consumer-key", "me@example.net")
    assert pem not in repr(settings)


def test_a_429_at_the_token_endpoint_is_survived(crm: Crm) -> None:
    fault = crm.fault("rate_limited", match="oauth2/token", times=2, retry_after=0)
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 30
    assert fault.hits == 2


def test_every_stream_has_its_place_in_the_guide() -> None:
    guide = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
    words = set(guide.replace(",", " ").replace("|", " ").split())
    assert [one.name for one in STREAMS.values() if one.name not in words] == []
