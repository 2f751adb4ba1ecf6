"""Addresses of the import."""

from django.urls import path

from exigible.features.imports import views, views_data, views_folder

app_name = "imports"
urlpatterns = [
    path("", views.start, name="start"),
    path("<int:import_id>/", views.page, name="page"),
    path("<int:import_id>/columns/", views.mapping, name="mapping"),
    path("<int:import_id>/confirm/", views.confirm, name="confirm"),
    path("<int:import_id>/discard/", views.discard, name="discard"),
    path("<int:import_id>/undo/", views.undo, name="undo"),
    path("queue/", views_data.queue, name="queue"),
    path("queue/kinds/", views_data.kinds, name="kinds"),
    path("queue/items/<int:invoice_id>/", views_data.confirm_item, name="confirm_item"),
    path("queue/codes/<int:invoice_id>/", views_data.give_codes, name="give_codes"),
    path("folder/", views_folder.folder, name="folder"),
    path("queue/customers/<int:customer_id>/email/", views_data.give_email, name="give_email"),
    path("reminders/", views_data.reminders, name="reminders"),
    path("pdfs/", views_data.pdfs, name="pdfs"),
]
