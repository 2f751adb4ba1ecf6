"""Programs work through the same acts and queries as people, see their own company only, and get one sentence for a refusal."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from exigible.books.creditors.api_tokens import make_token, revoke_token
from exigible.books.creditors.models import ApiToken
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Invoice, Payment
from exigible.common.clock import now
from exigible.entrypoints.api.access import PerToken
from exigible.features.imports.models import Import
from exigible.testing import House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
TABLE = b"Client;N\xc2\xb0 facture;Date facture;Date \xc3\xa9ch\xc3\xa9ance;Montant TTC\r\nLefort;L-1;01/10/2025;31/10/2025;120,00\r\n"


class Caller:
    """A program with a key."""

    def __init__(self, house: House, scope: str = "write") -> None:
        self.token, self.text = make_token(
            house.creditor, "ERP", scope, next(iter(house.people.values())), today=house.today, at=house.at
        )
        self.client = Client(headers={"Authorization": f"Bearer {self.text}"}, raise_request_exception=False)

    def get(self, address: str, **asked: Any) -> Any:
        return self.client.get(V1 + address, asked)

    def post(self, address: str, body: Any) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(V1 + address, raw, content_type="application/json")

    def send(self, body: bytes, address: str = "files") -> Any:
        return self.client.post(V1 + address, {"file": SimpleUploadedFile("factures.csv", body)})


@pytest.fixture
def house() -> House:
    """A company with one late invoice of 1,200.00 of a customer."""
    house = atelier_lumen()
    house.invoice(house.customer("Durand"), 120_000, house.days_from_now(-12), "F-1")
    return house


@pytest.fixture
def caller(house: House) -> Caller:
    return Caller(house)


def test_a_key_is_shown_once_and_ends_when_it_is_revoked(house: House, caller: Caller) -> None:
    assert caller.text not in repr(list(ApiToken.objects.values()))
    assert caller.get("customers").status_code == 200
    caller.token.refresh_from_db()
    assert caller.token.last_used_at is not None
    revoke_token(caller.token, today=house.today, at=house.at, actor="user:1")
    answer = caller.get("customers")
    assert (answer.status_code, list(answer.json())) == (401, ["error"])
    kinds = Event.objects.of(house.creditor).filter(kind__startswith="api_token").values_list("kind", flat=True)
    assert list(kinds.order_by("id")) == ["api_token.made", "api_token.revoked"]


def test_a_key_ends_on_its_day(house: House, caller: Caller) -> None:
    ApiToken.objects.update(expires_on=now().date() - timedelta(days=1))
    assert caller.get("customers").status_code == 401


def test_a_key_that_only_reads_changes_nothing(house: House) -> None:
    reader = Caller(house, "read")
    assert reader.get("invoices").status_code == 200
    answer = reader.post("statuses", {"statuses": [{"number": "F-1", "status": "210", "at": "2026-11-20"}]})
    assert answer.status_code == 403
    assert reader.send(TABLE).status_code == 403
    assert not Import.objects.exists()


def test_an_invoice_is_found_by_its_number_with_its_balance_and_last_day_to_sue(house: House, caller: Caller) -> None:
    invoice = Invoice.objects.get(number="F-1")
    house.pay(invoice.customer, 20_000, (invoice, 20_000))
    (found,) = caller.get("invoices", number="F-1", status="open").json()["items"]
    assert (found["open"], found["total"], found["currency"]) == ("1000.00", "1200.00", "EUR")
    assert found["last_day_to_sue"] is not None
    whole = caller.get(f"invoices/{invoice.pk}").json()
    assert whole["holds"] == []
    assert caller.get("invoices", status="settled").json()["items"] == []


def test_pages_follow_one_another_without_a_gap(house: House, caller: Caller) -> None:
    for number in range(4):
        house.customer(f"Client {number}")
    seen: list[int] = []
    after: str | None = "0"
    while after is not None:
        page = caller.get("customers", limit=2, after=after).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 5


def test_a_payment_sent_twice_under_one_key_is_recorded_once(house: House, caller: Caller) -> None:
    reference = Invoice.objects.get(number="F-1").customer.reference
    body = {
        "reference": reference,
        "amount": "200.00",
        "received_on": "2026-11-20",
        "key": "ERP-77",
        "invoices": [{"number": "F-1"}],
    }
    first, again = caller.post("payments", body), caller.post("payments", body)
    assert (first.status_code, first.json()["allocated"], first.json()["is_new"]) == (201, "200.00", True)
    assert (again.json()["id"], again.json()["is_new"]) == (first.json()["id"], False)
    assert Payment.objects.of(house.creditor).count() == 1
    other = caller.post("payments", body | {"amount": "201.00"})
    assert (other.status_code, "ERP-77" in other.json()["error"]) == (422, True)


def test_statuses_hold_an_invoice_and_are_read_back(house: House, caller: Caller) -> None:
    body = {"statuses": [{"number": "F-1", "status": "Refusée", "at": "2026-11-20T10:00:00+01:00", "platform": "Une"},
                         {"number": "F-1", "status": "Payée", "at": "2026-11-20"}]}  # fmt: skip
    told = caller.post("statuses", body).json()
    assert (told["created"], [each["line"] for each in told["rejected"]]) == (1, [2])
    assert caller.post("statuses", body).json()["unchanged"] == 1
    invoice = Invoice.objects.get(number="F-1")
    assert [hold["reason"] for hold in caller.get(f"invoices/{invoice.pk}").json()["holds"]] == ["refused"]
    said = caller.get(f"invoices/{invoice.pk}/statuses").json()
    assert (said["received_at"] is not None, len(said["waits"]), len(said["items"])) == (True, 1, 1)
    (status,) = caller.get("statuses", invoice=invoice.pk).json()["items"]
    assert (status["code"], status["name"]) == (210, "Refusée")


def test_a_file_is_imported_with_the_answer_of_the_terminal_and_a_dry_run_changes_nothing(
    house: House, caller: Caller
) -> None:
    dry = caller.send(TABLE, "files?dry_run=true").json()
    assert (dry["created"]["invoices"], dry["import"]) == (1, None)
    assert not Invoice.objects.filter(number="L-1").exists()
    done = caller.send(TABLE).json()
    assert (done["created"], done["control"]["difference"]) == ({"customers": 1, "invoices": 1, "payments": 0}, "0.00")
    assert caller.get(f"imports/{done['import']}").json()["answer"]["created"]["invoices"] == 1
    assert caller.send(b"not a ledger").json()["refused"] != []


def test_the_worklist_and_the_balance_are_those_of_the_terminal(house: House, caller: Caller) -> None:
    house.run()
    assert isinstance(caller.get("actions").json(), list)
    balance = caller.get("balance", as_of=house.today.isoformat()).json()
    assert (balance["total"]["1-30"], balance["currency"]) == ("1200.00", "EUR")


def test_another_companys_key_finds_nothing_and_no_key_is_asked_for(house: House, caller: Caller) -> None:
    caller.send(TABLE)
    stranger = Caller(brasserie_nord())
    before = Event.objects.of(house.creditor).count()
    invoice, upload = Invoice.objects.get(number="F-1"), Import.objects.of(house.creditor).get()
    for address in (
        f"customers/{invoice.customer_id}",
        f"invoices/{invoice.pk}",
        f"imports/{upload.pk}",
        f"invoices/{invoice.pk}/statuses",
    ):
        assert stranger.get(address).status_code == 404, address
        assert Client().get(V1 + address).status_code == 401, address
    for address in ("customers", "invoices", "statuses", "actions"):
        assert b"Durand" not in stranger.get(address).content
        assert b"F-1" not in stranger.get(address).content
    payment = {"customer": invoice.customer_id, "amount": "1.00", "received_on": "2026-11-20"}
    assert stranger.post("payments", payment).status_code == 404
    assert stranger.get("invoices", customer=invoice.customer_id).json()["items"] == []
    assert Event.objects.of(house.creditor).count() == before


HUGE = "9" * 40
BAD: list[tuple[Any, ...]] = [
    ("get", "customers?limit=" + HUGE), ("get", "customers?after=" + HUGE), ("get", "customers?after=-1"), ("get", "customers/" + HUGE),
    ("get", "customers/0"), ("get", "customers/x"), ("get", "invoices?number=%00"), ("get", "invoices?status=paid"), ("get", "invoices?customer="),
    ("get", "balance?as_of=9999-12-31"), ("get", "balance?as_of=x"), ("get", "balance?currency=euros"), ("get", "actions?on=0001-01-01"),
    ("get", "imports/" + HUGE), ("get", "statuses?invoice=" + HUGE), ("get", "nothing"), ("get", ""),
    ("post", "payments", b""), ("post", "payments", b"{"), ("post", "payments", b"[]"), ("post", "payments", b"\xff\xfe"),
    ("post", "payments", b'{"amount": 1e999}'), ("post", "payments", b"[" * 100_000),
    ("post", "payments", {"customer": int(HUGE), "amount": "1.00", "received_on": "2026-11-20"}),
    ("post", "payments", {"reference": "\0", "amount": "1.00", "received_on": "2026-11-20"}),
    ("post", "payments", {"reference": "", "amount": "1.00", "received_on": "2026-11-20"}),
    ("post", "payments", {"reference": "C1", "amount": "", "received_on": "2026-11-20"}),
    ("post", "payments", {"reference": "C1", "amount": HUGE[:24], "received_on": "2026-11-20"}),
    ("post", "payments", {"reference": "C1", "amount": "1.001", "received_on": "2026-11-20"}),
    ("post", "statuses", {"statuses": []}), ("post", "statuses", {"statuses": [{"number": "", "status": "210", "at": "2026-11-20"}]}),
    ("post", "statuses", {"statuses": [{"number": "F-1", "status": "212", "at": "2026-11-20", "amount": "9" * 24}]}),
    ("post", "files", b"{}"),
]  # fmt: skip


def test_bad_requests_get_one_sentence_and_never_a_fault(caller: Caller) -> None:
    for method, address, *body in BAD:
        answer = caller.get(address) if method == "get" else caller.post(address, body[0])
        assert answer.status_code in (404, 415, 422), (address, body, answer.content)
        assert list(answer.json()) == ["error"], (address, body)
        assert len(answer.json()["error"]) > 10, (address, body)
    missing = caller.client.post(V1 + "payments", b"{}", "application/json", headers={"Accept-Language": "fr"})
    assert missing.json()["error"].startswith("Il manque amount.")


def test_what_is_too_large_of_the_wrong_kind_or_too_often_is_refused(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = caller.client.post(
        V1 + "payments", "{}", content_type="application/json", CONTENT_LENGTH=str(21 * 1024 * 1024)
    )
    assert large.status_code == 413
    assert caller.client.post(V1 + "statuses", {"a": io.StringIO("x")}).status_code == 415
    chunked = {"Transfer-Encoding": "chunked"}
    assert (
        caller.client.post(
            V1 + "statuses", content_type="application/json", headers=chunked, CONTENT_LENGTH=""
        ).status_code
        == 411
    )
    unclear = caller.post("statuses", {"statuses": [{"number": "F-1", "status": "210"}]}).json()["error"]
    assert "statuses.0.at" in unclear
    assert caller.client.delete(V1 + "customers").status_code == 405
    monkeypatch.setattr(PerToken, "allow_request", lambda *_given: False)
    answer = caller.get("customers")
    assert (answer.status_code, list(answer.json())) == (429, ["error"])
    assert "Retry-After" in answer.headers


def test_the_description_of_the_api_names_every_address_and_its_refusals() -> None:
    answer = Client().get(V1 + "openapi.json")
    paths = answer.json()["paths"]
    assert {
        "/api/v1/customers",
        "/api/v1/invoices/{invoice_id}",
        "/api/v1/payments",
        "/api/v1/statuses",
        "/api/v1/files",
    } <= set(paths)
    assert {"401", "403", "404", "422", "429"} <= set(paths["/api/v1/payments"]["post"]["responses"])
