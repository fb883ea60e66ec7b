"""Factories for test data, with one trait per state: ``VisitFactory(approved=True, delegates=3)``."""

import datetime as dt

import factory
from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from knowledge_hub.models import Dimension, Region, SubDimension
from visits.domain import speakers, tokens
from visits.domain.calendar_days import VENUE_ZONE
from visits.enums import OrganisationKind, VisitStatus
from visits.models import (
    AgendaItem,
    AgendaTemplateItem,
    AttendanceEvent,
    Delegate,
    Disposition,
    Gift,
    HostOfficial,
    IncomingLetter,
    Minutes,
    PreparationTask,
    Programme,
    ProgrammeNeed,
    Question,
    Resource,
    ResourceKind,
    SpeakerInvitation,
    TaskTemplate,
    Visit,
    VisitPhoto,
    VisitSlot,
)


class UserFactory(DjangoModelFactory):
    """A member of staff; ``UserFactory(admin=True)`` may do everything."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    class Params:
        admin = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence(lambda n: f"petugas{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@contoh.invalid")
    first_name = "Petugas"
    password = factory.django.Password("kata-sandi-uji")


class ProvinceFactory(DjangoModelFactory):
    """A province with a fictitious code."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "99"
    name = "Provinsi Contoh"
    latitude = 3.6
    longitude = 98.5
    zone = Region.Zone.WIB


class RegionFactory(DjangoModelFactory):
    """A regency or city of the fictitious province."""

    class Meta:
        model = Region

    code = factory.Sequence(lambda n: f"99.{n:04d}")
    parent = factory.SubFactory(ProvinceFactory)
    name = factory.Sequence(lambda n: f"Kabupaten Contoh {n}")
    latitude = 3.6
    longitude = 98.5
    zone = Region.Zone.WIB


class DimensionFactory(DjangoModelFactory):
    """One of the six dimensions, or a fictitious one."""

    class Meta:
        model = Dimension

    name_id = factory.Sequence(lambda n: f"Dimensi {n}")
    name_en = factory.Sequence(lambda n: f"Dimension {n}")
    slug = factory.Sequence(lambda n: f"dimensi-{n}")


class SubDimensionFactory(DjangoModelFactory):
    """A topic below a dimension."""

    class Meta:
        model = SubDimension

    dimension = factory.SubFactory(DimensionFactory)
    name_id = factory.Sequence(lambda n: f"Subdimensi {n}")
    name_en = factory.Sequence(lambda n: f"Sub-dimension {n}")
    slug = factory.Sequence(lambda n: f"subdimensi-{n}")


class ProgrammeFactory(DjangoModelFactory):
    """A programme with Sleman's rules: seven working days' notice, at most 40 people."""

    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"program-{n}")
    name_id = "Kunjungan setengah hari"
    name_en = "Half-day visit"
    summary_id = "Paparan, tanya jawab, dan peninjauan."
    summary_en = "Presentation, questions and tour."
    venue_id = "Ruang Contoh"
    venue_en = "Example room"
    address = "Jalan Contoh 1, Kota Contoh"
    directions_id = "Masuk lewat gerbang contoh."
    directions_en = "Enter by the example gate."
    host_contact_name = "Petugas Contoh"
    host_contact_phone = "000-0000"
    min_persons = 5
    max_persons = 40
    capacity_persons = 60


def began_just_now() -> dt.datetime:
    """When a session began that goes on now: half an hour ago, but today at the venue."""
    now = timezone.now().astimezone(VENUE_ZONE)
    return max(now - dt.timedelta(minutes=30), now.replace(hour=0, minute=0, second=0, microsecond=0))


class SlotFactory(DjangoModelFactory):
    """A session at 09.00 WIB, five weeks ahead; ``SlotFactory(now=True)`` goes on now, at any time of day."""

    class Meta:
        model = VisitSlot

    class Params:
        days_ahead = 35
        now = factory.Trait(starts_at=factory.LazyFunction(began_just_now))

    programme = factory.SubFactory(ProgrammeFactory)
    starts_at = factory.LazyAttribute(
        lambda slot: dt.datetime.combine(
            timezone.now().astimezone(VENUE_ZONE).date() + dt.timedelta(days=slot.days_ahead), dt.time(9), VENUE_ZONE
        )
    )
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + dt.timedelta(minutes=150))
    capacity_persons = factory.SelfAttribute("programme.capacity_persons")


class ResourceKindFactory(DjangoModelFactory):
    """The resource kind "room"."""

    class Meta:
        model = ResourceKind
        django_get_or_create = ("slug",)

    slug = "ruang"
    name_id = "Ruang"
    name_en = "Room"
    is_place = True


