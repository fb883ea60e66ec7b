"""Words that must have the same stem, and words that must not. Our own lists, not taken from the tests of a stemmer."""

# One family a line, the root first. All forms must have the same stem.
FAMILIES = """
kunjung mengunjungi kunjungan pengunjung dikunjungi berkunjung
terap menerapkan penerapan diterapkan terapan
kelola mengelola pengelolaan pengelola dikelola
layan melayani pelayanan layanan dilayani
izin perizinan mengizinkan izinkan diizinkan
kembang mengembangkan pengembangan berkembang perkembangan
tingkat meningkatkan peningkatan ditingkatkan setingkat
selenggara menyelenggarakan penyelenggaraan diselenggarakan penyelenggara
hasil berhasil keberhasilan menghasilkan penghasilan
bangun membangun pembangunan dibangun terbangun
susun menyusun penyusunan tersusun susunannya
baik memperbaiki perbaikan diperbaiki sebaiknya
bagi membagikan pembagian dibagikan terbagi berbagi
tular menularkan penularan tertular
ajar mengajar pelajaran pembelajaran pengajar
sejahtera kesejahteraan menyejahterakan penyejahteraan
buka membuka keterbukaan terbuka pembukaan
tertib menertibkan penertiban ketertiban
adu pengaduan mengadukan diadukan aduan
mudah kemudahan memudahkan mempermudah dipermudah
daya pemberdayaan memberdayakan berdaya diberdayakan
sesuai menyesuaikan penyesuaian kesesuaian disesuaikan
capai mencapai pencapaian capaian tercapai
hadir menghadiri kehadiran dihadiri ketidakhadiran
atur peraturan mengatur pengaturan aturan
setuju persetujuan menyetujui disetujui
putus memutuskan keputusan diputuskan pemutusan
pimpin memimpin pimpinan kepemimpinan dipimpin pemimpin
sedia menyediakan penyediaan tersedia persediaan
lapor melaporkan laporan pelaporan pelapor
laksana melaksanakan pelaksanaan terlaksana pelaksana
kerja bekerja pekerjaan mengerjakan dikerjakan
duduk penduduk kependudukan menduduki kedudukan
satu bersatu persatuan menyatukan kesatuan penyatuan
tulis menulis penulisan tulisan tertulis penulis
pakai memakai pemakaian dipakai terpakai
kirim mengirimkan pengiriman kiriman dikirim
sosialisasi menyosialisasikan disosialisasikan
validasi memvalidasi tervalidasi divalidasi
aman keamanan mengamankan pengamanan
pantau memantau pemantauan terpantau dipantau
manfaat memanfaatkan pemanfaatan bermanfaat dimanfaatkan
"""

# Pairs of words that look alike but mean different things.
UNRELATED_PAIRS = """
beruang uang; menteri teri; masalah salah; kelurahan luar; perangkat angkat; berangkat angkat; sekolah kolah; pelabuhan labuh;
harian hari; bulanan bulan; kemeja meja; medali dali; sekutu kutu; petani peta; kursi kurs; nilai nila; mentega tega; durian duri;
terasi teras; pegawai gawai; kelabu labu; permata mata; penjara jarak; merpati pati; keranjang ranjang; mentari tari; pekarangan pekan;
selatan selat; perisai sisa; beras rasa; ketua tua; kebaya baya; semut muat; terompet ompet; sepeda beda; pelita lita; berita cerita;
bengkel kel; seniman iman; delapan depan; kertas ketat; selimut mutu
"""


def families() -> list[list[str]]:
    """The families of the first list, each as a list of its forms."""
    return [line.split() for line in FAMILIES.strip().splitlines() if len(line.split()) > 1]


def unrelated_pairs() -> list[tuple[str, str]]:
    """The pairs of the first list that must have different stems."""
    return [tuple(pair.split()) for pair in UNRELATED_PAIRS.replace("\n", " ").split(";") if pair.strip()]


