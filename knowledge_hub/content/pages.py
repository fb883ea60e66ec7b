"""The pages of a fresh install. Every fact is taken from one article and says so; nothing is added.

Each entry holds both languages; the texts are our own words, quotations are short and marked.
"""

import datetime as dt

SOURCE_DATE = dt.date(2018, 11, 15)
SOURCE = {"title": "ted/han", "publisher": "Sumut Pos", "date": SOURCE_DATE, "url": ""}

HOME = {
    "id": {
        "title": "Beranda",
        "slug": "home",
        "hero_title": "Belajar dari Binjai, lalu terapkan di daerah Anda",
        "summary": (
            "Pengetahuan, aplikasi, dan dokumen kerja sama Kota Cerdas Binjai, hasil kolaborasi Pemko Binjai, Polmed, dan Telkom. "
            "Baca, bandingkan, lalu ajukan kunjungan."
        ),
        "claim_figure": ">50 daerah",
        "claim_text": "telah berkunjung ke Binjai sejak peluncuran Smart City pada akhir tahun 2016, menurut Wali Kota Binjai H Muhammad Idaham pada November 2018.",
        "claim_source": "Angka sebagaimana dilaporkan, 2016–2018. Sumber: Sumut Pos, 15 November 2018 (ted/han).",
    },
    "en": {
        "title": "Home",
        "slug": "home",
        "hero_title": "Learn from Binjai, then make it work at home",
        "summary": (
            "Knowledge, applications and collaboration documents of the smart city of Binjai, a joint work of the city government, "
            "the polytechnic Polmed and Telkom. Read, compare, and request a visit."
        ),
        "claim_figure": ">50 regions",
        "claim_text": "had visited Binjai since the launch of its smart city in late 2016, according to Mayor H Muhammad Idaham in November 2018.",
        "claim_source": "Figure as reported, 2016–2018. Source: Sumut Pos, 15 November 2018 (ted/han).",
    },
}

KNOWLEDGE_INDEX = {
    "id": {
        "title": "Pengetahuan",
        "slug": "pengetahuan",
        "summary": "Studi kasus, aplikasi, dokumen kerja sama, forum, dan artikel. Setiap fakta menyebutkan sumbernya.",
    },
    "en": {
        "title": "Knowledge",
        "slug": "knowledge",
        "summary": "Case studies, applications, collaboration documents, forums and articles. Every fact names its source.",
    },
}

PARTNERS_SECTION = {
    "id": {
        "title": "Mitra",
        "slug": "mitra",
        "summary": "Tiga pihak yang menjalankan Smart City Binjai bersama dan turut menanggung risikonya.",
    },
    "en": {
        "title": "Partners",
        "slug": "partners",
        "summary": "The three parties that run the smart city of Binjai together and share its risk.",
    },
}

PARTNERS = [
    {
        "partner": "pemko",
        "id": {
            "title": "Pemerintah Kota Binjai",
            "slug": "pemko-binjai",
            "role": "Pemerintah kota (Pemko)",
            "summary": "Pemko Binjai meluncurkan Smart City pada akhir tahun 2016 dan menempuh jalan kolaborasi karena APBD yang tidak besar serta keterbatasan sumber daya manusia dan keuangan.",
        },
        "en": {
            "title": "City Government of Binjai",
            "slug": "city-government",
            "role": "City government (Pemko)",
            "summary": "The city government launched its smart city in late 2016 and chose collaboration because its budget was not large and its people and funds were limited.",
        },
    },
    {
        "partner": "polmed",
        "id": {
            "title": "Politeknik Negeri Medan (Polmed)",
            "slug": "polmed",
            "role": "Institusi pendidikan",
            "summary": "Polmed adalah institusi pendidikan dalam kerja sama tiga pihak sejak tahap pertama Smart City Binjai.",
        },
        "en": {
            "title": "Politeknik Negeri Medan (Polmed)",
            "slug": "polmed",
            "role": "Educational institution",
            "summary": "Polmed has been the educational institution in the three-party collaboration since the first stage of the smart city.",
        },
    },
    {
        "partner": "telkom",
        "id": {
            "title": "PT Telkom",
            "slug": "telkom",
            "role": "Dunia industri",
            "summary": "PT Telkom mewakili dunia industri dalam kerja sama tiga pihak sejak tahap pertama Smart City Binjai.",
        },
        "en": {
            "title": "PT Telkom",
            "slug": "telkom",
            "role": "Industry",
            "summary": "PT Telkom has stood for industry in the three-party collaboration since the first stage of the smart city.",
        },
    },
]

