"""Addresses of the messages."""

from django.urls import path

from exigible.features.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.index, name="list"),
    path("approve/", views.approve, name="approve"),
    path("print/", views.print_run, name="print_run"),
    path("money/", views.confirm_money, name="confirm_money"),
    path("<int:message_id>/", views.page, name="page"),
    path("<int:message_id>/html/", views.html, name="html"),
    path("<int:message_id>/letter.pdf", views.pdf, name="pdf"),
    path("<int:message_id>/exact/", views.exact, name="exact"),
    path("<int:message_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:message_id>/bounce/", views.bounce, name="bounce"),
    path("<int:message_id>/resolve/", views.resolve, name="resolve"),
    path("<int:message_id>/retry/", views.retry_failed, name="retry"),
]
