"""Tests of backoffice.pages.presenters.attempts: a refused form comes back as it was filled in."""

from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.rows import ActionField, ActionRow, Option
from efile.kernel.errors import FieldError

FORM = ActionRow(
    key="ask",
    label="Fragen",
    url="/ask",
    fields=(
        ActionField(name="text", label="Text", kind="textarea", value="Vorgabe"),
        ActionField(
            name="proofs",
            label="Was fehlt?",
            kind="checkboxes",
            options=(Option("a", "A", selected=True), Option("b", "B")),
        ),
    ),
)


class TestARefusedForm:
    def test_is_open_and_holds_what_was_typed(self) -> None:
        (row,) = reshown([FORM], Attempt("ask", {"text": ["Warum?"], "proofs": ["b"]}))

        text, proofs = row.fields
        assert row.open
        assert text.value == "Warum?"
        assert [option.value for option in proofs.options if option.selected] == ["b"]

    def test_is_empty_where_everything_was_deleted(self) -> None:
        (row,) = reshown([FORM], Attempt("ask", {"text": [""]}))

        assert row.fields[0].value == ""

    def test_has_its_faults_beside_the_fields_and_the_rest_above(self) -> None:
        errors = [FieldError("/text", "required"), FieldError("/elsewhere", "type")]
        (row,) = reshown([FORM], Attempt("ask", {}, errors, "Jemand war schneller."))

        assert row.fields[0].error
        assert [problem.field for problem in row.problems] == ["text", "", ""]
        assert row.problems[2].message == "Jemand war schneller."

    def test_leaves_the_others_as_they_are(self) -> None:
        (row,) = reshown([FORM], Attempt("note", {"text": ["x"]}))

        assert row == FORM