class ResourceFactory(DjangoModelFactory):
    """A room that is always available."""

    class Meta:
        model = Resource

    kind = factory.SubFactory(ResourceKindFactory)
    name = factory.Sequence(lambda n: f"Ruang Contoh {n}")


class PersonFactory(DjangoModelFactory):
    """A speaker with an e-mail address; ``PersonFactory(guide=True)`` is a guide."""

    class Meta:
        model = Resource

    class Params:
        guide = factory.Trait(
            kind=factory.SubFactory(ResourceKindFactory, slug="pemandu", name_id="Pemandu", name_en="Guide", is_place=False, is_person=True)
        )

    kind = factory.SubFactory(
        ResourceKindFactory, slug="narasumber", name_id="Narasumber", name_en="Speaker", is_place=False, is_person=True
    )
    name = factory.Sequence(lambda n: f"Narasumber Contoh {n}, M.Kom.")
    email = factory.Sequence(lambda n: f"narasumber{n}@contoh.invalid")


class NeedFactory(DjangoModelFactory):
    """The need of a programme for one room."""

    class Meta:
        model = ProgrammeNeed

    programme = factory.SubFactory(ProgrammeFactory)
    kind = factory.SubFactory(ResourceKindFactory)


class VisitFactory(DjangoModelFactory):
    """A delegation's visit in any state. ``today=True`` sets the date to today (09.00 may be to come), ``now=True`` lets its session
    go on now, ``delegates=3`` adds three people, ``attended=True`` checks them all in.
    """

    class Meta:
        model = Visit
        skip_postgeneration_save = True

    class Params:
        days_ahead = 35
        submitted = factory.Trait(
            status=VisitStatus.SUBMITTED,
            reference=factory.Sequence(lambda n: f"KJ-2026-{n + 5001:04d}"),
            submitted_at=factory.LazyFunction(timezone.now),
            answer_due_at=factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=7)),
        )
        approved = factory.Trait(
            status=VisitStatus.APPROVED,
            reference=factory.Sequence(lambda n: f"KJ-2026-{n + 5001:04d}"),
            hold_until=None,
            calendar_sequence=1,
        )
        completed = factory.Trait(
            status=VisitStatus.COMPLETED,
            reference=factory.Sequence(lambda n: f"KJ-2026-{n + 5001:04d}"),
            hold_until=None,
            calendar_sequence=1,
        )
        today = factory.Trait(days_ahead=0)
        now = factory.Trait(slot=factory.SubFactory(SlotFactory, now=True))

    slot = factory.SubFactory(SlotFactory, days_ahead=factory.SelfAttribute("..days_ahead"))
    programme = factory.SelfAttribute("slot.programme")
    region = factory.SubFactory(RegionFactory)
    organisation = factory.Sequence(lambda n: f"Dinas Contoh {n}")
    organisation_kind = OrganisationKind.LOCAL_GOVERNMENT
    group_size = 10
    seats_held = factory.LazyAttribute(lambda visit: visit.group_size)
    hold_until = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=4))
    contact_name = "Narahubung Contoh"
    contact_email = factory.Sequence(lambda n: f"narahubung{n}@contoh.invalid")

    @factory.post_generation
    def with_consequences(self, create, extracted, **kwargs):
        """Add the visit's seats to the session's counters and create the secret links."""
        if not create:
            return
        # A visit on the waiting list has no session.
        if self.slot:
            VisitSlot.objects.filter(pk=self.slot_id).update(
                used_persons=F("used_persons") + self.seats_held, used_visits=F("used_visits") + int(bool(self.seats_held))
            )
            self.slot.refresh_from_db()
        tokens.assign_tokens(self)

    @factory.post_generation
    def delegates(self, create, extracted, **kwargs):
        """Create the given number of delegates."""
        for number in range(extracted or 0):
            DelegateFactory(visit=self, name=f"Delegasi Contoh {number + 1}, S.T.", protocol_order=number + 1)

    @factory.post_generation
    def attended(self, create, extracted, **kwargs):
        """Check every delegate in."""
        if extracted:
            for delegate in self.delegates.all():
                AttendanceEvent.objects.create(visit=self, delegate=delegate, kind="checked_in", at=timezone.now())


def begin_now(visit: Visit):
    """Move the session of a visit so that it goes on now, for what no clock of a test can move, such as a browser."""
    begin = began_just_now()
    VisitSlot.objects.filter(pk=visit.slot_id).update(starts_at=begin, ends_at=begin + dt.timedelta(minutes=150))
    visit.refresh_from_db()


class DelegateFactory(DjangoModelFactory):
    """A member of a delegation."""

    class Meta:
        model = Delegate

    visit = factory.SubFactory(VisitFactory)
    name = factory.Sequence(lambda n: f"Anggota Contoh {n}, S.Kom.")
    position = "Kepala Bidang Contoh"


