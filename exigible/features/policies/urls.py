"""Addresses of the policy."""

from django.urls import path

from exigible.features.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.current, name="current"),
    path("presets/", views.presets, name="presets"),
    path("edit/", views.edit, name="edit"),
    path("publish/", views.publish, name="publish"),
    path("preview/", views.preview, name="preview"),
    path("versions/<int:number>/", views.version, name="version"),
]
