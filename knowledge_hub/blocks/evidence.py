"""Blocks with facts in rows: results, costs, dates, roles, sources."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class LabelledValue(blocks.StructValue):
    """A struct value with the labels of its choices: ``row.value.labels.effort``."""

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the chosen values, by field name."""
        fields = {name: block.field for name, block in self.block.child_blocks.items() if isinstance(block, blocks.ChoiceBlock)}
        return {name: str(dict(field.choices).get(self.get(name), "")) for name, field in fields.items()}


class RowBlock(blocks.StructBlock):
    """A row of facts. Pages render rows as a table; alone, as in the block picker, a row is a description list."""

    class Meta:
        template = "blocks/row.html"
        value_class = LabelledValue

    def get_context(self, value, parent_context=None):
        """Add ``facts``: label and value of each filled field."""
        context = super().get_context(value, parent_context=parent_context)
        facts = {name: value.labels.get(name) or value[name] for name in self.child_blocks if value.get(name)}
        context["facts"] = [(capfirst(str(self.child_blocks[name].label)), text) for name, text in facts.items()]
        return context


class ResultBlock(RowBlock):
    """One measured result, before and after."""

    indicator = blocks.CharBlock(label=_("indicator"), max_length=200)
    unit = blocks.CharBlock(label=_("unit"), max_length=50, required=False)
    baseline = blocks.CharBlock(label=_("before"), max_length=50, required=False)
    result = blocks.CharBlock(label=_("after"), max_length=50)
    year = blocks.IntegerBlock(label=_("year"), min_value=2000, max_value=2100)
    source = blocks.CharBlock(label=_("source"), max_length=200)

    class Meta:
        icon = "success"
        label = _("Result")
        description = _("What was measured, before and after, with its source.")
        preview_value = {"indicator": "Waktu layanan", "unit": "hari", "baseline": "14", "result": "3", "year": 2026, "source": "Contoh"}


class CostBlock(RowBlock):
    """One line of cost."""

    item = blocks.CharBlock(label=_("item"), max_length=200)
    amount = blocks.CharBlock(label=_("amount"), max_length=80, help_text=_("As the source states it."))
    funding = blocks.CharBlock(label=_("source of funds"), max_length=120, required=False)
    source = blocks.CharBlock(label=_("source"), max_length=200)

    class Meta:
        icon = "table"
        label = _("Cost")
        description = _("A line of cost and who paid it.")
        preview_value = {"item": "Peladen", "amount": "Rp120 juta", "funding": "APBD", "source": "Contoh"}


class MilestoneBlock(RowBlock):
    """An event with its date."""

    when = blocks.CharBlock(label=_("when"), max_length=60)
    what = blocks.CharBlock(label=_("what"), max_length=300)

    class Meta:
        icon = "date"
        label = _("Milestone")
        description = _("One step on the way, with its date.")
        preview_value = {"when": "Maret 2026", "what": "Uji coba di dua kecamatan"}


class PartnerRoleBlock(RowBlock):
    """A partner, what it does and which risk it bears."""

    partner = blocks.CharBlock(label=_("partner"), max_length=150)
    role = blocks.CharBlock(label=_("role"), max_length=300)
    risk = blocks.CharBlock(label=_("risk it bears"), max_length=300, required=False)

    class Meta:
        icon = "group"
        label = _("Partner and role")
        description = _("Who does what, and who bears which risk.")
        preview_value = {"partner": "Polmed", "role": "Membangun aplikasi", "risk": "Keterlambatan"}


class LegalBasisBlock(RowBlock):
    """A regulation, decree or agreement that is the legal basis of a case."""

    title = blocks.CharBlock(label=_("title"), max_length=250)
    number = blocks.CharBlock(label=_("number"), max_length=100, required=False)

    class Meta:
        icon = "doc-full"
        label = _("Legal basis")
        description = _("A regulation, decree or agreement.")
        preview_value = {"title": "Peraturan Wali Kota tentang SPBE", "number": "12 Tahun 2026"}


class ReadinessBlock(RowBlock):
    """One requirement for adopters, and its effort."""

    area = blocks.ChoiceBlock(
        label=_("area"),
        choices=[
            ("regulation", _("Regulation")),
            ("people", _("People")),
            ("infrastructure", _("Infrastructure")),
            ("data", _("Data")),
            ("budget", _("Budget")),
        ],
    )
    requirement = blocks.CharBlock(label=_("requirement"), max_length=300)
    effort = blocks.ChoiceBlock(label=_("effort"), choices=[("s", _("Small")), ("m", _("Medium")), ("l", _("Large"))])

    class Meta:
        icon = "tasks"
        label = _("Requirement")
        description = _("What another region needs before it can adopt this.")
        preview_value = {"area": "people", "requirement": "Dua analis dan satu pengelola data", "effort": "m"}


class SourceBlock(RowBlock):
    """The source of a fact."""

    title = blocks.CharBlock(label=_("title or author"), max_length=250)
    publisher = blocks.CharBlock(label=_("publisher"), max_length=150)
    date = blocks.DateBlock(label=_("date"), required=False)
    url = blocks.URLBlock(label=_("address"), required=False)

    class Meta:
        icon = "link"
        label = _("Source")
        description = _("Publication that the facts on this page are taken from.")
        preview_value = {"title": "Laporan kinerja", "publisher": "Pemko Binjai", "date": None, "url": "https://contoh.invalid/laporan"}


def rows(name: str, block: blocks.Block) -> blocks.StreamBlock:
    """A stream block with one kind of row; in a stream each row keeps its identity in comparisons of revisions."""
    return blocks.StreamBlock([(name, block)], required=False)
