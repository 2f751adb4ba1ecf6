"""Addresses of the worklist and of its acts."""

from django.urls import path

from exigible.features.worklist import views, views_deadlines

app_name = "worklist"
urlpatterns = [
    path("", views.today, name="today"),
    path("preview/<int:customer_id>/", views.preview, name="preview"),
    path("next/<int:customer_id>/", views.following, name="next"),
    path("limits/<int:customer_id>/", views_deadlines.limits, name="limits"),
    path("to-do/<int:message_id>/call/", views.call, name="call"),
    path("to-do/<int:message_id>/task/", views.task, name="task"),
    path("to-do/<int:message_id>/approve/", views.approve, name="approve"),
    path("to-do/<int:message_id>/posted/", views.posted, name="posted"),
    path("to-do/<int:message_id>/resolve/", views.resolve, name="resolve"),
    path("to-do/<int:message_id>/retry/", views.retry, name="retry"),
    path("to-do/<int:message_id>/withdraw/", views.withdraw, name="withdraw"),
]
