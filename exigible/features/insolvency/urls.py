"""Addresses of insolvency."""

from django.urls import path

from exigible.features.insolvency import views

app_name = "insolvency"
urlpatterns = [
    path("", views.list_proceedings, name="list"),
    path("<int:customer_id>/", views.page, name="page"),
    path("<int:customer_id>/panel/", views.panel, name="panel"),
    path("<int:customer_id>/new/", views.new, name="new"),
    path("notices/<int:insolvencynotice_id>/", views.decide, name="decide"),
    path("deadlines/<int:deadline_id>/", views.declared, name="declared"),
]
