"""Addresses of one claim, its papers and its documents."""

from django.urls import path

from exigible.features.claims import views

app_name = "claims"
urlpatterns = [
    path("<int:invoice_id>/", views.page, name="page"),
    path("<int:invoice_id>/edit/", views.edit, name="edit"),
    path("<int:invoice_id>/documents/", views.attach, name="attach"),
    path("<int:invoice_id>/derivation.pdf", views.derivation, name="derivation"),
    path("allocations/<int:allocation_id>/undo/", views.undo_allocation, name="undo_allocation"),
    path("documents/<int:document_id>/", views.document, name="document"),
]
