"""The invented sixty customers of Atelier Lumen: who they are, how they are invoiced and how they pay."""

from dataclasses import dataclass
from unicodedata import normalize

CREDITOR_NAME = "Atelier Lumen"
CREDITOR_SIREN = "000100008"
CREDITOR_IBAN = "FR7699999000010000000012337"

# code | name | kind | conduct | terms | invoices in ten months | size | street | postcode | city | country or FR
# kind: B business, C consumer, S state, L local, H hospital, U unknown. Conducts are those of trade.py.
TABLE = """
ARCOBLIQ|Obliques & Lignes Architectes|B|good|30|12|M|14 montée des Lanternes|69005|Lyon
AGENCEPI|Agencement Pivoine SAS|B|good|45 FDM|20|L|3 rue du Compas|69100|Villeurbanne
AUBERGEC|Auberge du Col Perdu SARL|B|ordinary|30|6|M|||
BATIRHOD|Bâtirhodane Construction SAS|B|ordinary|45 FDM|20|X|210 avenue des Chaudronniers|69007|Lyon
BOULMAR1|Boulangerie Martelin|B|good|30|6|S|8 place du Four Banal|69004|Lyon
BOULMAR2|Boulangerie Martelin|B|ordinary|30|6|S|27 rue de la Meunière|74000|Annecy
BRAVIEUX|Brasserie du Vieux Quai SARL|B|ordinary|30|13|M|2 quai des Gabares|69002|Lyon
CABAVERN|Étude Avernois-Taillefumier|B|new|30|12|M|19 rue du Sceau|38000|Grenoble
CAMPLACS|Camping des Deux Lacs Gris|B|ordinary|60|7|M|route de la Digue|01000|Bourg-en-Bresse
CAVEPIER|Cave des Pierres Rondes|B|early|30|10|S|5 impasse du Pressoir|69220|Belleville-en-Beaujolais
CHARPBER|Charpentes Berthollin SAS|B|good|45 FDM|18|L|zone artisanale du Chêne Creux|42000|Saint-Étienne
CLIORMEA|Clinique vétérinaire des Ormelles|B|early|30|9|M|41 avenue des Sitelles|69300|Caluire-et-Cuire
CONCEPTU|Concept Tulle Intérieurs SARL|B|round_sums|30|9|M|12 rue de la Navette|69001|Lyon
COWORKRU|La Ruche Traboule SAS|B|new|30|14|L|6 passage des Ovalistes|69001|Lyon
DECOLUCI|Décors Lucioles SARL|B|ordinary|30|14|M|33 rue des Cintriers|69008|Lyon
ECOLMONT|École privée Montbrisac|B|ordinary|45 FDM|9|M|1 allée des Encriers|63000|Clermont-Ferrand
EPICVERT|Épicerie Vertefeuille SARL|B|new|30|9|S|16 rue du Boisseau|26000|Valence
EVENAURO|Aurore Boréole Événements SAS|B|chronic|30|18|L|80 cours du Levant|69003|Lyon
FLEURIAN|Fleurs de Rivanne|B|early|30|8|S|4 rue des Serres|42300|Roanne
FROMAJOU|Fromagerie de la Joue d'Or|B|good|30|7|S|chemin des Faisselles|73000|Chambéry
GALMAIND|Galerie Maindron-Lys SARL|B|early|30|12|M|22 rue du Vernis|69002|Lyon
GARAGEPO|Garage du Pont Tournant|B|chronic|30|12|S|95 route de l'Écluse|71000|Mâcon
HOTCIGAL|Hôtel des Cigales d'Argent SAS|B|ordinary|60|16|L|7 boulevard des Platanes|13008|Marseille
IMMOTERR|Foncière des Trois Terrasses SA|B|ordinary|60|12|X|118 rue des Belvédères|75008|Paris
IMPRILYS|Imprimerie du Lys Noir SARL|B|stopped|30|14|M|9 rue des Protes|69009|Lyon
LIBPAPIE|Librairie du Papier Voyageur|B|good|30|8|S|11 rue de l'Encre|21000|Dijon
MAROQGRI|Maroquinerie Grisolle SARL|B|good|30|8|M|28 rue des Tanneurs|35000|Rennes
MENFERRA|Menuiserie Ferrandou et Fils SARL|B|chronic|45 FDM|14|M|2 chemin de la Varlope|69400|Villefranche-sur-Saône
MUSFILAT|Musée de la Filature Ancienne|B|ordinary|30|8|M|50 rue des Bobines|59000|Lille
DISCONUI|La Nuit Cobalt SARL|B|stopped|30|10|M|66 quai des Docks|69002|Lyon
OPTIBELV|Optique Bellevesle|B|good|30|6|S|13 rue de la Dioptrie|31000|Toulouse
PHARMEYR|Pharmacie Meyrandon|B|early|30|8|S|1 place du Caducée|69006|Lyon
PROMCANU|Promotion Les Canuts Bleus SAS|B|chronic|60|14|X|40 rue du Métier|69001|Lyon
RESTABLE|La Table d'Ondine SARL|B|chronic|30|16|M|18 rue des Alevins|74200|Thonon-les-Bains
SCENOGRA|Scénographie Opaline SAS|B|ordinary|45 FDM|14|L|5 rue des Gélatines|93100|Montreuil
SPAROSEE|Spa Rosée de Mai SARL|B|ordinary|30|10|M|3 allée des Thermes|03200|Vichy
STUDIOCR|Studio Craie Blanche SAS|B|good|30|12|M|24 rue du Fusain|44000|Nantes
THECAPUC|Théâtre des Capucines Rousses|B|ordinary|30|11|M|10 place du Souffleur|69001|Lyon
TRANSGAR|Transports Garrigou-Lavaur SARL|B|stopped|60|9|L|zone logistique des Essieux|84000|Avignon
VERRSOUF|Verrerie Soufflenheau SARL|B|doubtful|30|6|L|1 rue de la Canne|69700|Givors
VIGNOBEL|Domaine de Bellefontelle|B|ordinary|60|8|M|lieu-dit Les Ceps Hauts|33000|Bordeaux
LUMIBRUX|Lumibrux Intérieurs SRL|B|ordinary|30|9|L|15 rue de la Mèche|1000|Bruxelles|BE
HOLZLICH|Holz und Lichthaus Rabenau GmbH|B|good|30|9|L|Lampenweg 21|79098|Freiburg|DE
HELVECHA|Chalets Helvoisine SA|B|early|30|4|L|7 chemin des Mazots|1003|Lausanne|CH
THAMESLA|Thamesbrook Interiors Ltd|B|ordinary|30|4|L|31 Lamplighter Row|SE1 0ZZ|London|GB
MAISTAUB|Mairie de Saint-Aubin-les-Ormes|L|public|30|12|L|1 place des Tilleuls|69870|Saint-Aubin-les-Ormes
MAIMONTF|Mairie de Montferrand-le-Perché|L|public|30|8|M|2 rue de la Halle|42130|Montferrand-le-Perché
COMCOVAL|Communauté de communes du Val de Rivanne|L|public|30|12|L|14 route des Lavoirs|42300|Rivanne-le-Bourg
DIRPATRI|Direction du patrimoine rhodanien|S|public|30|8|X|5 esplanade des Archives|69003|Lyon
HOPBELLE|Hôpital de Bellerive-sur-Rivanne|H|public|50|12|L|1 rue des Infirmières|42300|Bellerive-sur-Rivanne
CHARVIGN|M. Théodule Charvignac|C|consumer|0|2|S|6 rue du Cadran|69005|Lyon
VERDELHA|Mme Solange Verdelhan|C|consumer|30|2|M|45 chemin des Grillons|69130|Écully
BAUDRIMO|M. et Mme Baudrimont-Lacazette|C|consumer|30|2|M|9 allée des Bouvreuils|69340|Francheville
QUINTEFE|Mme Aliénor Quintefeuille|C|consumer|30|2|S|17 rue du Rossignol|06000|Nice
GRANDCOE|M. Basile Grandcœur|C|consumer|30|2|S|2 impasse du Grillage|38200|Vienne
LHOSTELI|Mme Perrine Lhostellerie|C|consumer|0|2|S|30 rue de la Treille|69007|Lyon
PELISSOU|M. Octave Pélissourd|C|consumer|30|2|M|8 rue des Girouettes|01700|Miribel
KERMOALA|Kermoalan Création|U|stopped|30|8|S|12 venelle des Filets|29000|Quimper
VOLETBLE|SARL Les Volets Bleuis|U|ordinary|30|7|M|20 rue du Persan|34000|Montpellier
MIRANDOL|Villa Mirandoline|U|no_terms||2|M|||
"""

