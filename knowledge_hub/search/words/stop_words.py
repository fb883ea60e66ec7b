"""Stop words: indexed for phrases, but left out of queries. Our own short lists."""

_INDONESIAN = """
ada adalah agar akan aku anda antara apa apabila atau bagi bahwa bila bisa boleh dalam dan dapat dari daripada demi dengan di dia
hanya harus hingga ia ialah ini itu jadi jika jikalau juga kalau kami kamu karena ke kepada kita lagi lalu maka maupun
masih melainkan mereka merupakan namun oleh pada para per pun saat sambil sampai sang saya se sebab sebagai sebagaimana
sebelum sebuah secara sedang sedangkan sehingga sejak seorang seperti serta sesuatu setelah setiap si sudah suatu supaya
tanpa tapi telah tentang tentu terhadap tersebut tetapi tiap untuk yaitu yakni yang
"""
_ENGLISH = """
a about after all also an and any are as at be been before being between but by can could did do does for from had has have he
her his how i if in into is it its just may more most no nor not of on or our out over she should so some such than that the
their them then there these they this those to under until up was we were what when where which while who will with would
you your
"""

STOP_WORDS = {"id": frozenset(_INDONESIAN.split()), "en": frozenset(_ENGLISH.split())}
