"""Where a request comes from: this very machine, or which address."""

from ipaddress import ip_address

from django.http import HttpRequest

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def comes_from_this_machine(request: HttpRequest) -> bool:
    """Say whether the visitor sits at this very machine: no proxy stands between, so no link scanner does either."""
    if any(request.META.get(name) for name in FORWARDED):
        return False
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and (
            host == "localhost" or ip_address(host).is_loopback
        )
    except ValueError:
        return False


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address as our own neighbour saw it: behind a proxy, the last one that it added."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
    return str(forwarded or request.META.get("REMOTE_ADDR", ""))