# A second list, of administrative words, written before the stemmer was tried on it.
MORE_FAMILIES = """
tata menata penataan ditata tertata
anggar menganggarkan penganggaran anggaran dianggarkan
usul mengusulkan usulan pengusulan diusulkan pengusul
rencana merencanakan perencanaan direncanakan terencana perencana
awas mengawasi pengawasan pengawas diawasi
bina membina pembinaan pembina dibina binaan
tuju menuju tujuan ditujukan tertuju
dukung mendukung dukungan pendukung didukung
salur menyalurkan penyaluran saluran disalurkan penyalur
tanggap menanggapi tanggapan ditanggapi penanggap
daftar mendaftar pendaftaran didaftarkan terdaftar pendaftar
periksa memeriksa pemeriksaan diperiksa pemeriksa
pelihara memelihara pemeliharaan dipelihara terpelihara
percaya mempercayai kepercayaan dipercaya terpercaya mempercayakan
musyawarah bermusyawarah permusyawaratan dimusyawarahkan
gerak menggerakkan pergerakan gerakan digerakkan penggerak
olah mengolah pengolahan diolah olahan pengolah
tanam menanam penanaman ditanam tanaman penanam
temu menemukan pertemuan ditemukan penemuan temuan bertemu
ukur mengukur pengukuran terukur ukuran diukur
nilai menilai penilaian dinilai penilai bernilai
wujud mewujudkan perwujudan terwujud diwujudkan berwujud
jalan menjalankan perjalanan berjalan dijalankan
kuat menguatkan penguatan kekuatan diperkuat memperkuat
luas meluas perluasan diperluas memperluas keluasan
jangkau menjangkau terjangkau jangkauan keterjangkauan dijangkau
rawat merawat perawatan dirawat perawat terawat
didik mendidik pendidikan terdidik pendidik
lindung melindungi perlindungan dilindungi pelindung terlindungi
jamin menjamin jaminan dijamin terjamin penjaminan
sebar menyebarkan penyebaran tersebar disebarkan persebaran
serap menyerap penyerapan terserap diserap serapan
cipta menciptakan penciptaan tercipta ciptaan pencipta diciptakan
ubah mengubah perubahan diubah berubah pengubahan
undang mengundang undangan diundang perundangan
sampah persampahan
kota perkotaan
desa pedesaan perdesaan
sekretaris kesekretariatan sekretariat
wirausaha kewirausahaan berwirausaha wirausahawan
warga kewarganegaraan warganya
informasi menginformasikan diinformasikan penginformasian
koordinasi mengoordinasikan pengoordinasian dikoordinasikan berkoordinasi
evaluasi mengevaluasi pengevaluasian dievaluasi
inovasi berinovasi menginovasikan
digital digitalisasi mendigitalkan
optimal mengoptimalkan pengoptimalan dioptimalkan
integrasi mengintegrasikan pengintegrasian terintegrasi diintegrasikan
transparan transparansi ketransparanan
akuntabel akuntabilitas keakuntabelan
"""

# Pairs of administrative words that only look alike.
MORE_UNRELATED_PAIRS = """
pemilu pilu; perahu rahu; pesisir sisir; kabupaten bupati; kelinci lincah; kapal pal; sekam kamar; perawan rawan; tebu ibu; seragam ragam;
kemarau marah; terigu ragu; belanja lanjut; bendera dera; bencana cana; semangat mangga; sejarah jarah; selamat lamat; sederhana hana;
kelapa lapar; berlian lian; terumbu rumbu; dinas nasi; diri ria; dinding ding; kedelai dela; kecap cap; kelas las; permai main;
perkara kara; penyu nyuci; pepaya paya; menara nara; merah rah; meriam iram; medan dana; melati lati; mesin sin; peluru luruh;
perunggu tunggu; bersih sih; bisul usul; batuk tuk; sekop kop; seminar sinar; semester meter; serikat ikat; sertifikat ikat; pelajar jalar;
ladang dang
"""


def more_families() -> list[list[str]]:
    """The families of the second list, each as a list of its forms."""
    return [line.split() for line in MORE_FAMILIES.strip().splitlines()]


def more_unrelated_pairs() -> list[tuple[str, str]]:
    """The pairs of the second list that must have different stems."""
    return [tuple(pair.split()) for pair in MORE_UNRELATED_PAIRS.replace("\n", " ").split(";") if pair.strip()]
