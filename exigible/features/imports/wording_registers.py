"""The sentences about files of the company register and of the official bulletin."""

from django.utils.translation import gettext_noop

SENTENCES = {
    "register.broken": gettext_noop("This answer of the company register is cut or damaged: download it again."),
    "register.nobody": gettext_noop("This answer of the register names no company."),
    "register.siren": gettext_noop("Entry {line}: “{value}” is no SIREN of nine digits; the entry is left out."),
    "register.key": gettext_noop("Entry {line}: the check digit of SIREN {value} is wrong: check it."),
    "bodacc.broken": gettext_noop("This file of official notices (BODACC) is cut or damaged: download it again."),
    "bodacc.nobody": gettext_noop("This file holds no official notice."),
    "bodacc.date": gettext_noop("Entry {line}: the notice has no day of publication; it is left out."),
    "bodacc.which_day": gettext_noop(
        "This list gives one day a notice without saying whether it is the judgment’s or the publication’s: it was taken for that of the publication. Check it on the notice before you count a delay."
    ),
}
