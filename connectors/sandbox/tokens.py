"""Who may call the local CRM: issued tokens, and the optional fixed secret.

Without a required secret every non-empty token is accepted until it is revoked.
"""

from __future__ import annotations

import secrets

CLIENT_ID = "sandbox"


class Tokens:
    """Access tokens of one running local CRM."""

    def __init__(self, require_secret: str | None = None) -> None:
        self._secret = require_secret
        self._issued: set[str] = set()
        self._revoked: set[str] = set()

    def issue(self, prefix: str) -> str:
        """Return a new access token; it says nothing about the credentials that asked for it."""
        token = prefix + secrets.token_urlsafe(24)
        self._issued.add(token)
        return token

    def revoke(self, token: str) -> None:
        """Refuse this token from now on."""
        self._revoked.add(token)

    def restore(self) -> None:
        """Accept revoked tokens again."""
        self._revoked.clear()

    def accepts_client(self, client_id: str, client_secret: str) -> bool:
        """Whether these client credentials get a token."""
        if self._secret is None:
            return bool(client_id and client_secret)
        return client_id == CLIENT_ID and secrets.compare_digest(
            client_secret.encode(), self._secret.encode()
        )

    @property
    def is_strict(self) -> bool:
        """True when a fixed secret is required."""
        return self._secret is not None

    def accepts(self, authorization: str, *, is_static: bool) -> bool:
        """Whether an Authorization header opens the API; static tokens are HubSpot's."""
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() not in ("bearer", "oauth") or not token or token in self._revoked:
            return False
        if self._secret is None or token in self._issued:
            return True
        return is_static and secrets.compare_digest(token.encode(), self._secret.encode())
