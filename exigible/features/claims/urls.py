"""Addresses of one claim, its papers and its documents."""

from django.urls import path

from exigible.features.claims import views, views_charges, views_law, views_settlement

app_name = "claims"
urlpatterns = [
    path("<int:invoice_id>/", views.page, name="page"),
    path("<int:invoice_id>/edit/", views.edit, name="edit"),
    path("accounts/<int:customer_id>/supplier/", views_settlement.supplier, name="supplier"),
    path("<int:invoice_id>/settlement/", views_settlement.settlement, name="settlement"),
    path("<int:invoice_id>/documents/", views.attach, name="attach"),
    path("<int:invoice_id>/derivation/", views_charges.derived, name="derived"),
    path("<int:invoice_id>/charges/claim/", views_charges.claim, name="claim_charges"),
    path("<int:invoice_id>/charges/waive/", views_charges.waive, name="waive_charges"),
    path("<int:invoice_id>/costs/", views_charges.costs, name="costs"),
    path("costs/<int:recoverycost_id>/remove/", views_charges.remove_cost, name="remove_cost"),
    path("<int:invoice_id>/charges/pay/", views_charges.pay, name="pay_charges"),
    path("<int:invoice_id>/derivation.pdf", views.derivation, name="derivation"),
    path("allocations/<int:allocation_id>/undo/", views.undo_allocation, name="undo_allocation"),
    path("<int:invoice_id>/limitation/", views_law.limitation, name="limitation"),
    path("accounts/<int:customer_id>/limitation/", views_law.panel, name="panel"),
    path("<int:invoice_id>/supply/", views_law.supply, name="supply"),
    path("<int:invoice_id>/mentions/", views_law.mentions, name="mentions"),
    path("limitation/<int:limitationevent_id>/remove/", views_law.remove_event, name="remove_event"),
    path("documents/<int:document_id>/", views.document, name="document"),
]
