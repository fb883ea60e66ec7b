"""Background tasks of the knowledge base: thin, each calls one function with a primary key."""

from django_tasks import task


@task()
def make_page_paper(paper_pk: int) -> bool:
    """Draw the PDF of a page."""
    from knowledge_hub.exports import page_pdf

    return page_pdf.make(paper_pk)
