"""The speakers of a forum: one row each, with slides that only those learn of who may have them."""

import json
import re
from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from knowledge_hub.blocks.material import SpeakerBlock
from knowledge_hub.content import pages as content
from knowledge_hub.models import CustomDocument, ForumPage
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase

rows = import_module("knowledge_hub.migrations.0008_forum_speakers")


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


class FromTextToRowsTest(ContentTestCase):
    def test_what_a_site_had_as_text_becomes_the_rows_of_the_initial_content(self):
        for language, text in zip(("id", "en"), rows.OTHERS, strict=True):
            wanted = content.FORUM[language]
            speaker = list(rows.TALKERS)[("id", "en").index(language)]
            noted_by_the_editor = text.replace("<p>", '<p data-block-key="a1b2c">')

            made, participants = rows.in_rows(speaker, content.TALK, noted_by_the_editor + wanted["participants"])

            said = [{name: value for name, value in row["value"].items() if value} for row in json.loads(made)]
            assert said == wanted["speakers"]
            assert participants == wanted["participants"]

    def test_other_texts_are_kept_word_for_word_and_the_way_back_loses_nobody(self):
        made, participants = rows.in_rows("Sekda", "", "<p>Hadir: <b>semua</b></p>")
        assert json.loads(made)[0]["value"]["name"] == "Sekda"
        assert participants == "<p>Hadir: <b>semua</b></p>"
        assert rows.in_rows("", "", "")[0] == "[]"

        two = json.dumps([{"value": {"name": "A & B", "talk": "Judul"}}, {"value": {"name": "C <i>", "position": "Kadis"}}])
        assert rows.as_text(two, "<p>Hadir</p>") == ("A & B", "Judul", "<ul><li>C &lt;i&gt;, Kadis</li></ul><p>Hadir</p>")
