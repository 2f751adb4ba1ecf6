"""Which column of a bank's table holds what, told from its heading, in French and in English."""

import re
from collections.abc import Sequence

from exigible.formats.fec_header import plain_name

HEADER_WITHIN = 30
# The surest names first; a table may have several columns of text.
NAMES = {
    "booked": "datecomptable datedecomptabilisation datecomptabilisation dateoperation datedoperation datedeloperation dateope "
    "dateop datemouvement datedemouvement dateecriture bookingdate bookeddate postingdate posteddate transactiondate "
    "operationdate completeddate datecompletedutc datecompleted datestartedutc settlementdateutc dateexecution datedexecution date",
    "value": "datevaleur datedevaleur dateval datedelavaleur valuedate valeur",
    "label": "libelle libelleoperation libelledeloperation libelledoperation libellesimplifie libellecourt libellecomplet "
    "libellecomplementaire intitule description details motif communication label memo narrative transactiondetails operation "
    "informationscomplementaires informations detail detaildelecriture detaildeloperation particulars remittanceinformation paymentreference",
    "amount": "montant montantdeloperation montantoperation montanttransaction montantnet somme amount transactionamount",
    "debit": "debit debits montantdebit sortie sorties moneyout paidout withdrawal withdrawals debitamount",
    "credit": "credit credits montantcredit entree entrees moneyin paidin deposit deposits creditamount",
    "balance": "solde soldeapres soldeapresoperation soldecomptable balance runningbalance accountbalance",
    "currency": "devise currency monnaie ccy",
    "reference": "reference ref referencebanque referencebancaire referenceoperation endtoendid referenceclient bankreference "
    "numeroecriture numerocheque",
    "payer": "contrepartie nomdelacontrepartie nomcontrepartie donneurdordre nomdonneurdordre emetteur counterparty "
    "counterpartyname payer payername beneficiaire",
    "payer_account": "ibancontrepartie ibandelacontrepartie comptecontrepartie counterpartyiban counterpartyaccount",
    "account": "compte numerodecompte numerocompte accountnum iban ibanducompte accountnumber account comptebancaire",
    "side": "sens debitcredit creditdebit dc cd",
    "bank_id": "identifiant identifianttransaction idtransaction transactionid fitid",
}  # fmt: skip
FIELDS = {name: (field, rank) for field, names in NAMES.items() for rank, name in enumerate(names.split())}
UNITS = re.compile(r"(?:eneuros|eneuro|eneur|euros|euro|eur)$")
# Headings of ledgers and lists of invoices: a table that has one is no bank's.
OTHERS = re.compile(
    r"facture|invoice|piece|lettrage|^let(tre)?$|journal|^jnl$|echeance|^due|siren|siret|client|customer|tiers|auxiliaire|"
    r"debiteurs?$|debtor|ttc|^ht$|tva|ecriturenum|compaux|restedu"
)


def field_of(header: str) -> tuple[str, int] | None:
    """The field that a heading names, and how surely (the nearer to 0, the surer)."""
    plain = plain_name(header)
    return FIELDS.get(plain) or FIELDS.get(UNITS.sub("", plain))


def columns_of(headers: Sequence[str]) -> dict[str, list[int]]:
    """The places of each field among the headings of a bank's table; empty when these are not its headings.

    A bank's table has a day, a text, an amount or a debit and a credit, and nothing that tells of invoices or customers.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for place, header in enumerate(headers):
        plain = plain_name(header)
        if len(header) > 60 or (OTHERS.search(plain) and plain not in FIELDS):
            return {}
        if told := field_of(header):
            found.setdefault(told[0], []).append((told[1], place))
    is_bank = {"booked", "label"} <= found.keys() and ("amount" in found or {"debit", "credit"} <= found.keys())
    if not is_bank:
        return {}
    return {
        field: sorted(place for _, place in ranked) if field == "label" else [min(ranked)[1]]
        for field, ranked in found.items()
    }


def heading_among(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, list[int]]] | None:
    """The first line, from 0, that holds the headings of a bank's table, and the places of its fields."""
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        if columns := columns_of(row):
            return index, columns
    return None
