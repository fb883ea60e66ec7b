"""The speakers of a forum, with slides that only permitted readers see."""

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

    def test_each_speaker_has_a_complete_row(self):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.client.get(self.forum().url).content.decode()))

        assert "H Muhammad Idaham Wali Kota Binjai Pemerintah Kota Binjai “Digital Government : Strategies" in text
        assert "Ketua Kompartemen Model and Transformation Standar Asosiasi Prakarsa Indonesia Cerdas (APIC) Tidak disebutkan" in text

    def test_structured_data_lists_the_named_speakers(self):
        html = self.client.get(self.forum().url).content.decode()
        event, _way = json.loads(re.search(r'application/ld\+json">(.*?)</script>', html)[1])["@graph"]

        assert [person["name"] for person in event["performer"]] == ["H Muhammad Idaham", "Prof Naoko Iwasaki", "Prof Toshio Obi"]
        assert event["performer"][1]["affiliation"]["name"] == "Waseda University Japan"

    def test_public_slides_are_listed_with_the_speaker(self):
        html = self.client.get(self.give_slides(private=False).url).content.decode()

        assert html.count("Paparan rahasia") == 3

    def test_private_slides_are_not_mentioned_publicly(self):
        page = self.give_slides(private=True)

        assert "Paparan rahasia" not in self.client.get(page.url).content.decode()

    def test_private_slides_are_listed_for_permitted_readers(self):
        page = self.give_slides(private=True)
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        self.client.force_login(UserFactory())

        assert self.client.get(page.url).content.decode().count("Paparan rahasia") == 3

    def test_a_speaker_without_name_and_position_is_refused(self):
        block = SpeakerBlock()

        with pytest.raises(ValidationError):
            block.clean(block.to_python({"organisation": "Bappenas"}))
        block.clean(block.to_python({"position": "Deputi"}))
