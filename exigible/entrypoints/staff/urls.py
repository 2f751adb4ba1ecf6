"""Addresses of the staff site itself: sign-in link, search, one's account, settings, journal."""

from django.urls import path
from django.views.generic import RedirectView

from exigible.entrypoints.staff import (
    api_keys,
    go_live,
    house,
    journal,
    law_settings,
    mail_trial,
    me,
    people,
    search,
    sign_in,
)

app_name = "staff"
urlpatterns = [
    path("sign-in/<str:token>/", sign_in.by_link, name="sign_in"),
    path("password/", sign_in.choose_password, name="choose_password"),
    path("search/", search.search, name="search"),
    path("me/", me.me, name="me"),
    path("me/company/", me.company, name="company"),
    path("me/preferences/", me.preferences, name="preferences"),
    path("settings/", house.company, name="settings"),
    path("settings/signatory/", house.signatory, name="signatory"),
    path("settings/bank/", house.bank, name="bank"),
    path("settings/mail/", house.mail, name="mail"),
    path("settings/mail/test/", mail_trial.test_mail, name="test_mail"),
    path("settings/rules/", house.rules, name="rules"),
    path("settings/law/", law_settings.law, name="law"),
    path("settings/law/rates/", law_settings.add, name="add_rate"),
    path("settings/law/rates/<int:rate_id>/remove/", law_settings.remove, name="remove_rate"),
    path("settings/image/<str:name>/", house.image, name="image"),
    path("settings/image/<str:name>/remove/", house.remove_image, name="remove_image"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/<int:member_id>/", people.change, name="change_member"),
    path("settings/people/<int:member_id>/link/", people.new_link, name="new_link"),
    path("settings/api/", api_keys.api_keys, name="api_keys"),
    path("settings/api/<int:apitoken_id>/end/", api_keys.end_key, name="end_key"),
    path("settings/go-live/", go_live.go_live, name="go_live"),
    path("settings/rehearse/", go_live.rehearse, name="rehearse"),
    path("journal/", journal.journal, name="journal"),
    path("journal/verify/", journal.verify, name="verify"),
    path("balance/", RedirectView.as_view(pattern_name="customers:balance", query_string=True)),
]
