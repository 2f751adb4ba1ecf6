"""Legal forms of the French register: INSEE's codes, what they are called, and which of them are public bodies."""

FORMS = {
    "1000": "Entrepreneur individuel",
    "2110": "Indivision entre personnes physiques",
    "2310": "Société de fait",
    "2210": "Société créée de fait",
    "3110": "Représentation d’un État étranger",
    "3120": "Société commerciale étrangère",
    "3205": "Organisation internationale",
    "4110": "Établissement public national industriel ou commercial doté d’un comptable public",
    "4120": "Établissement public national industriel ou commercial",
    "4130": "Exploitant public",
    "4140": "Établissement public local industriel ou commercial",
    "4150": "Régie d’une collectivité locale",
    "5191": "Société de caution mutuelle",
    "5202": "Société en nom collectif",
    "5306": "Société en commandite simple",
    "5308": "Société en commandite par actions",
    "5410": "SARL nationale",
    "5415": "SARL d’économie mixte",
    "5422": "SARL immobilière pour le commerce et l’industrie",
    "5458": "SARL coopérative ouvrière de production",
    "5460": "Autre SARL coopérative",
    "5485": "Société d’exercice libéral à responsabilité limitée",
    "5498": "SARL unipersonnelle",
    "5499": "Société à responsabilité limitée",
    "5505": "SA à participation ouvrière à conseil d’administration",
    "5510": "SA nationale à conseil d’administration",
    "5515": "SA d’économie mixte à conseil d’administration",
    "5558": "SA coopérative ouvrière de production à conseil d’administration",
    "5560": "Autre SA coopérative à conseil d’administration",
    "5585": "Société d’exercice libéral à forme anonyme",
    "5599": "SA à conseil d’administration",
    "5699": "SA à directoire",
    "5710": "SAS, société par actions simplifiée",
    "5720": "SASU, société par actions simplifiée à associé unique",
    "5785": "Société d’exercice libéral par actions simplifiée",
    "5800": "Société européenne",
    "6100": "Caisse d’épargne et de prévoyance",
    "6220": "Groupement d’intérêt économique",
    "6316": "Coopérative d’utilisation de matériel agricole en commun",
    "6317": "Société coopérative agricole",
    "6521": "Société civile de placement collectif immobilier",
    "6533": "Groupement agricole d’exploitation en commun",
    "6540": "Société civile immobilière",
    "6541": "Société civile immobilière de construction-vente",
    "6589": "Société civile de moyens",
    "6595": "Caisse locale de crédit mutuel",
    "6597": "Société civile d’exploitation agricole",
    "6598": "Exploitation agricole à responsabilité limitée",
    "6599": "Autre société civile",
    "7120": "Service central d’un ministère",
    "7150": "Service du ministère de la Défense",
    "7171": "Service déconcentré de l’État à compétence régionale",
    "7172": "Service déconcentré de l’État à compétence départementale",
    "7210": "Commune",
    "7220": "Département",
    "7229": "Autre collectivité territoriale",
    "7230": "Région",
    "7344": "Métropole",
    "7343": "Communauté urbaine",
    "7346": "Communauté de communes",
    "7348": "Communauté d’agglomération",
    "7353": "Syndicat intercommunal à vocation multiple",
    "7354": "Syndicat mixte fermé",
    "7355": "Syndicat mixte ouvert",
    "7361": "Centre communal d’action sociale",
    "7364": "Établissement d’hospitalisation",
    "7365": "Syndicat interhospitalier",
    "7372": "Service départemental d’incendie et de secours",
    "7383": "Établissement public national à caractère scientifique, culturel et professionnel",
    "7389": "Établissement public national à caractère administratif",
    "7371": "Office public d’habitation",
    "7331": "Établissement public local d’enseignement",
    "7410": "Groupement d’intérêt public",
    "8210": "Mutuelle",
    "9110": "Syndicat de copropriété",
    "9150": "Association syndicale libre",
    "9210": "Association non déclarée",
    "9220": "Association déclarée",
    "9221": "Association déclarée d’insertion par l’économique",
    "9230": "Association reconnue d’utilité publique",
    "9260": "Association de droit local",
    "9300": "Fondation",
}
GROUPS = {
    "1": "Entrepreneur individuel", "2": "Groupement sans personnalité morale", "31": "Personne morale étrangère",
    "4": "Personne morale de droit public soumise au droit commercial", "52": "Société en nom collectif",
    "53": "Société en commandite", "54": "Société à responsabilité limitée", "55": "SA à conseil d’administration",
    "56": "SA à directoire", "57": "Société par actions simplifiée", "58": "Société européenne", "62": "Groupement d’intérêt économique",
    "63": "Société coopérative agricole", "65": "Société civile", "71": "Administration de l’État", "72": "Collectivité territoriale",
    "73": "Établissement public administratif", "74": "Autre personne morale de droit public administratif",
    "8": "Organisme privé spécialisé", "91": "Syndicat de propriétaires", "92": "Association loi de 1901", "93": "Fondation",
    "99": "Autre personne morale de droit privé",
}  # fmt: skip
HOSPITALS = ("7364", "7365")
STATE_ESTABLISHMENTS = ("7381", "7382", "7383", "7384", "7385", "7389")


def form_words(code: str) -> str:
    """What a legal form is called in French: the form itself, else its group; empty for a code that is none."""
    return FORMS.get(code) or GROUPS.get(code[:2]) or GROUPS.get(code[:1], "")


def public_buyer(code: str) -> str:
    """Which public buyer a legal form makes (code de la commande publique, art. R2192-10 and R2192-11); empty for none."""
    if code in HOSPITALS:
        return "hospital"
    if code.startswith("71") or code in STATE_ESTABLISHMENTS:
        return "state"
    if code.startswith("7"):
        return "local"
    return "public_enterprise" if code.startswith("4") else ""
