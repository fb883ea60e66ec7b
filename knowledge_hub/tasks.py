"""Background tasks of the knowledge base: thin, each calls one function with a primary key."""

from django_tasks import task


@task()
def make_page_paper(paper_pk: int) -> bool:
    """Draw the PDF of a page."""
    from knowledge_hub.exports import page_pdf

    return page_pdf.make(paper_pk)


@task()
def check_links(after: int) -> None:
    """Look for broken links on some pages, and enqueue itself for those that follow; no task takes long."""
    from knowledge_hub.care import links

    last = links.check_some(after)
    if last is not None:
        check_links.enqueue(last)
