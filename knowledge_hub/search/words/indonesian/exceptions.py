"""Words that the rules would stem wrongly, each with its root; a word that is its own root is not stemmed."""

# Words that look like an affix with a known root but mean something else.
_WHOLE = """
beruang beras berita beranda beton harian mingguan bulanan tahunan perangkat berangkat bentuk perlu terus terima selatan sekolah
kecamatan kelurahan menteri masalah perdana praktisi pelabuhan permisi pegawai sebelah sebelas setuju sedia seragam segala
"""

# Words whose root no rule finds: changed sounds, ambiguous roots, compounds inside affixes.
_ROOTS = {
    "sakit": "penyakit",
    "dapat": "pendapat berpendapat",
    "peran": "peranan berperan",
    "ajar": "pelajar pelajaran pembelajaran mempelajari belajar pembelajar",
    "bijak": "bijaksana kebijaksanaan",
    "ubah": "merubah dirubah",
    "sah": "mengesahkan pengesahan disahkan keabsahan",
    "cek": "mengecek pengecekan dicek",
    "karang": "mengarang pengarang karangan",
    "masak": "memasak pemasak",
    "mohon": "memohon pemohon",
    "makan": "memakan pemakan",
    "erti": "mengerti pengertian dimengerti",
    "menteri": "kementerian",
    "getar": "gemetar",
    "tunjuk": "telunjuk",
    "gigi": "gerigi",
    "kerja": "bekerja pekerja pekerjaan",
    "serta": "peserta menyertai disertai penyertaan kepesertaan",
    "beritahu": "memberitahukan diberitahukan pemberitahuan memberitahu diberitahu",
    "tani": "petani pertanian",
    "musyawarah": "permusyawaratan",
    "sekretaris": "sekretariat kesekretariatan",
    "wirausaha": "wirausahawan",
    "pustaka": "pustakawan",
    "wisata": "wisatawan",
    "warga": "kewarganegaraan",
    "digital": "digitalisasi",
    "optimal": "optimalisasi",
    "normal": "normalisasi",
    "modern": "modernisasi",
    "transparan": "transparansi",
    "akuntabel": "akuntabilitas",
    "kreatif": "kreativitas",
    "produktif": "produktivitas",
    "efektif": "efektivitas",
    "efisien": "efisiensi",
    "stabil": "stabilitas stabilisasi",
}

EXCEPTIONS = {word: word for word in _WHOLE.split()} | {word: root for root, forms in _ROOTS.items() for word in forms.split()}
