"""The initial content has the facts of its source in both languages, and loading it again changes nothing."""

from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page, Revision, Site
from wagtail.test.utils import WagtailPageTestCase

from knowledge_hub.content import loader
from knowledge_hub.models import (
    ApplicationPage,
    ArticlePage,
    CaseStudyPage,
    Dimension,
    ForumPage,
    KnowledgeIndexPage,
    PageTopic,
    PartnerPage,
    Region,
    SubDimension,
)

SOURCED = (CaseStudyPage, ForumPage, ArticlePage, PartnerPage)


class InitialContentTest(WagtailPageTestCase):
    @classmethod
    def setUpTestData(cls):
        loader.load()

    def public_pages(self):
        return list(Page.objects.live().public().filter(depth__gte=2).specific())

    def test_taxonomy_and_regions_are_loaded(self):
        assert (Dimension.objects.count(), SubDimension.objects.count()) == (6, 18)
        assert Region.objects.filter(parent=None).count() == 38
        assert Region.objects.exclude(parent=None).count() == 514

    def test_batu_bara_has_the_spelling_alias(self):
        assert Region.objects.get(aliases__contains="Batubara").code == "12.19"

    def test_each_language_has_the_same_pages(self):
        for language in ("id", "en"):
            counts = {model: model.objects.filter(locale__language_code=language).count() for model in SOURCED}
            assert counts == {CaseStudyPage: 3, ForumPage: 1, ArticlePage: 1, PartnerPage: 3}

    def test_every_page_has_its_translation(self):
        for page in self.public_pages():
            assert {twin.locale.language_code for twin in page.get_translations(inclusive=True)} == {"id", "en"}, page.title

    def test_every_item_names_its_source(self):
        for model in SOURCED:
            for page in model.objects.all():
                (source,) = page.sources
                assert (source.value["publisher"], source.value["date"].isoformat()) == ("Sumut Pos", "2018-11-15"), page.title

    def test_no_case_claims_measured_or_verified_results(self):
        for case in CaseStudyPage.objects.all():
            assert not case.is_proven
            assert case.last_verified_at is None
            assert case.status == CaseStudyPage.Status.UNKNOWN
        # The source names no application, so the catalogue is empty.
        assert not ApplicationPage.objects.exists()

    def test_the_forum_has_the_facts_of_its_source(self):
        forum = ForumPage.objects.get(locale__language_code="id")
        assert forum.date.isoformat() == "2018-11-13"
        assert forum.venue == "Ruang Rapat Soegijanto Soegijoko 1-2, Gedung Bappenas, Jakarta Pusat"
        first, *others = [row.value for row in forum.speakers]
        assert (first["name"], first["position"]) == ("H Muhammad Idaham", "Wali Kota Binjai")
        assert first["talk"] == "Digital Government : Strategies, Achievements and Planning of Binjai Smart City."
        # The source does not name the last speaker.
        assert [other["name"] for other in others] == ["Prof Naoko Iwasaki", "Prof Toshio Obi", None]

    def test_the_site_starts_with_the_indonesian_home(self):
        site = Site.objects.get()
        assert site.is_default_site
        assert site.root_page.locale.language_code == "id"
        assert {page.content_type.app_label for page in Page.get_first_root_node().get_children()} == {"home"}

    def test_the_page_tree_has_no_problems(self):
        # Publishing a revision made before a page had children would detach them: their addresses would be 404.
        assert not any(Page.find_problems())

    def test_the_latest_draft_contains_topics_and_directions(self):
        case = CaseStudyPage.objects.get(slug="aplikasi-g2g-g2c-g2b")
        draft = case.get_latest_revision_as_object()
        assert {link.topic.slug for link in draft.page_topics.all()} == {link.topic.slug for link in case.page_topics.all()} != set()
        assert {link.direction for link in draft.page_directions.all()} == {"g2g", "g2c", "g2b"}

    def test_the_home_page_features_the_cases_in_one_revision(self):
        for home in Page.objects.filter(depth=2).specific():
            assert [item.page.specific_class for item in home.featured.all()][:3] == [CaseStudyPage] * 3
            assert home.revisions.count() == 1

    def test_loading_again_changes_nothing(self):
        before = self.fingerprint()

        call_command("load_initial_content", verbosity=0)

        assert self.fingerprint() == before

    def test_deleted_or_renamed_pages_are_not_recreated(self):
        ArticlePage.objects.get(locale__language_code="id").delete()
        forum = ForumPage.objects.get(locale__language_code="id")
        forum.slug = "forum-lain"
        forum.save()
        before = Page.objects.count()

        loader.load()

        assert Page.objects.count() == before

    def fingerprint(self):
        return (
            list(Page.objects.order_by("pk").values_list("pk", "path", "title", "latest_revision", "last_published_at")),
            Revision.objects.count(),
            PageTopic.objects.count(),
            Region.objects.count(),
            SubDimension.objects.count(),
        )

    def test_every_page_can_be_read_and_edited(self):
        self.login()
        for page in self.public_pages():
            self.assertPageIsRenderable(page)
            assert self.client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200, page.title

    def test_pages_declare_their_language(self):
        for page in self.public_pages():
            response = self.client.get(page.url)
            assert response.status_code == 200
            html = response.content.decode()
            assert f'<html lang="{page.locale.language_code}">' in html, page.title

    def test_the_index_allows_every_knowledge_type(self):
        for model in (*SOURCED[:3], ApplicationPage):
            self.assertCanCreateAt(KnowledgeIndexPage, model)
