"""The speakers of a forum: one row each, with slides that only those learn of who may have them."""

import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from knowledge_hub.blocks.material import SpeakerBlock
from knowledge_hub.models import CustomDocument, ForumPage
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase


class SpeakersTest(ContentTestCase):
    def forum(self) -> ForumPage:
        return ForumPage.objects.get(slug="forum-bappenas-2018")

    def give_slides(self, *, private: bool) -> ForumPage:
        collection = Collection.get_first_root_node().add_child(name="Bahan")
        if private:
            CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
        file = ContentFile(b"%PDF-1.4", name="paparan.pdf")
        slides = CustomDocument.objects.create(title="Paparan rahasia", file=file, collection=collection)
        page = self.forum()
        page.speakers[0].value["slides"] = slides
        page.attachments = [("attachment", {"document": slides, "title": ""})]
        page.body = [("document", slides)]
        page.save_revision().publish()
        return page

    def test_each_speaker_stands_in_its_row_with_office_and_talk(self):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.client.get(self.forum().url).content.decode()))

        assert "H Muhammad Idaham Wali Kota Binjai Pemerintah Kota Binjai “Digital Government : Strategies" in text
        assert "Ketua Kompartemen Model and Transformation Standar Asosiasi Prakarsa Indonesia Cerdas (APIC) Tidak disebutkan" in text

    def test_search_engines_are_told_the_speakers_that_have_a_name(self):
        html = self.client.get(self.forum().url).content.decode()
        event, _way = json.loads(re.search(r'application/ld\+json">(.*?)</script>', html)[1])["@graph"]

        assert [person["name"] for person in event["performer"]] == ["H Muhammad Idaham", "Prof Naoko Iwasaki", "Prof Toshio Obi"]
        assert event["performer"][1]["affiliation"]["name"] == "Waseda University Japan"

    def test_files_that_everybody_may_have_are_named_with_the_speaker(self):
        html = self.client.get(self.give_slides(private=False).url).content.decode()

        assert html.count("Paparan rahasia") == 3

    def test_private_files_are_not_even_named_on_a_public_page(self):
        page = self.give_slides(private=True)

        assert "Paparan rahasia" not in self.client.get(page.url).content.decode()

    def test_a_closed_page_names_its_private_files_to_those_who_may_read_it(self):
        page = self.give_slides(private=True)
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        self.client.force_login(UserFactory())

        assert self.client.get(page.url).content.decode().count("Paparan rahasia") == 3

    def test_a_row_that_says_nobody_is_refused(self):
        block = SpeakerBlock()

        with pytest.raises(ValidationError):
            block.clean(block.to_python({"organisation": "Bappenas"}))
        block.clean(block.to_python({"position": "Deputi"}))
