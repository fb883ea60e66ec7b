"""Feedback of readers: forms, spam protection, limits, and no cookies."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from knowledge_hub.models import PageFeedback
from tests.factories import UserFactory
from tests.knowledge_hub.content import CASE, ContentTestCase

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(request, time_machine):
    """Freeze the time, so that a test decides how long filling in the form takes."""
    time_machine.move_to(dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC), tick=False)
    if request.instance is not None:
        request.instance.clock = time_machine


class FeedbackTest(ContentTestCase):
    def address(self, kind):
        return f"/umpan-balik/{self.case().pk}/?kind={kind}"

    def send(self, kind="helpful", client=None, wait=MINUTE, **values):
        """Open the form, wait, and send it."""
        client = client or self.client
        html = client.get(self.address(kind)).content.decode()
        opened = re.search(r'name="opened" value="([^"]+)"', html)[1]
        self.clock.shift(wait)
        return client.post(self.address(kind), {"kind": kind, "opened": opened, "text": "", **values})

    def test_the_article_links_every_kind_of_feedback(self):
        answer = self.client.get(CASE)

        for kind in PageFeedback.Kind.values:
            assert f'/umpan-balik/{self.case().pk}/?kind={kind}"' in answer.content.decode()
        assert not answer.cookies

    def test_the_reply_address_is_deleted_on_closing(self):
        answer = self.send("question", text="Berapa orang?", reply_to="pembaca@contoh.invalid")

        assert answer.url == f"/umpan-balik/{self.case().pk}/terima-kasih/"
        feedback = PageFeedback.objects.get()
        assert (feedback.kind, feedback.text, feedback.reply_to) == ("question", "Berapa orang?", "pembaca@contoh.invalid")

        admin = Client()
        admin.force_login(UserFactory(admin=True))
        admin.post(f"/admin/snippets/knowledge_hub/pagefeedback/edit/{feedback.pk}/", {"note": "Dijawab."})
        feedback.refresh_from_db()
        assert feedback.closed_at is not None
        assert feedback.reply_to == ""

    def test_an_opinion_stores_no_address(self):
        self.send("not_helpful", reply_to="pembaca@contoh.invalid")

        assert PageFeedback.objects.get().reply_to == ""

    def test_a_question_without_text_is_refused(self):
        answer = self.send("question")

        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
        assert not PageFeedback.objects.exists()

    def test_spam_is_thanked_but_not_stored(self):
        for trap in (
            {"website": "http://spam.invalid"},
            {"wait": dt.timedelta(seconds=1)},
            {"opened": "x"},
            {"wait": dt.timedelta(days=2)},
        ):
            assert self.send("error", text="spam", **trap).status_code == 302
        assert not PageFeedback.objects.exists()

    def test_feedback_is_limited_per_reader(self):
        answers = [self.send("error", text=f"pesan {n}").status_code for n in range(12)]

        assert answers == [302] * 10 + [429] * 2
        assert PageFeedback.objects.count() == 10

    def test_editors_see_feedback_in_their_list(self):
        self.send("error", text="Tahunnya keliru")
        admin = Client()
        admin.force_login(UserFactory(admin=True))

        html = admin.get("/admin/snippets/knowledge_hub/pagefeedback/").content.decode()

        assert "Tahunnya keliru" in html
        assert self.case().title in html

    def test_only_questions_may_have_a_reply_address(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            PageFeedback.objects.create(page=self.case(), kind="helpful", reply_to="a@contoh.invalid", language="id")
