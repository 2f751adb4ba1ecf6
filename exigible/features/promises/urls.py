"""Addresses of promises."""

from django.urls import path

from exigible.features.promises import views

app_name = "promises"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/<int:customer_id>/", views.new, name="new"),
    path("<int:promise_id>/", views.page, name="page"),
    path("<int:promise_id>/again/", views.again, name="again"),
    path("<int:promise_id>/withdraw/", views.take_away, name="withdraw"),
    path("accounts/<int:customer_id>/", views.panel, name="panel"),
]
