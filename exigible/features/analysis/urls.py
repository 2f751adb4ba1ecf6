"""Addresses of the claim analysis."""

from django.urls import path

from exigible.features.analysis import views

app_name = "analysis"
urlpatterns = [
    path("", views.page, name="page"),
    path("file/", views.file, name="file"),
    path("report.pdf", views.report_pdf, name="report"),
    path("letter.pdf", views.letter_pdf, name="letter"),
]