class OfficialFactory(DjangoModelFactory):
    """An official who may sign letters, visum sheets and records."""

    class Meta:
        model = HostOfficial

    name = "Contoh Pejabat, S.STP, M.AP."
    position = "Sekretaris Daerah"
    rank = "Pembina Utama Muda (IV/c)"
    nip = "197001012000011001"
    signs_letters = signs_visum = signs_records = True


class LetterFactory(DjangoModelFactory):
    """A request letter without a file."""

    class Meta:
        model = IncomingLetter

    visit = factory.SubFactory(VisitFactory, submitted=True)
    number = "005/123/DPRD/2026"
    date = dt.date(2026, 9, 1)
    subject = "Permohonan Kunjungan Kerja"
    signatory = "Ketua DPRD Kabupaten Contoh"


class DispositionFactory(DjangoModelFactory):
    """A superior's instruction on a request letter."""

    class Meta:
        model = Disposition

    letter = factory.SubFactory(LetterFactory)
    from_position = "Sekretaris Daerah"
    to_positions = "Kepala Dinas Komunikasi dan Informatika"
    instructions = ["receive", "prepare"]
    note = "Siapkan paparan dan peninjauan."


class AgendaTemplateItemFactory(DjangoModelFactory):
    """A 15-minute opening in the agenda template of a programme."""

    class Meta:
        model = AgendaTemplateItem

    programme = factory.SubFactory(ProgrammeFactory)
    kind = AgendaItem.Kind.OPENING
    duration_minutes = 15


class AgendaItemFactory(DjangoModelFactory):
    """A 45-minute presentation in a visit's agenda."""

    class Meta:
        model = AgendaItem

    visit = factory.SubFactory(VisitFactory)
    sort_order = factory.Sequence(lambda n: n + 1)
    kind = AgendaItem.Kind.PRESENTATION
    duration_minutes = 45


class TaskTemplateFactory(DjangoModelFactory):
    """A task that every visit of a programme begins with."""

    class Meta:
        model = TaskTemplate

    programme = factory.SubFactory(ProgrammeFactory)
    title = "Pesan konsumsi"
    responsible = "Bagian Umum"
    email = "umum@contoh.invalid"
    days_before = 3


class TaskFactory(DjangoModelFactory):
    """A task of preparation with a link."""

    class Meta:
        model = PreparationTask

    visit = factory.SubFactory(VisitFactory, approved=True)
    title = "Siapkan ruang"
    responsible = "Bagian Umum"
    email = "umum@contoh.invalid"
    days_before = 3

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        task = model_class(*args, **kwargs)
        tokens.give_link(task, "task")
        task.save()
        return task


class InvitationFactory(DjangoModelFactory):
    """An open invitation of a speaker, with its secret link."""

    class Meta:
        model = SpeakerInvitation

    item = factory.SubFactory(AgendaItemFactory)
    speaker = factory.SubFactory(PersonFactory)
    email = factory.SelfAttribute("speaker.email")
    expires_at = factory.SelfAttribute("item.visit.slot.starts_at")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        invitation = model_class(*args, **kwargs)
        tokens.give_link(invitation, speakers.PURPOSE)
        invitation.save()
        return invitation


class GiftFactory(DjangoModelFactory):
    """A souvenir from the host to a delegation."""

    class Meta:
        model = Gift

    visit = factory.SubFactory(VisitFactory)
    given_by_host = True
    item = "Kain songket Contoh"
    giver = "Sekretaris Daerah"
    receiver = "Komisi B DPRD Kabupaten Contoh"


class MinutesFactory(DjangoModelFactory):
    """Minutes of a visit, completely filled in."""

    class Meta:
        model = Minutes

    visit = factory.SubFactory(VisitFactory)
    chair = "Sekretaris Daerah"
    note_taker = "Petugas Contoh"
    discussion = "Paparan tentang kerja sama tiga pihak."
    conclusions = "Kedua daerah bertukar data uji coba."
    follow_up = "Kunjungan balasan pada tahun depan."


class VisitPhotoFactory(DjangoModelFactory):
    """A photo of a visit: one plain colour."""

    class Meta:
        model = VisitPhoto

    visit = factory.SubFactory(VisitFactory)
    picture = factory.django.ImageField(color="#c8963e", width=640, height=420, format="JPEG")
    caption = "Foto bersama"
    consent = True


class QuestionFactory(DjangoModelFactory):
    """A question asked at a visit, with its answer."""

    class Meta:
        model = Question

    visit = factory.SubFactory(VisitFactory)
    asked_by = "Anggota Komisi B"
    question = "Berapa biaya tahun pertama?"
    answer = "Dicatat pada studi kasus."