# Peculiarities of contact details; an address whose local part is adresse-inexistante stands for one that bounces.
EMAILS = {
    "MENFERRA": "compta.menuiserie-ferrandou.example",
    "GARAGEPO": "adresse-inexistante@garage-du-pont-tournant.example",
    "MIRANDOL": "",
    "PELISSOU": "",
}
FIRST_NAMES = (
    "Amandine",
    "Bastien",
    "Célestine",
    "Damien",
    "Élodie",
    "Fabrice",
    "Garance",
    "Hadrien",
    "Inès",
    "Jocelyn",
    "Karima",
    "Loïc",
    "Maëlle",
    "Nadège",
    "Olivier",
)
LAST_NAMES = (
    "Arbouzier",
    "Belcastel",
    "Corvinel",
    "Dantresac",
    "Escoubard",
    "Ferlandin",
    "Gravoulet",
    "Hautbois",
    "Issardon",
    "Jaladieu",
    "Lavergnasse",
    "Mourguès",
    "Nolhaquet",
    "Orcival",
    "Peyrassol",
    "Quercitron",
    "Roumegous",
    "Sauvebelle",
    "Trévandrin",
    "Valcroze",
)
ROLES = ("Comptable fournisseurs", "Responsable comptable", "Gérance", "Direction financière", "Assistance de gestion")
PUBLIC_ROLES = {"L": "Service des finances", "S": "Service facturier", "H": "Direction des achats"}
KIND_WORDS = {
    "B": "Professionnel",
    "C": "Particulier",
    "U": "",
    "L": "Administration",
    "S": "Administration",
    "H": "Administration",
}
BUYER_WORDS = {"L": "Collectivité", "S": "État", "H": "Hôpital"}
# Ranges that the French, German and British regulators keep for fiction; none is known for Belgium and Switzerland.
PHONE_ZONES = {
    "IDF": "01 99 00",
    "NO": "02 61 91",
    "NE": "03 53 01",
    "SE": "04 65 71",
    "SO": "05 36 49",
    "C": "06 39 98",
}
ZONES = {
    "75": "IDF",
    "93": "IDF",
    "35": "NO",
    "44": "NO",
    "29": "NO",
    "59": "NE",
    "21": "NE",
    "71": "NE",
    "31": "SO",
    "33": "SO",
}
# The numbers that tax offices print in their own manuals.
FOREIGN_VAT = {"BE": "BE0123456749", "DE": "DE123456788", "CH": "CHE-123.456.788 TVA", "GB": "GB123456782"}


