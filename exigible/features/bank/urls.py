"""Addresses of the bank: the queue, one movement, its acts, statements, panels."""

from django.urls import path

from exigible.features.bank import views, views_acts, views_by_hand, views_statements

app_name = "bank"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("movements/", views.movements, name="movements"),
    path("movements/<int:movement_id>/", views.movement, name="movement"),
    path("movements/<int:movement_id>/candidates/", views.candidates, name="candidates"),
    path("movements/<int:movement_id>/by-hand/", views_by_hand.by_hand, name="by_hand"),
    path("movements/<int:movement_id>/apply/", views_acts.apply, name="apply"),
    path("movements/<int:movement_id>/set-aside/", views_acts.aside, name="set_aside"),
    path("movements/<int:movement_id>/return/", views_acts.give_back, name="give_back"),
    path("movements/<int:movement_id>/undo/", views_acts.undo, name="undo"),
    path("certain/", views_acts.apply_certain, name="apply_certain"),
    path("payers/<int:payer_id>/forget/", views_acts.forget, name="forget_payer"),
    path("statements/", views_statements.statements, name="statements"),
    path("statements/<int:statement_id>/", views_statements.statement, name="statement"),
    path("customers/<int:customer_id>/", views.of_customer, name="of_customer"),
    path("payments/<int:payment_id>/", views.of_payment, name="of_payment"),
]
