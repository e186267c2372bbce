"""The addresses of API v1, below /api/v1/."""

from django.urls import path, re_path

from api.endpoints import description
from api.endpoints.appointments import Appointment, Holds
from api.endpoints.callbacks import Callback
from api.endpoints.cases import CaseQuery
from api.endpoints.dialogue import Answers, MessageRead, Messages
from api.endpoints.documents import Document
from api.endpoints.events import Events
from api.endpoints.offers import Service, Services, Slots
from api.endpoints.payments import Payment
from api.endpoints.places import PlaceAnswer
from api.endpoints.proactive import Acceptance, Occasions, Offers, OfferSearch, Rejection
from api.endpoints.receipts import Receipt
from api.endpoints.resumable import ResumableUpload, ResumableUploads
from api.endpoints.submissions import Submission, Submissions, Withdrawal
from api.endpoints.token import Token
from api.endpoints.uploads import Upload, Uploads
from api.endpoints.validations import Validations
from api.fit_connect import callback as fit_connect
from api.fit_connect import schemas as fit_connect_schemas
from api.problems import not_found_view

app_name = "api"

urlpatterns = [
    path("oauth/token", Token.as_view(), name="token"),
    path("services", Services.as_view(), name="services"),
    path("services/<slug:key>", Service.as_view(), name="service"),
    path("services/<slug:key>/slots", Slots.as_view(), name="slots"),
    path("services/<slug:key>/slots/<str:slot>/hold", Holds.as_view(), name="hold"),
    path("uploads", Uploads.as_view(), name="uploads"),
    path("uploads/resumable", ResumableUploads.as_view(), name="resumable_uploads"),
    path("uploads/resumable/<uuid:upload>", ResumableUpload.as_view(), name="resumable_upload"),
    path("uploads/<uuid:upload>", Upload.as_view(), name="upload"),
    path("submissions", Submissions.as_view(), name="submissions"),
    path("submissions/<uuid:submission>", Submission.as_view(), name="submission"),
    path(
        "submissions/<uuid:submission>/documents/<uuid:document>",
        Document.as_view(),
        name="document",
    ),
    path("submissions/<uuid:submission>/answers", Answers.as_view(), name="answers"),
    path("submissions/<uuid:submission>/messages", Messages.as_view(), name="messages"),
    path(
        "submissions/<uuid:submission>/messages/<uuid:message>/read",
        MessageRead.as_view(),
        name="message_read",
    ),
    path("submissions/<uuid:submission>/receipt", Receipt.as_view(), name="receipt"),
    path("submissions/<uuid:submission>/appointment", Appointment.as_view(), name="appointment"),
    path("submissions/<uuid:submission>/payment", Payment.as_view(), name="payment"),
    path("submissions/<uuid:submission>/withdrawal", Withdrawal.as_view(), name="withdrawal"),
    path("submissions/<uuid:submission>/place-offer", PlaceAnswer.as_view(), name="place_offer"),
    path("validations", Validations.as_view(), name="validations"),
    path("cases/query", CaseQuery.as_view(), name="case_query"),
    path("occasions", Occasions.as_view(), name="occasions"),
    path("offers", Offers.as_view(), name="offers"),
    path("offers/search", OfferSearch.as_view(), name="offer_search"),
    path("offers/<uuid:offer>/acceptance", Acceptance.as_view(), name="offer_acceptance"),
    path("offers/<uuid:offer>/rejection", Rejection.as_view(), name="offer_rejection"),
    path("callback", Callback.as_view(), name="callback"),
    path("events", Events.as_view(), name="events"),
    path("fit-connect/callback", fit_connect.callback, name="fit_connect_callback"),
    path("fit-connect/<slug:name>/schema", fit_connect_schemas.of_dialogue, name="dialogue_schema"),
    path("services/<slug:key>/schema", fit_connect_schemas.of_service, name="service_schema"),
    path("openapi.json", description.openapi, name="openapi"),
    path("docs", description.docs, name="docs"),
    # What is no address of the API is answered by the API all the same.
    re_path(r"", not_found_view, name="nowhere"),
]
