"""Words that a reader expects to meet, and words that must not: our own list, not taken from any stemmer's tests."""

# The root first; every form must meet every other.
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

# Two words that look alike and mean something else.
STRANGERS = """
beruang uang; menteri teri; masalah salah; kelurahan luar; perangkat angkat; berangkat angkat; sekolah kolah; pelabuhan labuh;
harian hari; bulanan bulan; kemeja meja; medali dali; sekutu kutu; petani peta; kursi kurs; nilai nila; mentega tega; durian duri;
terasi teras; pegawai gawai; kelabu labu; permata mata; penjara jarak; merpati pati; keranjang ranjang; mentari tari; pekarangan pekan;
selatan selat; perisai sisa; beras rasa; ketua tua; kebaya baya; semut muat; terompet ompet; sepeda beda; pelita lita; berita cerita;
bengkel kel; seniman iman; delapan depan; kertas ketat; selimut mutu
"""


def families() -> list[list[str]]:
    """Each family as a list of its forms."""
    return [line.split() for line in FAMILIES.strip().splitlines() if len(line.split()) > 1]


def strangers() -> list[tuple[str, str]]:
    """The pairs that must not meet."""
    return [tuple(pair.split()) for pair in STRANGERS.replace("\n", " ").split(";") if pair.strip()]