CASES = [
    {
        "key": "kolaborasi",
        "topics": ["tata-kelola-birokrasi", "kebijakan-publik"],
        "directions": [],
        "start_year": 2016,
        "id": {
            "title": "Kolaborasi tiga pihak dan pembagian risiko",
            "slug": "kolaborasi-tiga-pihak",
            "summary": (
                "Dengan APBD yang tidak besar, Binjai membangun Smart City bersama Polmed dan Telkom. Ketiga pihak menyatakan bahwa "
                "Smart City bukan tanggung jawab Pemko semata dan siap menanggung risiko kegagalan bersama."
            ),
            "context": "<p>Pemko Binjai menyebut APBD kota tidak besar, sedangkan sumber daya manusia dan keuangan terbatas. Keadaan itu menjadi alasan untuk bekerja sama sejak awal.</p>",
            "solution": (
                "<p>Tahap pertama dimulai dengan kerja sama dua pihak sekaligus: Polmed sebagai institusi pendidikan dan Telkom sebagai dunia industri. "
                "Ketiganya berkomitmen bahwa Smart City bukan hanya tanggung jawab Pemko, dan risiko kegagalan ditanggung bersama.</p>"
                "<blockquote>“Kita tidak bisa jalan sendiri, kita harus bersatu dan berjalan bersama untuk dapat membangun dan mengejar segala ketertinggalan kita.”</blockquote>"
                "<p>Wali Kota Binjai H Muhammad Idaham, dikutip Sumut Pos, 15 November 2018.</p>"
            ),
            "lessons": (
                "<p>Menurut Wali Kota, berbagi risiko membuat keseriusan ketiga pihak makin tinggi.</p>"
                "<blockquote>“Dengan demikian keseriusan ketiga pihak tersebut jadi semakin tinggi dan komitmen tetap terjaga sampai pada saat sekarang ini.”</blockquote>"
            ),
            "partners": [
                ("Pemko Binjai", "Pemerintah kota; menjalankan Smart City", "Risiko kegagalan ditanggung bersama"),
                ("Politeknik Negeri Medan (Polmed)", "Institusi pendidikan", "Risiko kegagalan ditanggung bersama"),
                ("PT Telkom", "Dunia industri", "Risiko kegagalan ditanggung bersama"),
            ],
            "milestones": [("Akhir tahun 2016", "Peluncuran Smart City Binjai")],
        },
        "en": {
            "title": "Three parties that share the risk",
            "slug": "three-party-collaboration",
            "summary": (
                "With a budget that is not large, Binjai built its smart city together with Polmed and Telkom. All three hold that it is not "
                "the city's responsibility alone, and are ready to bear the risk of failure together."
            ),
            "context": "<p>The city government says that its budget is not large and that its people and funds are limited. This was the reason to work with others from the start.</p>",
            "solution": (
                "<p>The first stage began with two partners at once: Polmed for education and Telkom for industry. All three committed themselves to "
                "the view that the smart city is not the city's responsibility alone, and that the risk of failure is shared.</p>"
                "<blockquote>“We cannot walk alone; we must unite and walk together to be able to build and to catch up.”</blockquote>"
                "<p>Mayor H Muhammad Idaham, quoted by Sumut Pos, 15 November 2018; our translation.</p>"
            ),
            "lessons": "<p>According to the mayor, sharing the risk made all three parties more serious and kept their commitment until that day.</p>",
            "partners": [
                ("City Government of Binjai", "City government; runs the smart city", "Shares the risk of failure"),
                ("Politeknik Negeri Medan (Polmed)", "Educational institution", "Shares the risk of failure"),
                ("PT Telkom", "Industry", "Shares the risk of failure"),
            ],
            "milestones": [("Late 2016", "Launch of the smart city of Binjai")],
        },
    },
    {
        "key": "aplikasi",
        "topics": ["layanan-publik", "tata-kelola-birokrasi"],
        "directions": ["g2g", "g2c", "g2b"],
        "start_year": None,
        "id": {
            "title": "Aplikasi menurut arah layanan: G2G, G2C, dan G2B",
            "slug": "aplikasi-g2g-g2c-g2b",
            "summary": (
                "Produk bersama Binjai adalah Digital Government atau e-Government dalam dimensi “Smart Government”. Aplikasinya "
                "dikelompokkan menurut siapa yang dilayani: pemerintah, masyarakat, atau dunia usaha."
            ),
            "solution": (
                "<p>Kolaborasi tiga pihak menghasilkan Digital Government atau e-Government, yang dalam sumber disebut dimensi “Smart Government” "
                "dan di situs ini dicatat sebagai Smart Governance. Aplikasi dikelompokkan ke dalam tiga kategori:</p>"
                "<ul><li>Pemerintah ke Pemerintah (G2G)</li><li>Pemerintah ke Masyarakat (G2C)</li><li>Pemerintah ke Dunia Usaha (G2B)</li></ul>"
                "<p>Sumber tidak menyebutkan nama aplikasi satu per satu; daftar aplikasi dilengkapi oleh pengelola setelah diverifikasi.</p>"
            ),
        },
        "en": {
            "title": "Applications by direction: G2G, G2C and G2B",
            "slug": "applications-g2g-g2c-g2b",
            "summary": (
                "The joint product of Binjai is digital government or e-government, in the dimension “Smart Government”. Its applications are "
                "grouped by whom they serve: government, citizens or business."
            ),
            "solution": (
                "<p>The three parties produced digital government, or e-government. The source calls its dimension “Smart Government”; this site files it "
                "under Smart Governance. The applications fall into three categories:</p>"
                "<ul><li>government to government (G2G)</li><li>government to citizens (G2C)</li><li>government to business (G2B)</li></ul>"
                "<p>The source does not name single applications; the editors add them once they are verified.</p>"
            ),
        },
    },
    {
        "key": "database",
        "topics": ["tata-kelola-birokrasi"],
        "directions": [],
        "start_year": None,
        "id": {
            "title": "Database satu batang",
            "slug": "database-satu-batang",
            "summary": "Pengembangan basis data di Binjai dinilai lebih efektif dengan “database satu batang”: satu basis data bersama untuk aplikasi-aplikasi kota.",
            "solution": (
                "<p>Menurut sumber, pengembangan database “lebih efektif dengan penggunaan database satu batang”. Artinya, aplikasi tidak memelihara "
                "datanya sendiri-sendiri, melainkan bertumpu pada satu basis data bersama.</p>"
                "<p>Rancangan teknis, pemilik data, dan hasilnya tidak tercatat dalam sumber.</p>"
            ),
        },
        "en": {
            "title": "One single database",
            "slug": "single-database",
            "summary": "In Binjai, developing databases is held to be more effective with “database satu batang”: one shared database, like one trunk, for the city's applications.",
            "solution": (
                "<p>According to the source, developing databases is “more effective with the use of a single-trunk database”: applications do not keep "
                "data of their own but rest on one shared database.</p>"
                "<p>The technical design, the owner of the data and the results are not recorded in the source.</p>"
            ),
        },
    },
]

