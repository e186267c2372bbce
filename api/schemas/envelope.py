"""What a sender hands in: the envelope of a submission. Its form is the service's to describe."""

from typing import Final

from api.schemas.parts import LANGUAGE, UUID, Schema, closed, component, listed, text

# Lengths are those of the columns (efile.models.party): what passes here can be kept.
_ADDRESS: Schema = {
    "type": "object",
    "properties": {
        "street": text(300),
        "number": text(300, "House number with its addition."),
        "postcode": text(300),
        "city": text(300),
    },
    "additionalProperties": text(300),
    "maxProperties": 20,
    "description": "An address; further lines (addition, country …) under names of your own.",
}

_IDENTITY: Schema = closed(
    {
        "source": text(60, "Who vouches for the identity, such as bundid."),
        "assurance": {
            "enum": ["none", "basic", "substantial", "high"],
            "default": "none",
            "description": "Assurance level (eIDAS).",
        },
        "bpk2": text(200, "Pseudonym of the BundID account; kept as a keyed hash only."),
    }
)

_AUTHORITY: Schema = closed(
    {
        "scope": {
            "type": "array",
            "items": {"enum": ["application", "receipt"]},
            "minItems": 1,
            "uniqueItems": True,
            "description": "application: acts in the procedure; receipt: letters go there.",
        },
        "until": text(30, "Last day of the authority as YYYY-MM-DD; without one it is open."),
    },
    ["scope"],
    "What a representative may do for the applicant (§ 14 VwVfG).",
)

_PARTY: Schema = closed(
    {
        "role": text(30, "What the party is in the case: applicant, representative …"),
        "kind": {"enum": ["person", "organisation"]},
        "given_names": text(300),
        "family_name": text(300, "Somebody with a single name has it here."),
        "birth_name": text(300),
        "birth_date": text(30, "A day as YYYY-MM-DD; checked together with the form."),
        "organisation": text(300),
        "address": component("Address"),
        "email": text(254),
        "phone": text(60),
        "identity": component("Identity"),
        "authority": component("Authority"),
    },
    ["role", "kind"],
    "Who takes part. Names are kept as they are written (DIN 91379).",
)

_ATTACHMENT: Schema = closed(
    {
        "upload": {**UUID, "description": "The id that POST uploads gave; used once."},
        "proof": text(60, "Which proof of the service this is; without one it is just enclosed."),
    },
    ["upload"],
)

EXAMPLE: Final[Schema] = {
    "service": "resident-parking",
    "language": "de",
    "form": {"plate": "D-LM 123", "zone": "A4"},
    "parties": [
        {
            "role": "applicant",
            "kind": "person",
            "given_names": "Đorđe",
            "family_name": "Yılmaz",
            "birth_date": "1981-04-02",
            "address": {
                "street": "Lindenstraße",
                "number": "1a",
                "postcode": "40764",
                "city": "Musterstadt",
            },
            "email": "dorde.yilmaz@example.org",
            "identity": {"source": "bundid", "assurance": "substantial"},
        }
    ],
    "attachments": [],
    "consents": {"electronic_delivery": True},
    "reply_channel": {"kind": "portal"},
    "on_invalid": "reject",
}

_SUBMISSION: Schema = {
    **closed(
        {
            "service": text(200, "Key of the service, see GET services.", minLength=1),
            "language": {**LANGUAGE, "default": "de"},
            "form": {
                "type": "object",
                "description": "What was filled in, as the service's form_schema says.",
            },
            "parties": listed(component("Party"), 100),
            "attachments": listed(component("Attachment"), 100),
            "consents": {
                "type": "object",
                "properties": {
                    "electronic_delivery": {
                        "type": "boolean",
                        "description": "The decision may be provided through the portal.",
                    }
                },
                "additionalProperties": {"type": "boolean"},
                "maxProperties": 20,
            },
            "reply_channel": closed({"kind": {"enum": ["portal"]}}, ["kind"]),
            "on_invalid": {
                "enum": ["reject", "clarify"],
                "default": "reject",
                "description": "reject: faults are refused with 422, for whoever is still at the "
                "portal. clarify: what was sent is kept for a person to look at (202).",
            },
        },
        ["service", "form"],
        "An application.",
    ),
    "examples": [EXAMPLE],
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Submission": _SUBMISSION,
    "Party": _PARTY,
    "Address": _ADDRESS,
    "Identity": _IDENTITY,
    "Authority": _AUTHORITY,
    "Attachment": _ATTACHMENT,
}
