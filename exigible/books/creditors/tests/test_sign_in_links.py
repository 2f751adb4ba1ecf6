"""Links that sign a person in once."""

from datetime import UTC, datetime, timedelta

import pytest

from exigible.books.creditors.models import SignInLink, User
from exigible.books.creditors.sign_in_links import FIRST_START, make_sign_in_link, person_of_link, use_sign_in_link

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def token_for(user: User) -> str:
    return make_sign_in_link(user, NOON).rstrip("/").rpartition("/")[2]


def test_a_link_brings_its_person_once() -> None:
    user = User.objects.create_user("alice@lumen.example")
    token = token_for(user)
    assert use_sign_in_link(token, NOON) == user
    assert use_sign_in_link(token, NOON) is None


def test_looking_at_a_link_does_not_use_it_up() -> None:
    user = User.objects.create_user("alice@lumen.example")
    token = token_for(user)
    assert person_of_link(token, NOON) == user
    assert use_sign_in_link(token, NOON) == user


def test_a_link_dies_with_its_time() -> None:
    token = token_for(User.objects.create_user("alice@lumen.example"))
    assert use_sign_in_link(token, NOON + FIRST_START) is None
    assert use_sign_in_link(token, NOON + FIRST_START - timedelta(seconds=1))


def test_the_token_itself_is_nowhere_in_the_database() -> None:
    token = token_for(User.objects.create_user("alice@lumen.example"))
    assert token not in "".join(SignInLink.objects.values_list("digest", flat=True))


def test_a_person_who_was_shut_out_has_no_link() -> None:
    user = User.objects.create_user("alice@lumen.example")
    token = token_for(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert use_sign_in_link(token, NOON) is None
