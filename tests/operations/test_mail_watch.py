"""In development no mail is sent; the terminal shows the recipient, subject and link of each message."""

from django.core.mail import send_mail

from knowledge_hub.core.mail_watch import MailWatch


def test_each_new_message_is_printed_once(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    send_mail("Lama", "dikirim sebelumnya", None, ["lama@contoh.invalid"])
    watch = MailWatch(tmp_path)

    send_mail("Konfirmasi – permohonan", "Buka http://127.0.0.1:8000/kunjungan/konfirmasi/abc/ sekarang", None, ["tamu@contoh.invalid"])
    send_mail("Tanpa tautan", "Halo", None, ["tamu@contoh.invalid"])

    assert sorted(watch.news()) == [
        "✉ tamu@contoh.invalid: Konfirmasi – permohonan\n    http://127.0.0.1:8000/kunjungan/konfirmasi/abc/",
        "✉ tamu@contoh.invalid: Tanpa tautan",
    ]
    assert list(watch.news()) == []


def test_a_missing_mail_directory_causes_no_error(tmp_path):
    assert list(MailWatch(tmp_path / "nanti").news()) == []