TALK = "Digital Government : Strategies, Achievements and Planning of Binjai Smart City."

FORUM = {
    "date": dt.date(2018, 11, 13),
    "topics": ["kebijakan-publik", "layanan-publik"],
    "id": {
        "title": "Forum Berbagi Pengetahuan (knowledge sharing) Transformasi Pemerintahan Berbasis Digital dan Kota Cerdas",
        "slug": "forum-bappenas-2018",
        "summary": "Wali Kota Binjai H Muhammad Idaham menjadi narasumber pada forum di Gedung Bappenas, Jakarta Pusat, dengan tema Smart City Model and Transformation.",
        "venue": "Ruang Rapat Soegijanto Soegijoko 1-2, Gedung Bappenas, Jakarta Pusat",
        "theme": "Smart City Model and Transformation",
        "speakers": [
            {"name": "H Muhammad Idaham", "position": "Wali Kota Binjai", "organisation": "Pemerintah Kota Binjai", "talk": TALK},
            {"name": "Prof Naoko Iwasaki", "organisation": "Waseda University Japan"},
            {"name": "Prof Toshio Obi", "position": "Direktur APEC Digital Government"},
            {
                "position": "Ketua Kompartemen Model and Transformation Standar",
                "organisation": "Asosiasi Prakarsa Indonesia Cerdas (APIC)",
            },
        ],
        "participants": (
            "<p>Hadir antara lain:</p><ul><li>Airin Rachmi Diany, Ketua Asosiasi Pemerintah Kota Seluruh Indonesia (APEKSI)</li>"
            "<li>Deputi Bidang Politik, Hukum, Pertahanan dan Keamanan, Kementerian PPN/Bappenas</li>"
            "<li>Deputi Bidang Kajian dan Pengelolaan Isu Ekologi, Sosial dan Budaya Strategis, Kantor Staf Presiden</li></ul>"
            "<p>Jabatan sebagaimana disebutkan dalam sumber tahun 2018.</p>"
        ),
    },
    "en": {
        "title": "Knowledge sharing forum on digital government transformation and smart cities",
        "slug": "bappenas-forum-2018",
        "summary": "Mayor H Muhammad Idaham of Binjai spoke at a forum in the Bappenas building in Central Jakarta under the theme Smart City Model and Transformation.",
        "venue": "Meeting room Soegijanto Soegijoko 1-2, Bappenas building, Central Jakarta",
        "theme": "Smart City Model and Transformation",
        "speakers": [
            {"name": "H Muhammad Idaham", "position": "Mayor of Binjai", "organisation": "City Government of Binjai", "talk": TALK},
            {"name": "Prof Naoko Iwasaki", "organisation": "Waseda University, Japan"},
            {"name": "Prof Toshio Obi", "position": "Director of APEC Digital Government"},
            {
                "position": "Chair of the compartment Model and Transformation Standard",
                "organisation": "Asosiasi Prakarsa Indonesia Cerdas (APIC)",
            },
        ],
        "participants": (
            "<p>Present among others:</p><ul><li>Airin Rachmi Diany, chair of the association of Indonesian cities APEKSI</li>"
            "<li>the Deputy for Politics, Law, Defence and Security, Ministry of National Development Planning/Bappenas</li>"
            "<li>the Deputy for Study and Management of Strategic Ecological, Social and Cultural Issues, Executive Office of the President</li></ul>"
            "<p>Offices as named by the source in 2018.</p>"
        ),
    },
}

