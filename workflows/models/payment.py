"""What is to be paid online before a step of the procedure, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from workflows.models.process import CaseRow


class PaymentStatus(models.TextChoices):
    """``wanted`` is not at the payment platform yet; ``void`` need not be paid any more."""

    WANTED = "wanted"
    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"
    VOID = "void"


class Payment(CaseRow):
    """The fee of a case as it is demanded from the applicant.

    ``request`` is our id of the present attempt at the platform, ``transaction`` the platform's.
    ``items`` are the lines of the fee: title, quantity, cents_each.
    """

    # The Kassenzeichen, under which the cash office knows it.
    reference = models.CharField(max_length=35)
    cents = models.IntegerField()
    items = models.JSONField(default=list)
    status = models.CharField(
        max_length=8, choices=PaymentStatus.choices, default=PaymentStatus.WANTED
    )
    due_on = models.DateField()
    demanded_at = models.DateTimeField()
    request = models.UUIDField()
    transaction = models.CharField(max_length=64, blank=True, default="")
    url = models.CharField(max_length=2082, blank=True, default="")
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    # What the platform refused last, in its own code.
    failure = models.CharField(max_length=60, blank=True, default="")
    paid_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=8, blank=True, default="")
    receipt = models.CharField(max_length=60, blank=True, default="")
    overdue_at = models.DateTimeField(null=True)
    refund_due_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "reference"], name="one_payment_reference"),
            models.UniqueConstraint(fields=["case"], name="one_payment_per_case"),
            models.CheckConstraint(
                name="payment_status_is_known", condition=Q(status__in=PaymentStatus.values)
            ),
            models.CheckConstraint(name="payment_is_of_something", condition=Q(cents__gt=0)),
            models.CheckConstraint(
                name="paid_payment_says_when",
                condition=~Q(status="paid") | Q(paid_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="payments_to_be_asked",
            ),
            models.Index(fields=["tenant", "status", "due_on"], name="payments_by_status"),
        ]
