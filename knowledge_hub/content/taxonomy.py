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
    "12.19": "Batubara",
    "12.75": "Binjei",
    "31": "DKI Jakarta, Daerah Khusus Jakarta",
    "34": "DIY, Yogyakarta, Jogja",
    "11": "NAD, Nanggroe Aceh Darussalam",
}
"""Other spellings that people search for, by region code."""
