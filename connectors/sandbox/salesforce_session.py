"""Salesforce before the first record: tokens, who is logged in, versions, limits."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qs

from connectors.sandbox.call import Answer, ApiProblem, Call, answer_json
from connectors.sandbox.salesforce_describe import problem

ORGANIZATION_ID = "00Dxx0000001gPFEAY"
USER_ID = "005xx000001SwiUAAS"
_LATEST = 67
_OLDEST = 31
_DAILY_REQUESTS = 1_000_000
_GRANTS = (
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "refresh_token",
    "password",
)


def limit_info(call: Call) -> dict[str, str]:
    """Headers that every Salesforce answer carries."""
    used = call.sandbox.counts.of_vendor("salesforce")
    return {"Sforce-Limit-Info": f"api-usage={used}/{_DAILY_REQUESTS}"}


def require_session(call: Call) -> None:
    """Raise INVALID_SESSION_ID unless the bearer token opens the API."""
    if not call.sandbox.tokens.accepts(call.headers.get("authorization", ""), is_static=False):
        raise problem(401, "INVALID_SESSION_ID", "Session expired or invalid")


def _grant_refused(error: str, message: str) -> ApiProblem:
    return ApiProblem(400, {"error": error, "error_description": message})


def token(call: Call) -> Answer:
    """Give an access token for any of the usual grants."""
    form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
    grant = form.get("grant_type", "")
    if grant not in _GRANTS:
        raise _grant_refused("unsupported_grant_type", "grant type not supported")
    client_id, client_secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, client_secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise _grant_refused("invalid_client", "invalid client credentials") from None
    tokens = call.sandbox.tokens
    if grant.endswith("jwt-bearer"):
        if not form.get("assertion") or tokens.is_strict:
            raise _grant_refused("invalid_grant", "invalid assertion")
    elif grant == "client_credentials" or tokens.is_strict:
        if not tokens.accepts_client(client_id, client_secret):
            raise _grant_refused("invalid_client", "invalid client credentials")
    elif not client_id:
        raise _grant_refused("invalid_client_id", "client identifier invalid")
    user = f"{call.base_url}/id/{ORGANIZATION_ID}/{USER_ID}"
    return answer_json(
        {
            "access_token": tokens.issue(f"{ORGANIZATION_ID[:15]}!AQ"),
            "instance_url": call.base_url,
            "id": user,
            "token_type": "Bearer",
            "issued_at": str(call.sandbox.world.now_ms),
            "signature": "c2FuZGJveA==",
            "scope": "api refresh_token",
        }
    )


def userinfo(call: Call) -> Answer:
    """Return who is logged in."""
    require_session(call)
    return answer_json(
        {
            "sub": f"{call.base_url}/id/{ORGANIZATION_ID}/{USER_ID}",
            "user_id": USER_ID,
            "organization_id": ORGANIZATION_ID,
            "preferred_username": "integration@sandbox.invalid",
            "name": "Integration User",
            "email": "integration@sandbox.invalid",
            "active": True,
            "urls": {"rest": f"{call.base_url}/services/data/v{{version}}/"},
        }
    )


def identity(call: Call, org: str, user: str) -> Answer:
    """Return who is logged in, at the address that a token's `id` names."""
    if (org, user) != (ORGANIZATION_ID, USER_ID):
        raise problem(404, "NOT_FOUND", "The requested resource does not exist")
    return answer_json(
        {
            "id": f"{call.base_url}/id/{org}/{user}",
            "user_id": user,
            "organization_id": org,
            "username": "integration@sandbox.invalid",
            "display_name": "Integration User",
            "email": "integration@sandbox.invalid",
            "active": True,
            "urls": {"rest": f"{call.base_url}/services/data/v{{version}}/"},
        }
    )


def versions(call: Call) -> Answer:
    """Return the API versions on offer."""
    return answer_json(
        [
            {"label": f"v{number}", "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
            for number in range(_OLDEST, _LATEST + 1)
        ]
    )


def resources(call: Call, version: str) -> Answer:
    """Return the resource map of a version."""
    root = f"/services/data/{version}"
    names = ("sobjects", "query", "queryAll", "jobs", "limits", "search")
    return answer_json({name: f"{root}/{name}" for name in names})


def limits(call: Call, version: str) -> Answer:
    """Return the org's limits."""
    left = _DAILY_REQUESTS - call.sandbox.counts.of_vendor("salesforce")
    bulk = {"Max": 10_000, "Remaining": 10_000}
    return answer_json(
        {
            "DailyApiRequests": {"Max": _DAILY_REQUESTS, "Remaining": left},
            "DailyBulkApiBatches": {"Max": 15_000, "Remaining": 15_000},
            "DailyBulkV2QueryJobs": bulk,
            "DailyBulkV2QueryFileStorageMB": {"Max": 976_562, "Remaining": 976_562},
        }
    )
