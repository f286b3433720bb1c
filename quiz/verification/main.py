"""The first verifier: `python3 kiem_chung.py ket-qua-tuan-N.zip`.

Prints what it checked and what it cannot know, in Vietnamese and in English. Exit status: 0 all holds, 1 something does
not or the receipt is not found, 2 the bundle cannot be read.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from quiz.verification import records
from quiz.verification.bundle import NAMES, Bundle, Check, Outside
from quiz.verification.canonical import rewritten
from quiz.verification.checks import checked
from quiz.verification.records import Json
from quiz.verification.words import CANNOT_KNOW, CHECK_WORDS, STEP_WORDS, Words

MOST_BYTES = 1 << 30
MOST_FAULTS = 10
MOST_PROCESSES = 8
ALL_HOLDS, SOMETHING_WRONG, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the bundle of the command line; the exit status."""
    return _verified(_arguments().parse_args(arguments))[0]


def run() -> NoReturn:
    """The same as a program, which ends at once: to free a million things one by one takes a twentieth of the time."""
    status, _held = _verified(_arguments().parse_args())
    sys.stdout.flush()
    os._exit(status)


def _verified(asked: argparse.Namespace) -> tuple[int, Bundle | None]:
    gc.disable()  # nothing here goes in circles, and looking for circles takes a quarter of the time
    outside = Outside(
        commitment=_hexadecimal(asked.cam_ket), head=_hexadecimal(asked.dau), final=_hexadecimal(asked.dau_cuoi)
    )
    try:
        progress = _progress if sys.stderr.isatty() else _silent
        bundle = Bundle(read_files(asked.goi), outside, progress, min(os.cpu_count() or 1, MOST_PROCESSES))
    except (OSError, ValueError, zipfile.BadZipFile) as unreadable:
        print(f"Không đọc được {asked.goi}: {unreadable}\nCannot read {asked.goi}: {unreadable}", file=sys.stderr)
        return UNREADABLE, None
    print(f"{asked.goi}\n")
    found = []
    for check in checked(bundle):
        found.append(check)
        print("\n".join(_told(check, everything=asked.tat_ca)))
    _print_limits(outside)
    record = _record(bundle, asked.bien_nhan) if asked.bien_nhan else None
    if asked.bien_nhan:
        print("\n" + "\n".join(_entry(bundle, record) if record else _both(_NOT_FOUND)))
    wrong = sum(not check.holds for check in found)
    vi, en = _verdict(wrong, lost=bool(asked.bien_nhan) and record is None)
    print(f"\n{vi} ({en})")
    bundle.end()
    return SOMETHING_WRONG if wrong or (asked.bien_nhan and record is None) else ALL_HOLDS, bundle


def read_files(path: Path) -> dict[str, bytes]:
    """The files of a bundle, packed or in a folder. Raises OSError, ValueError or BadZipFile."""
    if path.is_dir():
        return {each.name: each.read_bytes() for each in sorted(path.iterdir()) if each.is_file()}
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
        if len(entries) > 2 * len(NAMES) or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise ValueError("quá nhiều tệp hoặc quá lớn / too many files, or too large")
        if len({entry.filename for entry in entries}) < len(entries):
            raise ValueError("hai tệp cùng tên / two files of one name")
        return {entry.filename: packed.read(entry) for entry in entries}


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiem_chung.py",
        description="Kiểm chứng kết quả một tuần thi từ gói kết quả. / Checks a week of the contest from its bundle.",
    )
    parser.add_argument("goi", type=Path, metavar="GÓI", help="ket-qua-tuan-N.zip (hoặc thư mục đã giải nén)")
    parser.add_argument("--cam-ket", default="", metavar="MÃ", help="mã SHA-256 của bản cam kết ông/bà giữ")
    parser.add_argument("--dau", default="", metavar="MÃ", help="một mã đầu chuỗi ông/bà giữ")
    parser.add_argument("--dau-cuoi", default="", metavar="MÃ", help="mã đầu chuỗi cuối cùng ông/bà giữ")
    parser.add_argument("--bien-nhan", default="", metavar="MÃ", help="mã biên nhận hoặc dấu niêm phong của ông/bà")
    parser.add_argument(
        "--tat-ca", action="store_true", help=f"in mọi điều sai, không chỉ {MOST_FAULTS} điều đầu mỗi mục"
    )
    return parser


