"""Which field a column of a table holds, told from its header, in French and in English."""

import re
from collections.abc import Iterable

from exigible.formats.fec_accounts import folded
from exigible.formats.fec_header import plain_name
from exigible.formats.table_tools import Tool, tool_of

BUCKETS = "bucket"  # one period of an aged balance: the only field that several columns hold

# The names of each field, the surest first: of two columns that claim a field, the surer one has it.
NAMES = {
    "number": "numerofacture nfacture nofacture numfacture numerodefacture ndefacture facturen numerofactureavoir "
    "factureno invoicenumber invoiceno invoiceid invoicenum numeropiece npiece nopiece refpiece pieceref "
    "numerodepiece referencefacture reffacture documentnumber documentno docnumber voucher facture piece numero "
    "invoice num no n number document reference ref",
    "issued": "datefacture datedefacture datefacturation datedefacturation dateemission datedemission datepiece "
    "datedepiece datedoc datedocument invoicedate issuedate issued dateissued documentdate emission emisele date",
    "due": "dateecheance datedecheance echeance dateech dateeche duedate due paymentdue datelimite "
    "datelimitedepaiement apayeravant apayerle datedue dateexigibilite maturitydate",
    "total": "montantttc totalttc montanttotalttc montantttceur montanttotal totalamount invoiceamount "
    "grossamount amountincltax totalincltax amounttotal ttc montantfacture montantinitial montantorigine grandtotal "
    "gross montant total amount montanteur montanteuros amounteur originalamount",
    "net": "montantht totalht ht netamount amountexcltax totalexcltax net montanthorstaxe montanthorstaxes",
    "open": "restedu resteadevoir resteapayer resteapayerttc soldedu soldefacture solderestant soldeouvert "
    "montantdu montantrestantdu restantdu restant solde amountdue balancedue openamount openbalance outstanding "
    "outstandingamount amountopen residual amountresidual balance unpaid impaye montantimpaye encours",
    "paid": "montantregle montantpaye dejaregle dejapaye totalregle regle paye encaisse amountpaid paid "
    "paidamount payments",
    "settled": "datereglement datedereglement datepaiement datedepaiement payele reglele paymentdate settleddate "
    "paiddate settlementdate dateencaissement",
    "debit": "debit debiteur mouvementdebit mouvementsdebit montantdebit debiteureuro",
    "credit": "credit crediteur mouvementcredit mouvementscredit montantcredit crediteureuro",
    "letter": "lettrage lettre let lettr codelettrage codelettre reconciliation matching matchingnumber",
    "journal": "journal codejournal jal jnl cj jl codejnl journalcode codejal",
    "running": "soldeprogressif soldecumule soldeprogressive cumul cumule runningbalance soldeglissant",
    "currency": "devise codedevise monnaie currency currencycode ccy",
    "kind": "type typepiece typedepiece typedocument typedoc nature documenttype doctype kind",
    "label": "libelle designation objet description label intitule libellefacture memo",
    "order_reference": "numerocommande ncommande nocommande commande bondecommande refcommande referencecommande "
    "votrereference votreref ponumber purchaseorder orderreference orderref po engagement numeroengagement",
    "customer_key": "codeclient numeroclient nclient noclient numclient refclient referenceclient idclient "
    "comptetiers codetiers tiers comptclient compteclient compteauxiliaire compauxnum customerid customercode "
    "customerno customernumber accountnumber clientid clientcode code compte identifiant id",
    "customer": "nomclient nomduclient raisonsociale denomination societe nomsociete nomtiers clientnom "
    "compauxlib customername companyname company clientname entreprise debiteurnom client customer nom name "
    "intitulecompte intituletiers",
    "siren": "siren siret numerosiren numerosiret nsiren nsiret sirensiret registrationnumber companynumber",
    "vat": "numerotva ntva tvaintracommunautaire tvaintra ntvaintra numerotvaintracommunautaire vatnumber "
    "vatid",
    "email": "email emails mail courriel adressemail adresseemail adresseelectronique emailfacturation "
    "mailcontact emailcontact emailaddress",
    "phone": "telephone tel telephonefixe phone phonenumber mobile portable telportable telephonemobile gsm",
    "contact_first_name": "prenom prenomcontact firstname",
    "contact_name": "contact nomcontact interlocuteur nomducontact contactname responsable lastname nomdefamille "
    "attention",
    "contact_role": "fonction role fonctioncontact poste jobtitle",
    "language": "langue language lang",
    "address": "adresse adresse1 adresseligne1 rue voie address address1 addressline1 street adressefacturation "
    "billingaddress",
    "address_2": "adresse2 adresseligne2 complement complementadresse complementdadresse address2 addressline2",
    "postcode": "codepostal cp postcode zip zipcode postalcode",
    "city": "ville commune localite city town",
    "country": "pays codepays country countrycode",
    "terms": "conditions conditionspaiement conditionsdepaiement conditionsdereglement conditionsreglement delai "
    "delaidepaiement delaipaiement delaireglement modalites echeancier paymentterms terms termsofpayment",
    "customer_kind": "typeclient typedeclient categorieclient customertype",
    "buyer": "acheteurpublic typeacheteur typeacheteurpublic categorieacheteur publicbuyer",
    "reference": "referenceinterne autrereference",
    "method": "modereglement modedereglement modepaiement modedepaiement moyenpaiement moyendepaiement "
    "moyendereglement paymentmethod paymentmode meansofpayment",
    "presented": "datepresentation datedepresentation dateprelevement datedeprelevement echeanceeffet "
    "dateremiseeffet presentationdate collectiondate",
    "factor": "factor affactureur affactorage societeaffacturage cessionnaire factorname",
    "assigned": "datecession datedecession dateaffacturage assignedon",
    "retention": "retenuegarantie retenuedegarantie montantretenue montantretenuegarantie retention retentionamount",
    "retention_until": "dateliberation liberationretenue dateliberationretenue finretenue echeanceretenue retentionuntil",
    "service_code": "codeservice codeserviceexecutant serviceexecutant codeservicechorus servicecode",
    BUCKETS: "",
    "not_before": "nepasrelanceravant relanceapresle suspendujusquau donotchasebefore",
}  # fmt: skip
SUMS = ("total", "net", "open", "paid", "debit", "credit")  # of which one makes a table list claims
AMOUNTS = (*SUMS, "retention", BUCKETS)
DATES = ("issued", "due", "settled", "presented", "assigned", "retention_until", "not_before")
BUCKET = re.compile(
    r"(total |solde |montant )?(non echus?|a echoir|pas echus?|not due|current)"
    r"|(echus? |retard |de |entre )*[<]?\d{1,3} ?(-|a|to|/|et) ?\d{1,3} ?(j|jrs?|jours?|days?)?"
    r"|(echus? |retard )*([>+]|\+ de|plus de|over|sup a|superieur a|au dela de|older than) ?\d{1,3} ?(j|jrs?|jours?|days?)?"
    r"|(echus? |retard )*\d{1,3} ?(\+|et plus|j et plus|jours et plus|days \+|and over)"
    r"|(echus? |retard )*\d{1,3} (j|jrs?|jours?|days?)|older|plus ancien"
)
STRENGTH = {
    name: (field, -rank)
    for field, names in reversed(NAMES.items())
    for rank, name in reversed(list(enumerate(names.split())))
}
HEADER_WITHIN = 40
UNITS = ("eneuros", "eneur", "euros", "eur", "enk", "ttceur")


