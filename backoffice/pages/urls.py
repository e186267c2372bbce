"""The addresses of the pages. Nothing in them is personal data: keys are random."""

from django.urls import path

from backoffice.pages import session
from backoffice.pages.views import actions, case, dispatch, documents, inbox, search, worklist

CASE = "cases/<uuid:case_id>"
ITEM = "inbox/<uuid:item_id>"

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}/take", actions.take, name="take"),
    path(f"{CASE}/assign", actions.assign, name="assign"),
    path(f"{CASE}/request-proof", actions.request_proof, name="request_proof"),
    path(f"{CASE}/questions/<uuid:question_id>/drop", actions.drop_question, name="drop_question"),
    path(f"{CASE}/grant", actions.grant, name="grant"),
    path(f"{CASE}/grant-in-part", actions.grant_in_part, name="grant_in_part"),
    path(f"{CASE}/refuse", actions.refuse, name="refuse"),
    path(f"{CASE}/notify", actions.notify, name="notify"),
    path(f"{CASE}/close", actions.close, name="close"),
    path(f"{CASE}/reopen", actions.reopen, name="reopen"),
    path(f"{CASE}/forward", actions.forward, name="forward"),
    path(f"{CASE}/withdraw", actions.withdraw, name="withdraw"),
    path(f"{CASE}/note", actions.note, name="note"),
    path(f"{CASE}/message", actions.message, name="message"),
    path(f"{CASE}/read", actions.read, name="read"),
    path("documents/<uuid:document_id>", documents.document, name="document"),
    path(
        "documents/<uuid:document_id>/download",
        documents.document,
        {"download": True},
        name="document_download",
    ),
    path("inbox", inbox.inbox, name="inbox"),
    path(ITEM, inbox.item, name="inbox_item"),
    path(f"{ITEM}/assign", inbox.assign, name="inbox_assign"),
    path(f"{ITEM}/reopen", inbox.reopen, name="inbox_reopen"),
    path(f"{ITEM}/files/<int:number>", documents.attachment, name="inbox_attachment"),
    path(
        f"{ITEM}/files/<int:number>/download",
        documents.attachment,
        {"download": True},
        name="inbox_attachment_download",
    ),
    path("dispatch", dispatch.dispatch, name="dispatch"),
    path("dispatch.csv", dispatch.dispatch_csv, name="dispatch_csv"),
    path("search", search.search, name="search"),
    path("search/<str:key>", search.result, name="search_result"),
    path("login", session.sign_in, name="login"),
    path("logout", session.sign_out, name="logout"),
    path("language", session.set_language, name="set_language"),
    path("profile", session.profile, name="profile"),
]
