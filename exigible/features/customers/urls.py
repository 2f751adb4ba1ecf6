"""Addresses of the accounts and of the aged balance."""

from django.urls import path

from exigible.features.customers import views, views_facts, views_money, views_registers

app_name = "customers"
urlpatterns = [
    path("", views.list_accounts, name="list"),
    path("balance/", views.balance, name="balance"),
    path("balance/totals/", views.balance_totals, name="balance_totals"),
    path("balance/balance.xlsx", views.balance_xlsx, name="balance_xlsx"),
    path("registers/", views_registers.list_registers, name="registers"),
    path("registers/switch/", views_registers.switch, name="switch_register"),
    path("registers/<int:companyrecord_id>/confirm/", views_registers.confirm, name="confirm_company"),
    path("registers/<int:companyrecord_id>/take-over/", views_registers.take_over, name="take_over"),
    path("registers/<int:companyrecord_id>/closed/", views_registers.note_closed, name="note_closed"),
    path("doubles/", views_registers.list_doubles, name="doubles"),
    path("merges/<int:merge_id>/undo/", views_registers.part, name="part"),
    path("<int:customer_id>/", views.page, name="page"),
    path("<int:customer_id>/company/", views_registers.company, name="company"),
    path("<int:customer_id>/merge/", views_registers.merge, name="merge"),
    path("<int:customer_id>/register/", views_registers.ask, name="ask_register"),
    path("<int:customer_id>/timeline/", views.older, name="older"),
    path("<int:customer_id>/payment/", views_money.receive, name="receive"),
    path("<int:customer_id>/statement/", views_money.send_statement, name="send_statement"),
    path("<int:customer_id>/statement.pdf", views_money.statement_pdf, name="statement_pdf"),
    path("<int:customer_id>/identity/", views_facts.identity, name="identity"),
    path("<int:customer_id>/kind/", views_facts.set_kind, name="set_kind"),
    path("<int:customer_id>/contacts/new/", views_facts.contact, name="new_contact"),
    path("<int:customer_id>/contacts/<int:contact_id>/", views_facts.contact, name="contact"),
    path("<int:customer_id>/note/", views_facts.add_note, name="add_note"),
    path("<int:customer_id>/pause/", views_facts.pause, name="pause"),
    path("contacts/<int:contact_id>/remove/", views_facts.remove_contact, name="remove_contact"),
    path("holds/<int:hold_id>/release/", views_facts.release, name="release"),
    path("payments/<int:payment_id>/", views_money.received, name="received"),
    path("payments/<int:payment_id>/remove/", views_money.remove, name="remove_payment"),
    path("credits/<str:kind>/<int:source_id>/", views_money.use_credit, name="use_credit"),
    path("allocations/<int:allocation_id>/undo/", views_money.undo_allocation, name="undo_allocation"),
]
