import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("creditors", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="charge",
            name="one_indemnity_an_invoice",
        ),
        migrations.AddField(
            model_name="charge",
            name="claimed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="charge",
            name="part_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="ledger.charge"
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="payment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="ledger.payment"
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="reason",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="charge",
            name="settled_on",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "indemnity"), ("part_of__isnull", True)),
                fields=("invoice",),
                name="one_indemnity_an_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("payment__isnull", False), ("state", "paid")),
                    models.Q(models.Q(("state", "paid"), _negated=True), ("payment__isnull", True)),
                    _connector="OR",
                ),
                name="a_paid_charge_has_its_payment",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("contract_rate__isnull", False), ("settled_on__isnull", True)),
                fields=["creditor", "contract_rate"],
                name="invoice_open_by_clause",
            ),
        ),
    ]