ARTICLE = {
    "date": SOURCE_DATE,
    "topics": ["kebijakan-publik"],
    "id": {
        "title": "Binjai berbagi pengalaman Smart City di Bappenas",
        "slug": "binjai-berbagi-pengalaman-smart-city",
        "summary": "Pada November 2018, Wali Kota Binjai memaparkan pengalaman kotanya di hadapan forum Bappenas. Saat itu lebih dari 50 daerah disebut telah berkunjung.",
        "body": [
            (
                "text",
                "<p>Pada Selasa, 13 November 2018, Wali Kota Binjai H Muhammad Idaham menjadi narasumber forum berbagi pengetahuan di Gedung Bappenas, "
                "Jakarta Pusat. Ia memaparkan strategi, capaian, dan rencana Binjai Smart City.</p>",
            ),
            ("heading", "Dari Sumatera Utara hingga Papua"),
            (
                "text",
                "<p>Menurut Wali Kota, sejak peluncuran pada akhir tahun 2016 sudah lebih dari 50 daerah yang berkunjung ke Binjai, mulai dari daerah di "
                "Sumatera Utara hingga Jawa, Kalimantan, Sulawesi, bahkan Papua. Angka ini adalah pernyataan narasumber; kunjungan yang tercatat satu per satu "
                "di situs ini dihitung terpisah.</p>",
            ),
            (
                "quote",
                {
                    "text": "Kami mencoba menularkan konsep yang kami terapkan kepada daerah-daerah lainnya",
                    "speaker": "Wali Kota Binjai H Muhammad Idaham",
                    "source": "Sumut Pos, 15 November 2018",
                },
            ),
            ("heading", "Berjalan bersama karena anggaran terbatas"),
            (
                "text",
                "<p>APBD yang tidak besar serta sumber daya manusia dan keuangan yang terbatas mendorong Binjai bekerja sama dengan Polmed dan Telkom. "
                "Ketiganya berkomitmen menanggung risiko kegagalan bersama.</p>",
            ),
        ],
    },
    "en": {
        "title": "Binjai shares its smart-city experience at Bappenas",
        "slug": "binjai-shares-its-experience",
        "summary": "In November 2018 the mayor of Binjai told a forum at Bappenas what his city had learnt. By then more than 50 regions were said to have visited.",
        "body": [
            (
                "text",
                "<p>On Tuesday, 13 November 2018, Mayor H Muhammad Idaham of Binjai was a speaker at a knowledge sharing forum in the Bappenas building in "
                "Central Jakarta. He presented the strategy, achievements and plans of Binjai's smart city.</p>",
            ),
            ("heading", "From North Sumatra to Papua"),
            (
                "text",
                "<p>According to the mayor, more than 50 regions had visited Binjai since the launch in late 2016, from North Sumatra to Java, Kalimantan, "
                "Sulawesi and even Papua. The figure is the speaker's; visits that are recorded one by one on this site are counted apart.</p>",
            ),
            (
                "quote",
                {
                    "text": "We try to pass the concept that we apply on to other regions",
                    "speaker": "Mayor H Muhammad Idaham of Binjai (our translation)",
                    "source": "Sumut Pos, 15 November 2018",
                },
            ),
            ("heading", "Together, because the budget is small"),
            (
                "text",
                "<p>A budget that is not large, and limited people and funds, led Binjai to work with Polmed and Telkom. All three committed themselves to "
                "bear the risk of failure together.</p>",
            ),
        ],
    },
}

