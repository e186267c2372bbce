"""Tenants, units and people; the journal that is also the outbox."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from efile.kernel.ids import uuid7


class Installation(models.Model):
    """One row: what this database is. A demo database may be told another time of day."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="one_installation", condition=Q(id=1))]


class Tenant(models.Model):
    """A municipality. Everything else belongs to exactly one."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    regional_key = models.CharField(max_length=12, unique=True)
    letterhead = models.JSONField(default=dict)
    # Days on which the town hall is closed: they move processing targets, never legal deadlines.
    closing_days = ArrayField(models.DateField(), default=list)
    # Whether a portal may show people who sign in to it their cases over all channels.
    offers_dashboard = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="regional_key_has_12_digits", condition=Q(regional_key__regex=r"^\d{12}$")
            )
        ]

    def __str__(self) -> str:
        return self.key


class Unit(models.Model):
    """An office, department or team; ``path`` holds the keys from the root down to it."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="unit_of_tenant"),
            models.UniqueConstraint(fields=["tenant", "key"], name="unit_key_is_unique"),
        ]

    def __str__(self) -> str:
        return self.key


class User(AbstractBaseUser):
    """A person who works here."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="de")
    keys_enabled = models.BooleanField(default=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="user_of_tenant")
        ]


class Role(models.TextChoices):
    """What a person is in a unit. The published matrix (efile.policy) says what follows."""

    CASEWORKER = "caseworker"
    HEAD = "head"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Membership(models.Model):
    """``user`` acts as ``role`` in ``unit`` and all units below it, for these access classes."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_constraint=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    role = models.CharField(max_length=20, choices=Role.choices)
    access_classes = ArrayField(models.CharField(max_length=20))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "user", "unit", "role"], name="one_membership_each"
            ),
            models.CheckConstraint(
                name="membership_role_is_known", condition=Q(role__in=Role.values)
            ),
        ]


class JournalChain(models.Model):
    """The head of one chain: a case's (same id as the case) or the tenant's own."""

    id = models.UUIDField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    seq = models.IntegerField()
    head = models.BinaryField(max_length=32)
    # Proves (id, seq, head): a cut tail with a matching head needs the key.
    proof = models.BinaryField(max_length=32)
    sealed_seq = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="chain_of_tenant")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant"],
                condition=Q(seq__gt=models.F("sealed_seq")),
                name="chains_to_seal",
            )
        ]


class JournalEntry(models.Model):
    """What happened, by whom, when. Written once; the application's role cannot change it."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    chain = models.ForeignKey(
        JournalChain, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    seq = models.IntegerField()
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=200)
    at = models.DateTimeField()
    previous = models.BinaryField(max_length=32)
    # SHA-256(salt ‖ canonical values): says nothing once salt and values are erased.
    values_digest = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_entry_per_link"),
            models.UniqueConstraint(fields=["tenant", "id"], name="entry_of_tenant"),
        ]


class JournalValues(models.Model):
    """The values of an entry (from → to), beside the chain, so that they can lawfully go."""

    chain = models.UUIDField()
    seq = models.IntegerField()
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    salt = models.BinaryField(max_length=16)
    # RFC 8785 text, kept to the letter because the digest is over these bytes.
    values = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_set_of_values_per_entry")
        ]


class JournalSeal(models.Model):
    """Once a minute, per tenant: a chained root over all heads that moved since the last one."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    number = models.IntegerField()
    at = models.DateTimeField()
    members = models.IntegerField()
    previous = models.BinaryField(max_length=32)
    root = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="seals_are_numbered"),
            models.UniqueConstraint(fields=["tenant", "id"], name="seal_of_tenant"),
        ]


class JournalSealMember(models.Model):
    """What a seal says of one chain: it had ``seq`` entries and this head."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    seal = models.ForeignKey(JournalSeal, models.PROTECT, related_name="+", db_constraint=False)
    chain = models.UUIDField()
    seq = models.IntegerField()
    head = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["chain", "seq"], name="seals_of_chain")]


class Delivery(models.Model):
    """An owed reaction to what happened. It exists until its effect is committed."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    reaction = models.CharField(max_length=60)
    subject = models.UUIDField()
    correlation = models.CharField(max_length=64, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(default=0, db_default=0)
    is_dead = models.BooleanField(default=False, db_default=False)
    # The class of the last failure; its message may hold personal data and is not kept.
    last_failure = models.CharField(max_length=120, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="delivery_of_tenant")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(is_dead=False), name="deliveries_due")
        ]


def new_key() -> object:
    """The default of primary keys of business rows."""
    return uuid7()
