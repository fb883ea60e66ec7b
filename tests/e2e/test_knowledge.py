"""The knowledge base in a browser: search, filters, shortlist, comparison, citation."""

import json

CASE = "/pengetahuan/kolaborasi-tiga-pihak/"


def test_readers_compare_and_cite_without_javascript(visitor):
    guest = visitor("pembaca", javascript=False)
    page = guest.page
    page.set_viewport_size({"width": 360, "height": 800})

    # Another spelling of a region, and a typing error.
    for typed, found in (("batubara", "Batu Bara"), ("kolaborsi", "Kolaborasi tiga pihak")):
        guest.open("/")
        page.fill("main form[role=search] input[name=q]", typed)
        guest.press("main form[role=search] button", picture=f"cari {typed}")
        assert found in page.inner_text("main ol"), typed

    # Three steps from home: the index, its filters, the comparison.
    guest.open("/")
    guest.press("header a[href='/pengetahuan/']")
    page.check("input[name=type][value=casestudypage]")
    page.click("summary:has-text('Dimensi')")
    page.check("input[name=dimension][value=smart-governance]")
    guest.press("button:has-text('Terapkan')", picture="kasus tersaring")
    assert page.locator(".chips a").count() == 2
    titles = page.locator(".card h2").all_inner_texts()
    assert len(titles) >= 2
    filtered = page.url

    # The count of a facet value equals its results; a chip removes the filter.
    page.click("summary:has-text('Arah layanan')")
    promised = page.locator("label:has([name=direction][value=g2b]) .count").inner_text()
    page.check("input[name=direction][value=g2b]")
    guest.press("button:has-text('Terapkan')", picture="arah layanan")
    assert promised == f"({page.locator('.card h2').count()})" != "(0)"
    guest.press(".chips a:has-text('G2B')")
    assert page.locator(".card h2").all_inner_texts() == titles
    guest.open(filtered)
    for number in (0, 1):
        page.locator("input[name=pick]").nth(number).check()
    guest.press("button:has-text('daftar pilihan')", picture="daftar pilihan")
    shared = page.url
    guest.press("button:has-text('Bandingkan')", picture="perbandingan")
    assert [text.strip() for text in page.locator("thead th").all_inner_texts()] == titles[:2]

    friend = visitor("teman", javascript=False)
    friend.open(shared)
    assert set(titles[:2]) <= set(friend.page.locator("h2").all_inner_texts())

    guest.open(CASE)
    assert "@online{" in guest.download("a[href$='.bib']").decode()
    assert guest.download("a[href$='.ris']").decode().startswith("TY  - ELEC")
    things = json.loads(page.locator("script[type='application/ld+json']").inner_text())["@graph"]
    assert {"Article", "BreadcrumbList"} == {thing["@type"] for thing in things}
    assert things[0]["license"] == page.locator("a[rel=license]").first.get_attribute("href")
    assert page.locator("link[rel=canonical]").get_attribute("href").endswith(CASE)
    assert guest.context.cookies() == []
    assert guest.complaints == []
