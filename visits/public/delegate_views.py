"""The guest's list of delegates: typed or uploaded, reviewed, and saved as a whole."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from knowledge_hub.core.language import active_language
from visits import delegate_sheets
from visits.domain import delegates as domain
from visits.domain import tokens
from visits.models import Visit
from visits.public.delegate_forms import MORE_ROWS, PersonFormSet, UploadForm, add_row_errors, formset_of, person_rows
from visits.public.secret_pages import perform, secret_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def delegates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page of the list. POST with ``action`` more, upload or save."""
    if not domain.can_edit(visit):
        return _page(request, visit, formset_of(visit.delegates.all(), empty=0), status=409 if request.method == "POST" else 200)
    if request.method == "GET":
        existing = list(visit.delegates.all())
        return _page(request, visit, formset_of(existing, empty=MORE_ROWS if existing else min(visit.group_size or MORE_ROWS, 10)))
    action = request.POST.get("action")
    if action == "upload":
        return _upload(request, visit)
    formset = PersonFormSet(request.POST)
    if not formset.is_valid():
        return _page(request, visit, formset, refusal=_("The list could not be read. Please try again."), status=422)
    rows, form_of_row = _rows(formset)
    if action == "more":
        return _page(request, visit, formset_of(rows))
    outcome = perform(lambda: domain.replace_list(visit, rows))
    if outcome.is_done:
        return redirect("visits:status", token=request.visit_token)
    if isinstance(outcome.error, domain.DelegatesRefused):
        errors = add_row_errors(outcome.error.errors, form_of_row)
        return _page(request, visit, formset, refusal=outcome.refusal, errors=errors, status=422)
    return _page(request, visit, formset, refusal=outcome.refusal, status=outcome.status)


def _rows(formset):
    """The people of a formset with the row numbers that the reader sees, and the form of each row number."""
    rows, form_of_row = [], {}
    for number, form in enumerate(formset.forms, start=1):
        row = form.row(number)
        if row:
            rows.append(row)
            form_of_row[number] = form
    return rows, form_of_row


def _upload(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Fill the rows from a file for review; nothing is saved."""
    typed = PersonFormSet(request.POST)
    kept = formset_of(_rows(typed)[0] if typed.is_valid() else visit.delegates.all())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, visit, kept, upload=form, status=422)
    try:
        sheet = delegate_sheets.read_delegates(form.cleaned_data["file"])
    except delegate_sheets.SpreadsheetRefused as refused:
        form.add_error("file", str(refused))
        return _page(request, visit, kept, upload=form, status=422)
    formset = formset_of(sheet.rows, empty=0, bound=True)
    formset.is_valid()
    errors = [*sheet.errors, *(error for error in domain.check_rows(visit, sheet.rows) if not _is_known(error, sheet.errors))]
    shown = add_row_errors(errors, {row.row: form for row, form in zip(sheet.rows, formset.forms, strict=True)})
    return _page(request, visit, formset, sheet=sheet, errors=shown, from_file=True, status=422 if errors else 200)


def _is_known(error: domain.RowError, others: list[domain.RowError]) -> bool:
    """Whether the cell has an error already; for example, cells with formulas are read as empty."""
    return any((error.row, error.field) == (other.row, other.field) for other in others)


def _page(request, visit: Visit, formset, *, upload=None, refusal="", errors=(), sheet=None, from_file=False, status=200) -> HttpResponse:
    context = {
        "visit": visit,
        "token": request.visit_token,
        "formset": formset,
        "people": person_rows(formset) if domain.can_edit(visit) else [],
        "upload": upload or UploadForm(),
        "can_edit": domain.can_edit(visit),
        "delegates": visit.delegates.all(),
        "refusal": refusal,
        "errors": errors,
        "sheet": sheet,
        "from_file": from_file,
    }
    return render(request, "visits/public/delegates.html", context, status=status)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Download of the spreadsheet template."""
    language = active_language()
    name = "daftar-delegasi.xlsx" if language == "id" else "delegates.xlsx"
    return HttpResponse(
        delegate_sheets.template(language), content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