@dataclass(frozen=True)
class Customer:
    """One invented customer; texts as customers.csv prints them, `pace` in invoices per ten months."""

    code: str
    name: str
    kind: str
    conduct: str
    terms: str
    pace: int
    size: str
    street: str
    postcode: str
    city: str
    country: str
    siren: str
    vat: str
    contact: str
    role: str
    email: str
    phone: str
    language: str


def check_digit(digits: str) -> str:
    """The Luhn digit that makes `digits` followed by it valid."""
    doubled = [int(digit) * (2 - position % 2) for position, digit in enumerate(reversed(digits))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def french_vat(siren: str) -> str:
    """The French VAT number that belongs to a SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def customers() -> list[Customer]:
    """The sixty customers, in a fixed order."""
    return [read_row(rank, line.split("|")) for rank, line in enumerate(TABLE.strip().splitlines())]


def read_row(rank: int, cells: list[str]) -> Customer:
    """A customer from a line of the table; what the line does not say follows from its rank."""
    code, name, kind, conduct, terms, pace, size, street, postcode, city = cells[:10]
    country = cells[10] if len(cells) > 10 else "FR"
    siren = siren_of(rank, code, kind) if country == "FR" else ""
    contact = contact_of(rank, name, kind)
    return Customer(
        code=code,
        name=name,
        kind=kind,
        conduct=conduct,
        terms=terms,
        pace=int(pace),
        size=size,
        street=street,
        postcode=postcode,
        city=city,
        country=country,
        siren=siren,
        vat=french_vat(siren) if siren and kind in "BU" else FOREIGN_VAT.get(country, ""),
        contact=contact,
        role="" if kind == "C" else PUBLIC_ROLES.get(kind, ROLES[rank % len(ROLES)]),
        email=EMAILS[code] if code in EMAILS else email_of(name, kind, code),
        phone=phone_of(rank, kind, postcode, country),
        language="fr" if country in ("FR", "BE", "CH") else "en",
    )


def siren_of(rank: int, code: str, kind: str) -> str:
    """A SIREN of a range never given out: 000 1 for firms, and for public bodies the department 00."""
    if kind == "C" or code in ("KERMOALA", "MIRANDOL"):
        return ""
    prefix = {"L": "2100", "S": "1700", "H": "2600"}.get(kind, "0001")
    body = f"{prefix}{rank * 37 + 101:04d}"
    return body + check_digit(body)


def contact_of(rank: int, name: str, kind: str) -> str:
    """Whom to write to: the consumer in person, a person at a firm, the office of a public body."""
    if kind == "C":
        return name
    if kind in PUBLIC_ROLES:
        return PUBLIC_ROLES[kind]
    return f"{FIRST_NAMES[rank * 7 % len(FIRST_NAMES)]} {LAST_NAMES[rank * 3 % len(LAST_NAMES)]}"


def slug(text: str) -> str:
    """The text in lower-case ASCII words joined by hyphens."""
    plain = normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def email_of(name: str, kind: str, code: str) -> str:
    """An address under .example, which can belong to nobody."""
    if kind == "C":
        person = name.split(" ", 3 if " et " in name else 1)[-1]
        return f"{slug(person).replace('-', '.')}@courriel.example"
    if kind in PUBLIC_ROLES:
        return f"factures@{slug(name)}.example"
    # Two customers share one name: the second one's address tells them apart.
    return f"comptabilite@{slug(name)}{'-annecy' if code == 'BOULMAR2' else ''}.example"


def phone_of(rank: int, kind: str, postcode: str, country: str) -> str:
    """A number of a range kept for fiction, or nothing where the country keeps none."""
    tail = f"{(rank * 53 + 17) % 100:02d} {(rank * 29 + 41) % 100:02d}"
    if country == "DE":
        return f"+49 30 23125 {rank:03d}"
    if country == "GB":
        return f"+44 20 7946 0{rank:03d}"
    if country != "FR" or not postcode:
        return ""
    return f"{PHONE_ZONES['C' if kind == 'C' else ZONES.get(postcode[:2], 'SE')]} {tail}"
