from django.shortcuts import render


def search(request):
    """The public search page."""
    return render(request, "search/search.html")