def _hexadecimal(written: str) -> str:
    return "".join(written.split()).lower()


def _silent(_check: str, _done: int, _total: int) -> None:
    """Where nobody looks, nothing is shown."""


def _progress(check: str, done: int, total: int) -> None:
    end = "\r" if done < total else "\r\033[K"
    print(f"  … {CHECK_WORDS[check][0]} {100 * done // max(1, total)} %", end=end, file=sys.stderr, flush=True)


def _verdict(wrong: int, *, lost: bool) -> Words:
    if wrong:
        return f"CÓ {wrong} MỤC KHÔNG ĐÚNG.", "1 check does not hold." if wrong == 1 else f"{wrong} checks do not hold."
    if lost:
        return "MỌI MỤC ĐỀU ĐÚNG, NHƯNG KHÔNG CÓ BIÊN NHẬN CỦA BẠN.", "Everything holds, but your receipt is missing."
    return "TẤT CẢ ĐỀU ĐÚNG.", "Everything holds."


def _told(check: Check, *, everything: bool) -> Iterator[str]:
    vi, en = CHECK_WORDS[check.name]
    yield f"{'[ĐÚNG]' if check.holds else '[SAI] '} {vi}. ({en}.)"
    shown = check.faults if everything else check.faults[:MOST_FAULTS]
    for fault in shown:
        yield from _both((fault.vi, fault.en))
    if more := len(check.faults) - len(shown) + check.more:
        yield f"        … và {more} điều khác (and {more} more)"


def _both(words: Words) -> Iterator[str]:
    vi, en = words
    yield f"      - {vi}"
    yield f"        {en}"


def _print_limits(outside: Outside) -> None:
    print("\nĐiều không thể biết từ gói kết quả (What cannot be known from the bundle):")
    for words in CANNOT_KNOW:
        print("\n".join(_both(words)))
    if not (outside.commitment or outside.head or outside.final):
        print(
            "\nBạn chưa nhập mã nào giữ từ nơi khác (--cam-ket, --dau, --dau-cuoi): chưa loại trừ được việc làm lại từ "
            "đầu.\nYou gave nothing held from elsewhere: that everything was made anew cannot be excluded."
        )


def _record(bundle: Bundle, written: str) -> Json | None:
    """The record of a receipt, by its code or its seal."""
    asked = "".join(character for character in written.upper() if character.isalnum())
    try:
        found = (one for one in bundle.records if asked in (one["code"], records.short(records.seal_of(one))))
        return next(found, None)
    except (LookupError, TypeError, ValueError):
        return None


def _entry(bundle: Bundle, record: Json) -> Iterator[str]:
    """What the bundle says of one record."""
    seal = records.seal(rewritten(record))
    batches = bundle.document("niem-phong.json")["batches"]
    numbers = [str(batch["number"]) for batch in batches if seal in batch["seals"]]
    yield f"Mã biên nhận (receipt) {record['code']}, dấu niêm phong (seal) {records.short(seal)}"
    yield f"  lô niêm phong (batch): {', '.join(numbers) or '—'}"
    yield f"  thời gian làm bài (time taken): {record['time_ms'] / 1000:.3f} s"
    if record["code"] in bundle.results:
        paper, given = bundle.marking.sheet(record)
        for item, chosen, right in zip(paper.questions, record["answers"], given.right, strict=True):
            yield f"  {item.number:3d}. {item.question.text}"
            for option in item.options:
                mark = "●" if option.letter in chosen else "○"
                yield f"       {mark} {option.letter}. {option.text}"
            yield f"       {'ĐÚNG (right)' if right else 'SAI (wrong)'}, {item.points if right else 0}/{item.points}"
        yield f"  điểm (score): {given.score}/{paper.full}"
    for claim in bundle.claims.values():
        for standing in claim["standings"]:
            if standing["code"] == record["code"]:
                yield f"  hạng (rank): {standing['rank']}, vị trí (place): {standing['place']}"
                vi, en = STEP_WORDS.get(standing["decided_by"], ("—", "—"))
                yield f"  xếp trên người kế tiếp nhờ (above the next by): {vi} ({en})"


_NOT_FOUND = (
    "Không có biên nhận này trong gói kết quả. Hãy gửi biên nhận cho Ban Tổ chức, đầu mối cơ quan và thanh tra.",
    "This receipt is not in the bundle. Send it to the organiser, your coordinator and an inspector.",
)
