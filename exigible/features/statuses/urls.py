"""Addresses of the statuses."""

from django.urls import path

from exigible.features.statuses import views

app_name = "statuses"
urlpatterns = [
    path("waiting/", views.waiting, name="waiting"),
    path("invoices/<int:invoice_id>/", views.invoice, name="invoice"),
]