def claim_of(header: str) -> tuple[str, int] | None:
    """The field that a header claims, and how surely (the nearer to 0, the surer)."""
    plain = plain_name(header)
    if plain in STRENGTH:
        return STRENGTH[plain]
    for unit in UNITS:
        if plain.endswith(unit) and plain[: -len(unit)] in STRENGTH:
            return STRENGTH[plain[: -len(unit)]]
    return None


def field_of(header: str) -> str:
    """The field that a header names, or nothing."""
    claim = claim_of(header)
    return claim[0] if claim else ""


def is_bucket(header: str) -> bool:
    """True for a heading of an aged balance: not due, 31-60 days, more than 90 days."""
    plain = " ".join(re.sub(r"[.()]", " ", folded(header.replace("–", "-"))).split())
    return bool(plain) and BUCKET.fullmatch(plain) is not None


def header_of(rows: Iterable[list[str]]) -> tuple[int, dict[int, str], Tool | None]:
    """The line that names the most fields among the first ones (reports often start with a title), its fields by column,
    and the tool whose export it is, if one is known by its headings."""
    best: tuple[int, dict[int, str], Tool | None] = (0, {}, None)
    most = 0
    for index, headers in enumerate(rows):
        if index >= HEADER_WITHIN:
            break
        tool = tool_of(headers)
        fields = fields_of(headers, tool)
        named = len(fields) + sum(map(is_bucket, headers))
        if named >= 2 and named > most:
            best, most = (index, fields, tool), named
    return best


def fields_of(headers: list[str], tool: Tool | None = None) -> dict[int, str]:
    """The field of each column, each field once: what a known tool means by it, else the surest header, else the first."""
    if tool is not None:
        said = tool.fields_of(headers)
        others = fields_of([header if index not in said else "" for index, header in enumerate(headers)])
        unsaid = {at: field for at, field in others.items() if field not in said.values()}
        return {at: field for at, field in sorted((said | unsaid).items()) if field}
    claims = sorted((-claim[1], index, claim[0]) for index, header in enumerate(headers) if (claim := claim_of(header)))
    taken: dict[str, int] = {}
    for _, index, field in claims:
        taken.setdefault(field, index)
    fields = {index: field for field, index in taken.items()}
    for _, index, _ in claims:
        plain = plain_name(headers[index])
        if index not in fields and plain in ("client", "customer", "tiers") and "customer_key" not in fields.values():
            fields[index] = "customer_key"  # « Client » beside « Nom » is a code
        if index not in fields and plain in ("nom", "name") and "contact_first_name" in taken:
            fields[index] = "contact_name"  # « Nom » beside « Raison sociale » and « Prénom » is a person's
    if (
        not any(field in fields.values() for field in SUMS) and sum(map(is_bucket, headers)) < 2
    ):  # a list of customers: its numbers and types are theirs
        for field, theirs in (("number", "customer_key"), ("kind", "customer_kind")):
            if field in taken and theirs not in taken:
                fields[taken[field]] = theirs
    return dict(sorted(fields.items()))
