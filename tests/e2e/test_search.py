"""Search in a browser: with the keyboard, with a screen reader, and without JavaScript."""

from tests.e2e.looking import violations


def test_suggestions_are_chosen_with_the_keyboard(browser, site):
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/cari/")
    field = page.locator("#search-query")
    field.press_sequentially("kolab")
    options = page.locator("[role=listbox] [role=option]")
    options.first.wait_for()

    assert field.get_attribute("role") == "combobox"
    assert field.get_attribute("aria-expanded") == "true"
    assert "Kolaborasi tiga pihak" in options.first.inner_text()
    assert page.locator(".suggest [role=status]").inner_text().startswith("1 saran")
    assert violations(page) == []

    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    field.press("Escape")
    assert options.count() == 0
    assert field.input_value() == "kolab"
    field.press("ArrowDown")
    options.first.wait_for()
    field.press("ArrowDown")
    with page.expect_navigation():
        field.press("Enter")
    assert page.url.endswith("/pengetahuan/kolaborasi-tiga-pihak/")
    context.close()


def test_regions_are_suggested_without_forcing_a_choice(visitor):
    guest = visitor("pencari")
    page = guest.open("/")
    page.locator("input[data-suggest]").press_sequentially("batubara")
    page.locator("[role=option]", has_text="Batu Bara").last.wait_for()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/cari/?q=batubara")
    assert page.locator(".results li").count() >= 1
    assert guest.complaints == []


def test_results_are_narrowed_without_javascript(visitor):
    guest = visitor("pencari-tanpa-skrip", javascript=False)
    page = guest.open("/cari/?q=binjai")
    before = page.locator(".results li").count()
    guest.press(".facets a:has-text('Studi kasus')")

    assert 0 < page.locator(".results li").count() < before
    guest.press(".chips a")
    assert page.locator(".results li").count() == before
