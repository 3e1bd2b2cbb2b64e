"""Where customers reach the gateway, for links that are given to them."""

from __future__ import annotations

from flask import request

from gateway.http import auth


def public_url() -> str:
    """The configured address, else the one by which the caller reached the gateway; without a slash at the end."""
    config = auth.current_config()
    if config.public_url:
        return config.public_url.rstrip("/")
    forwarded = request.headers.get("X-Forwarded-Proto", "") if config.trusted_proxies else ""
    return f"{'https' if forwarded == 'https' else request.scheme}://{request.host}"
