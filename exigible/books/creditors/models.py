"""Creditors (the tenants), the people who work for them, their bank accounts, mail settings and keys."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from exigible.books.journal.models import Chained


class UserManager(BaseUserManager["User"]):
    """Makes users, who are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password only a one-time link lets that person in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(max_length=2, default="fr")
    is_active = models.BooleanField(default=True)
    is_staff: ClassVar[bool] = False
    is_superuser: ClassVar[bool] = False

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Creditor(Chained):
    """Whom the money is owed to: the tenant. Every other row belongs to exactly one."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    country = models.CharField(max_length=2, default="FR")
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    language = models.CharField(max_length=2, default="fr")
    currency = models.CharField(max_length=3, default="EUR")
    is_individual = models.BooleanField(default=False)

    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)
    share_capital = models.CharField(_("share capital"), max_length=40, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    register_town = models.CharField(_("town of the trade register"), max_length=80, blank=True)
    address = models.TextField(_("address"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    signatory_name = models.CharField(_("who signs"), max_length=120, blank=True)
    signatory_role = models.CharField(_("role"), max_length=120, blank=True)
    signatory_phone = models.CharField(_("direct line"), max_length=40, blank=True)
    signatory_email = models.EmailField(_("reply-to address"), blank=True)
    logo = models.BinaryField(null=True)
    signature = models.BinaryField(null=True)

    default_terms = models.CharField(max_length=40, default="30")
    waives_charges_when_paid = models.BooleanField(default=True)
    thanks_for_payments = models.BooleanField(default=False)
    first_messages_a_day = models.PositiveIntegerField(default=50)
    applies_certain_matches = models.BooleanField(default=False, db_default=False)
    money_known_days = models.PositiveSmallIntegerField(null=True, default=10, db_default=10)
    ledger_known_until = models.DateField(null=True)

    rehearses = models.BooleanField(default=True)
    live_since = models.DateField(null=True)
    signing_key = models.BinaryField(null=True)
    key_fingerprint = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person is to a creditor; roles.py says what each may do."""

    OWNER = "owner", _("owner")
    MANAGER = "manager", _("credit manager")
    COLLECTOR = "collector", _("collector")
    ACCOUNTANT = "accountant", _("accountant")
    READER = "reader", _("reader")


class Member(models.Model):
    """A person's role at a creditor."""

    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "user"], name="one_role_a_person")]


class SignInLink(models.Model):
    """A link that signs its owner in once; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """What lets a program work for a creditor over the REST API; only its digest is kept, with its last four letters."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    ends_with = models.CharField(max_length=4)
    scope = models.CharField(_("it may"), max_length=5, choices=Scope.choices, default=Scope.READ)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(_("it ends on"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class BankAccount(models.Model):
    """Where debtors pay; printed on messages, so that a change makes waiting messages stale."""

    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="bank_accounts")
    holder = models.CharField(_("account holder"), max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    is_default = models.BooleanField(default=True)
    known_until = models.DateField(null=True)


class MailServer(models.Model):
    """The SMTP server through which a creditor's e-mails leave; the password is stored encrypted."""

    SECURITY = (("starttls", "STARTTLS"), ("tls", "TLS"), ("none", _("none (local server)")))

    creditor = models.OneToOneField(Creditor, on_delete=models.CASCADE, related_name="mail_server")
    host = models.CharField(_("server"), max_length=200)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(_("security"), max_length=8, choices=SECURITY, default="starttls")
    username = models.CharField(_("user name"), max_length=200, blank=True)
    password_encrypted = models.BinaryField(null=True)
    from_address = models.EmailField(_("sender address"))
    from_name = models.CharField(_("sender name"), max_length=120, blank=True)
    copy_to = models.EmailField(_("copy to"), blank=True)
