"""From which figures on something is wrong, for the machine, the database and the settings; from values alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from quiz.config import Config
from quiz.doctor.findings import Finding, good, note, stop
from quiz.services.room import Disk
from quiz.vietnamese import number

MOST_APART = timedelta(seconds=2)
LEAST_FREE = 1 << 30
COMFORTABLE = 5
"""So many times what is needed at least may well be free."""
CONNECTIONS_PER_THREAD = 2
"""One for its transaction, one for statements by themselves (`services/direct.py`)."""
SPARE_CONNECTIONS = 10
"""For the scheduler, backups and whoever looks after the server."""
MANY_PEOPLE = 10_000
LEAST_ORGANISERS = 2
LEAST_DIFFERENT = 12
GIGABYTE = 1 << 30


def clock(is_synchronised: bool | None, apart: timedelta | None) -> Iterator[Finding]:
    """The clock by which everybody is timed; `apart` is how far the database's is ahead, None where they are one."""
    mend = "bật chrony hoặc systemd-timesyncd (lệnh timedatectl set-ntp true), chờ vài phút rồi kiểm tra lại"
    if is_synchronised is None:
        yield note("Đồng hồ: không xem được đã đồng bộ hay chưa", "xem bằng lệnh timedatectl")
    elif is_synchronised:
        yield good("Đồng hồ: đã đồng bộ")
    else:
        yield stop("Đồng hồ: chưa đồng bộ, mọi giờ thi tính theo đồng hồ này", mend)
    if apart is not None:
        milliseconds = round(apart / timedelta(milliseconds=1))
        words = f"Đồng hồ máy này và máy cơ sở dữ liệu lệch {number(abs(milliseconds))} ms"
        yield good(words) if abs(apart) <= MOST_APART else stop(words, f"{mend} trên cả hai máy")


def space(where: str, free: int, needed: int) -> Finding:
    """Free space where something grows: a copy of it must fit, and a gigabyte at least."""
    least = max(LEAST_FREE, needed)
    words = f"Đĩa ({where}): còn trống {_gigabytes(free)} GB, cần ít nhất {_gigabytes(least)} GB"
    if free < least:
        return stop(words, "xóa bản sao lưu và nhật ký cũ, hoặc tăng dung lượng đĩa")
    return good(words) if free >= COMFORTABLE * least else note(words, "dọn đĩa hoặc tăng dung lượng trước tuần thi")


def fullness(where: str, disk: Disk, full_percent: int) -> Iterator[Finding]:
    """From this on nobody may start any more."""
    if not disk.has_room(full_percent):
        yield stop(
            f"Đĩa ({where}): đã đầy {disk.percent} %, từ {full_percent} % thì không ai bắt đầu lượt thi mới được",
            "xóa bản sao lưu và nhật ký cũ, hoặc tăng dung lượng đĩa; bài đang làm vẫn lưu và nộp được",
        )


def embedded(settings: Mapping[str, str]) -> Iterator[Finding]:
    """SQLite must keep what it has acknowledged through a power cut, and let people read while somebody writes."""
    durable = settings["journal_mode"] == "wal" and int(settings["synchronous"]) >= 2
    words = f"SQLite: journal_mode={settings['journal_mode']}, synchronous={settings['synchronous']}"
    yield good(words) if durable else stop(words, "đặt tệp cơ sở dữ liệu trên đĩa của máy, không đặt trên ổ mạng")


