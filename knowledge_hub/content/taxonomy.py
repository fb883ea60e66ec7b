"""Six dimensions and eighteen sub-dimensions of Gerakan Menuju Smart City: slug, Indonesian, English."""

DIMENSIONS = [
    (
        ("smart-governance", "Smart Governance", "Smart Governance"),
        [
            ("layanan-publik", "Layanan Publik", "Public services"),
            ("tata-kelola-birokrasi", "Tata Kelola Birokrasi", "Administration"),
            ("kebijakan-publik", "Kebijakan Publik", "Public policy"),
        ],
    ),
    (
        ("smart-branding", "Smart Branding", "Smart Branding"),
        [
            ("pariwisata", "Pariwisata", "Tourism"),
            ("bisnis", "Bisnis", "Business"),
            ("wajah-kota", "Wajah Kota", "City appearance"),
        ],
    ),
    (
        ("smart-economy", "Smart Economy", "Smart Economy"),
        [
            ("industri", "Industri", "Industry"),
            ("kesejahteraan", "Kesejahteraan", "Welfare"),
            ("transaksi", "Transaksi", "Transactions"),
        ],
    ),
    (
        ("smart-living", "Smart Living", "Smart Living"),
        [
            ("harmoni", "Harmoni", "Harmony"),
            ("kesehatan", "Kesehatan", "Health"),
            ("mobilitas", "Mobilitas", "Mobility"),
        ],
    ),
    (
        ("smart-society", "Smart Society", "Smart Society"),
        [
            ("komunitas", "Komunitas", "Community"),
            ("pembelajaran", "Pembelajaran", "Learning"),
            ("keamanan", "Keamanan", "Safety"),
        ],
    ),
    (
        ("smart-environment", "Smart Environment", "Smart Environment"),
        [
            ("proteksi", "Proteksi", "Protection"),
            ("sampah", "Sampah", "Waste"),
            ("energi", "Energi", "Energy"),
        ],
    ),
]

REGION_ALIASES = {
    "11": "NAD, Nanggroe Aceh Darussalam",
    "12": "Sumut",
    "12.06": "Tanah Karo",
    "12.12": "Tobasa, Toba Samosir",
    "12.19": "Batubara",
    "12.72": "Siantar",
    "12.75": "Binjei",
    "13": "Sumbar",
    "16": "Sumsel",
    "19": "Babel, Bangka Belitung",
    "21": "Kepri",
    "31": "DKI Jakarta, Daerah Khusus Jakarta, DKI, DKJ, Jakarta",
    "32": "Jabar",
    "33": "Jateng",
    "33.72": "Solo",
    "34": "DIY, Yogyakarta, Jogja",
    "35": "Jatim",
    "52": "NTB",
    "53": "NTT",
    "61": "Kalbar",
    "62": "Kalteng",
    "62.71": "Palangka Raya",
    "63": "Kalsel",
    "64": "Kaltim",
    "65": "Kaltara",
    "71": "Sulut",
    "72": "Sulteng",
    "73": "Sulsel",
    "73.71": "Makasar, Ujung Pandang",
    "74": "Sultra",
    "76": "Sulbar",
    "81.03": "Maluku Tenggara Barat",
    "82": "Malut",
}
"""Other spellings that people search for, by region code."""
