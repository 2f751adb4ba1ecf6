"""Mounts the sign-in pages, the staff site and each feature's screens."""

from importlib.util import find_spec

from django.urls import include, path

FEATURES = {
    "analysis/": "analysis",
    "": "worklist",
    "customers/": "customers",
    "invoices/": "claims",
    "messages/": "messages",
    "policy/": "policies",
    "import/": "imports",
    "bank/": "bank",
    "promises/": "promises",
    "statuses/": "statuses",
    "insolvency/": "insolvency",
}

urlpatterns = [
    path("accounts/", include("exigible.entrypoints.staff.account_urls")),
    path("api/", include("exigible.entrypoints.api.urls")),
    path("", include("exigible.entrypoints.staff.urls")),
    *(
        path(prefix, include(f"exigible.features.{feature}.urls"))
        for prefix, feature in FEATURES.items()
        if find_spec(f"exigible.features.{feature}.urls")
    ),
]
