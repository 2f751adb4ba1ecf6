"""The sign-in pages of allauth that we use, under the names that it expects; a lost password is the owner's matter."""

from allauth.account import views
from django.urls import path
from django.views.generic import RedirectView

from exigible.entrypoints.staff.sign_in import forgotten

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", RedirectView.as_view(pattern_name="staff:choose_password"), name="account_set_password"),
    path("password/reset/", forgotten, name="account_reset_password"),
]
