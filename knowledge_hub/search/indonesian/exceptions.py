"""Words whose root the rules would miss or get wrong, each with its root; a word that is its own root stays whole."""

WHOLE = """
beruang menteri kementerian teras terus terima beranda berita beras berat besar bemo becak belum benar beton beku bentuk
harian mingguan bulanan tahunan pendapat
kelola ketua kepala kertas kereta keras kembali kelas selatan serta sedang sekolah segala selalu sendiri sehat
dinas digital dialog dinding diri diam dimensi direktur diskusi
penyakit perangkat perempuan peran perlu pesan pesta peta petang pertama pernah percaya
"""

EXCEPTIONS = {word: word for word in WHOLE.split()} | {
    # -el-, -em-, -er- inside the root are not taken off by rule.
    "gemetar": "getar",
    "telunjuk": "tunjuk",
    "gerigi": "gigi",
    "kementerian": "menteri",
    "penyakit": "sakit",
    "pendapat": "dapat",
    "berpendapat": "dapat",
    "perangkat": "perangkat",
    "peranan": "peran",
    "kesehatan": "sehat",
    "bekerja": "kerja",
    "pekerja": "kerja",
    "pekerjaan": "kerja",
    "terjemahan": "terjemah",
    "penerjemah": "terjemah",
    "menerjemahkan": "terjemah",
    "pelajar": "ajar",
    "pelajaran": "ajar",
    "pembelajaran": "ajar",
    "mempelajari": "ajar",
    "belajar": "ajar",
    "kepentingan": "penting",
    "kebijaksanaan": "bijak",
    "bijaksana": "bijak",
    "mengubah": "ubah",
    "merubah": "ubah",
    "seluruh": "seluruh",
    "keseluruhan": "seluruh",
    "menyeluruh": "seluruh",
    "sesuai": "sesuai",
    "mengesahkan": "sah",
    "pengesahan": "sah",
    "disahkan": "sah",
    "mengecek": "cek",
    "pengecekan": "cek",
}