FAQ = {
    "id": {
        "title": "Pertanyaan umum",
        "slug": "pertanyaan-umum",
        "summary": "Jawaban singkat bagi daerah yang ingin berkunjung.",
        "body": [
            (
                "question",
                {
                    "question": "Apakah kunjungan dipungut biaya?",
                    "answer": "<p>Tidak. Layanan penerimaan kunjungan tidak dipungut biaya.</p>",
                },
            ),
            (
                "question",
                {
                    "question": "Apa yang perlu disiapkan?",
                    "answer": "<p>Surat permohonan yang ditandatangani pejabat berwenang dalam bentuk PDF, jumlah peserta, topik yang ingin dipelajari, dan seorang narahubung.</p>",
                },
            ),
            (
                "question",
                {
                    "question": "Kapan permohonan dijawab?",
                    "answer": "<p>Tanggal jawaban tercantum pada tanda terima dan halaman status permohonan Anda. Batas waktunya tertulis di halaman Ketentuan Kunjungan.</p>",
                },
            ),
            (
                "question",
                {
                    "question": "Apakah peserta menerima sertifikat?",
                    "answer": "<p>Ya, setiap peserta yang hadir menerima sertifikat PDF dengan kode QR yang dapat diverifikasi siapa pun.</p>",
                },
            ),
        ],
    },
    "en": {
        "title": "Questions and answers",
        "slug": "questions",
        "summary": "Short answers for regions that want to visit.",
        "body": [
            ("question", {"question": "Does a visit cost anything?", "answer": "<p>No. Receiving visits is free of charge.</p>"}),
            (
                "question",
                {
                    "question": "What do we need to prepare?",
                    "answer": "<p>A request letter signed by the responsible official as a PDF, the number of people, the topics you want to learn about, and a contact person.</p>",
                },
            ),
            (
                "question",
                {
                    "question": "When will we have an answer?",
                    "answer": "<p>The date is on your receipt and on the status page of your request. The time limit is on the page Rules for visits.</p>",
                },
            ),
            (
                "question",
                {
                    "question": "Do delegates receive a certificate?",
                    "answer": "<p>Yes, every delegate who attended receives a PDF certificate with a QR code that anybody can verify.</p>",
                },
            ),
        ],
    },
}