def server(settings: Mapping[str, str], threads: int) -> Iterator[Finding]:
    """PostgreSQL must keep what it has acknowledged, and have a connection for everybody who may ask for one."""
    if settings["transaction_read_only"] == "on":
        yield stop("PostgreSQL: đang ở chế độ chỉ đọc", "kết nối vào máy chính, không phải bản sao")
    for name in ("fsync", "full_page_writes"):
        if settings[name] != "on":
            yield stop(f"PostgreSQL: {name} = {settings[name]}, mất điện là mất bài", f"đặt {name} = on rồi nạp lại")
    if settings["synchronous_commit"] == "off":
        yield stop(
            "PostgreSQL: synchronous_commit = off, bài đã báo lưu có thể mất",
            "đặt synchronous_commit = on (cả trong ALTER ROLE, ALTER DATABASE)",
        )
    else:
        yield good(f"PostgreSQL: synchronous_commit = {settings['synchronous_commit']}")
    if settings["data_checksums"] != "on":
        yield note("PostgreSQL: chưa bật data_checksums", "dừng PostgreSQL rồi chạy pg_checksums --enable")
    usable = int(settings["max_connections"]) - int(settings["superuser_reserved_connections"])
    needed = threads * CONNECTIONS_PER_THREAD + SPARE_CONNECTIONS
    words = (
        f"PostgreSQL: {number(usable)} kết nối dùng được, {threads} luồng của các tiến trình web cần {number(needed)}"
    )
    yield good(words) if usable >= needed else stop(words, f"đặt max_connections từ {needed + 10} trở lên")


def people(count: int, *, is_sqlite: bool) -> Iterator[Finding]:
    """What the embedded database is not made for."""
    if is_sqlite and count >= MANY_PEOPLE:
        yield note(
            f"SQLite: danh sách có {number(count)} người", "từ mười nghìn người trở lên nên chuyển sang PostgreSQL"
        )


def settings(config: Config, *, is_demo: bool) -> Iterator[Finding]:
    """The environment; a demo travels without encryption, a contest does not."""
    if len(set(config.secret_key)) < LEAST_DIFFERENT:
        yield stop("Cấu hình: QUIZ_SECRET_KEY dễ đoán", 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"')
    if not config.https and not is_demo:
        yield stop("Cấu hình: QUIZ_HTTPS=0, mật khẩu và bài làm đi không mã hóa", "đặt QUIZ_HTTPS=1 sau nginx có HTTPS")
    if config.https and not config.trusted_proxies:
        yield note(
            "Cấu hình: QUIZ_TRUSTED_PROXIES=0, sau nginx thì mọi người bị coi là cùng một địa chỉ mạng",
            "có nginx đứng trước thì đặt QUIZ_TRUSTED_PROXIES=1",
        )
    if config.mail and config.https and not config.mail.base_url.startswith("https://"):
        yield stop("Cấu hình: QUIZ_BASE_URL không phải https://", "sửa QUIZ_BASE_URL thành địa chỉ https của trang")
    yield good("Cấu hình: đã đọc đủ các biến bắt buộc")


def secret_file(what: str, path: str, mode: int, mend: str) -> Finding:
    """A file that only its owner may read, by its permission bits."""
    bits = mode & 0o777
    if bits & 0o077:
        return stop(f"Quyền của {what} ({path}) là {bits:o}: người khác trên máy đọc được", mend)
    return good(f"Quyền của {what}: chỉ chủ sở hữu đọc được")


def migrations(found: str, needed: str) -> Finding:
    """The schema that is there, and the one that the program needs."""
    if found < needed:
        return stop(f"Lược đồ cơ sở dữ liệu: {found or 'chưa có'}, phần mềm cần {needed}", "chạy flask db upgrade")
    if found > needed:
        return note(f"Lược đồ cơ sở dữ liệu ({found}) mới hơn phần mềm ({needed})", "nâng cấp phần mềm trên máy này")
    return good(f"Lược đồ cơ sở dữ liệu: {found}, mới nhất")


def organisers(able: int, *, is_loaded: bool) -> Finding:
    """Decisions need one who proposes and another who approves, each with a password; from the first contest on."""
    words = f"Ban Tổ chức: {able} người đã kích hoạt tài khoản"
    if able >= LEAST_ORGANISERS:
        return good(words)
    say = stop if is_loaded else note
    return say(
        f"{words}; quyết định sự cố cần hai người",
        "flask account grant MÃ organiser, flask account code MÃ, rồi người ấy đặt mật khẩu ở trang /kich-hoat",
    )


def _gigabytes(size: int) -> str:
    return f"{size / GIGABYTE:.1f}".replace(".", ",")
