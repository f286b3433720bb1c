"""Checks of what was promised before the week opened (`docs/verification.md` §14)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from quiz.scoring.tie_breaks import LOT
from quiz.verification import questions, rules
from quiz.verification.bundle import CONTENTS, DOCUMENTS, NAMES, VERIFIERS, Bundle, Fault
from quiz.verification.commitments import PROTOCOL, rules_hash, seed_hash, sha256


def check_files(bundle: Bundle) -> Iterator[Fault]:
    """Every file of the bundle is there and as the table of contents says, every document in canonical form."""
    listed = {one["name"]: one["sha256"] for one in bundle.document(CONTENTS)}
    for name in sorted({*NAMES, *listed} | (bundle.files.keys() - {CONTENTS})):
        if name not in bundle.files:
            yield Fault(f"Thiếu tệp {name}.", f"The file {name} is missing.")
        elif name not in listed:
            yield Fault(f"Tệp {name} không có trong mục lục.", f"The file {name} is not in the table of contents.")
        elif sha256(bundle.files[name]) != listed[name]:
            yield Fault(
                f"Tệp {name} không còn nguyên vẹn: nội dung khác với mục lục.",
                f"The file {name} is not intact: its content differs from the table of contents.",
            )
    for name in DOCUMENTS:
        if name in bundle.files:
            try:
                bundle.document(name)
            except ValueError as unreadable:
                yield Fault(f"Tệp {name} không đọc được: {unreadable}.", f"{name} cannot be read: {unreadable}.")


def check_commitment(bundle: Bundle) -> Iterator[Fault]:
    """The commitment is the one held outside, and speaks of the same week as the rules and the results."""
    digest, promised = sha256(bundle.files["cam-ket.json"]), bundle.document("cam-ket.json")
    if bundle.outside.commitment and bundle.outside.commitment != digest:
        yield Fault(
            f"Bản cam kết trong gói có mã {digest}, không phải bản mà ông/bà giữ ({bundle.outside.commitment}).",
            f"The commitment in the bundle has the digest {digest}; it is not the one you hold.",
        )
    if promised["protocol"] != PROTOCOL:
        yield Fault(f"Không biết quy ước {promised['protocol']}.", f"Unknown protocol {promised['protocol']}.")
    result = bundle.document("ket-qua.json")
    of = bundle.rules
    pairs = (
        ("contest", promised["contest"], of.contest),
        ("week", promised["week"], of.week),
        ("opens_at", promised["opens_at"], rules.moment(of.opens_at)),
        ("closes_at", promised["closes_at"], rules.moment(of.closes_at)),
        ("week", result["week"], of.week),
    )
    for name, said, ruled in pairs:
        if said != ruled:
            yield Fault(
                f"Bản cam kết, thể lệ và kết quả không nói về cùng một tuần thi ({name}: {said} và {ruled}).",
                f"Commitment, rules and results do not speak of the same week ({name}: {said} and {ruled}).",
            )


def check_rules(bundle: Bundle) -> Iterator[Fault]:
    """The rules are those promised before the week opened."""
    if rules_hash(bundle.document("the-le.json")) != bundle.document("cam-ket.json")["rules"]:
        yield Fault(
            "Thể lệ trong gói không phải thể lệ đã cam kết trước khi mở tuần thi.",
            "The rules in the bundle are not those promised before the week opened.",
        )


def check_questions(bundle: Bundle) -> Iterator[Fault]:
    """The questions, their keys among them, are those promised before the week opened."""
    promised = {
        bank["name"]: [(one["id"], one["hash"]) for one in bank["questions"]]
        for bank in bundle.document("cam-ket.json")["banks"]
    }
    given = {
        bank["name"]: [(one["id"], questions.question_hash(one)) for one in bank["questions"]]
        for bank in bundle.document("bo-cau-hoi.json")
    }
    for name in sorted(promised.keys() | given.keys()):
        before, after = promised.get(name, []), given.get(name, [])
        if [id_ for id_, _ in before] != [id_ for id_, _ in after]:
            yield Fault(
                f"Bộ câu hỏi “{name}” không có đúng những câu đã cam kết.",
                f"The bank “{name}” does not hold the questions that were promised.",
            )
        hashes = dict(before)
        for id_, found in after:
            if id_ in hashes and hashes[id_] != found:
                yield Fault(
                    f"Câu {id_}: nội dung hoặc đáp án khác với cam kết trước khi mở tuần thi.",
                    f"Question {id_}: its text or key differs from what was promised before the week opened.",
                )


def check_seeds(bundle: Bundle) -> Iterator[Fault]:
    """What chance came from was promised before, or is the public value that the rules name."""
    promised, opened = bundle.document("cam-ket.json"), bundle.document("mo.json")
    if seed_hash("draw", bundle.opened.draw_seed) != promised["draw"]:
        yield Fault(
            "Số ngẫu nhiên rút đề không phải số đã cam kết trước khi mở tuần thi.",
            "The seed of the papers is not the one promised before the week opened.",
        )
    if bundle.rules.lot_event is None:
        seed = opened["lot_seed"]
        if seed is None or seed_hash("lot", bytes.fromhex(seed)) != promised["lot"] or opened["lot_value"] is not None:
            yield Fault(
                "Số ngẫu nhiên bốc thăm không phải số đã cam kết trước khi mở tuần thi.",
                "The seed of the lots is not the one promised before the week opened.",
            )
        return
    value = opened["lot_value"]
    if promised["lot"] is not None or opened["lot_seed"] is not None:
        yield Fault(
            "Thể lệ nói bốc thăm theo một sự kiện công khai, nhưng gói lại có số ngẫu nhiên.",
            "The rules have lots drawn by a public event, but the bundle has a seed.",
        )
    if value is not None and value != " ".join(unicodedata.normalize("NFC", value).split()):
        yield Fault("Giá trị bốc thăm không ở dạng chuẩn.", "The value of the lots is not in normal form.")
    drawn = (each["decided_by"] == LOT.name for claim in bundle.claims.values() for each in claim["standings"])
    if value is None and any(drawn):
        yield Fault(
            "Có người xếp trên nhờ bốc thăm, nhưng chưa công bố giá trị bốc thăm.",
            "Somebody stands higher by lot, but the public value of the lots is not given.",
        )


def check_verifiers(bundle: Bundle) -> Iterator[Fault]:
    """The verifiers are those promised before the week opened."""
    promised = {one["name"]: one["sha256"] for one in bundle.document("cam-ket.json")["verifiers"]}
    for name in VERIFIERS:
        if name not in bundle.files or sha256(bundle.files[name]) != promised.get(name):
            yield Fault(
                f"Chương trình {name} trong gói không phải chương trình đã cam kết.",
                f"The program {name} in the bundle is not the one that was promised.",
            )