PRIVACY = {
    "id": {
        "title": "Privasi",
        "slug": "privasi",
        "summary": "Data apa yang kami minta dari tamu, untuk apa, dan apa hak Anda.",
        "body": [
            ("heading", "Data yang kami minta"),
            (
                "text",
                "<p>Untuk menerima kunjungan, kami meminta nama dan kontak narahubung, instansi dan daerah, surat permohonan, serta nama, jabatan, dan unit "
                "anggota rombongan. Kami tidak meminta NIK atau KTP.</p>",
            ),
            ("heading", "Tujuan dan dasar"),
            (
                "text",
                "<p>Data dipakai untuk memproses permohonan, menyiapkan kunjungan, mencatat kehadiran, dan menerbitkan sertifikat, dalam rangka pelaksanaan tugas "
                "pelayanan publik (Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi).</p>",
            ),
            ("heading", "Siapa yang melihatnya"),
            (
                "text",
                "<p>Petugas yang menangani kunjungan. Catatan kunjungan publik tidak memuat nama peserta. Halaman verifikasi sertifikat menampilkan nama yang tercetak "
                "pada sertifikat kepada pemegang kodenya saja.</p>",
            ),
            ("heading", "Hak Anda"),
            (
                "text",
                '<p>Anda berhak melihat, memperbaiki, dan meminta penghapusan data Anda. Ajukan pada halaman <a href="/hak-anda/">Hak Anda</a>; di sana tertulis pula data apa yang kami simpan dan berapa lama. Jawaban diberikan dalam 3×24 jam.</p>',
            ),
        ],
    },
    "en": {
        "title": "Privacy",
        "slug": "privacy",
        "summary": "Which data we ask of guests, what for, and what your rights are.",
        "body": [
            ("heading", "Data that we ask for"),
            (
                "text",
                "<p>To receive a visit we ask for name and contact of the contact person, organisation and region, the request letter, and name, position and unit "
                "of the delegates. We do not ask for identity numbers.</p>",
            ),
            ("heading", "Purpose and legal ground"),
            (
                "text",
                "<p>The data serve to process the request, prepare the visit, record attendance and issue certificates, as part of a public task "
                "(Law 27 of 2022 on the protection of personal data).</p>",
            ),
            ("heading", "Who sees them"),
            (
                "text",
                "<p>The staff who handle visits. Public visit notes name no delegates. The verification page of a certificate shows the name printed on it to the "
                "holder of its code only.</p>",
            ),
            ("heading", "Your rights"),
            (
                "text",
                '<p>You may see, correct and have your data erased. Ask on the page <a href="/en/your-rights/">Your rights</a>, which also tells what we keep and for how long. You get an answer within 72 hours.</p>',
            ),
        ],
    },
}
