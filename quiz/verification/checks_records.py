"""Checks of what was sealed during the week, and of what was decided about it (`docs/verification.md` §14)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from quiz.verification import records, rules
from quiz.verification.bundle import Bundle, Fault
from quiz.verification.chain import first_head, next_head
from quiz.verification.commitments import sha256

Json = dict[str, Any]
WHY = ("barred", "struck", "other_prize")


def check_records(bundle: Bundle) -> Iterator[Fault]:
    """Every record is in exactly one batch, and every seal has its record."""
    codes = [record["code"] for record in bundle.records]
    for code, other in pairwise(codes):
        if code >= other:
            yield Fault(f"Bài {other} lặp lại hoặc sai thứ tự.", f"Record {other} is repeated or out of order.")
    batches: dict[str, list[int]] = defaultdict(list)
    for batch in bundle.document("niem-phong.json")["batches"]:
        for seal in batch["seals"]:
            batches[seal].append(batch["number"])
    total = len(bundle.records)
    for done, (record, held) in enumerate(zip(bundle.records, bundle.record_bytes, strict=True)):
        if done % 1000 == 0:
            bundle.progress("records", done, total)
        sealed = batches.pop(records.seal(held), [])
        if not sealed:
            yield Fault(
                f"Bài {record['code']} đã bị sửa hoặc thêm vào: dấu niêm phong của nó không có trong lô nào.",
                f"Record {record['code']} was changed or added: its seal is in no batch.",
            )
        elif len(sealed) > 1:
            yield Fault(
                f"Dấu niêm phong của bài {record['code']} có trong nhiều lô: {sealed}.",
                f"The seal of record {record['code']} is in several batches: {sealed}.",
            )
    for seal, numbers in batches.items():
        yield Fault(
            f"Lô {numbers[0]} có dấu niêm phong {records.short(seal)} nhưng gói không có bài thi ấy: bài bị bỏ hoặc "
            "bị sửa.",
            f"Batch {numbers[0]} has the seal {records.short(seal)} but no such record: it was left out or changed.",
        )


def check_chain(bundle: Bundle) -> Iterator[Fault]:
    """The batches follow each other without a gap, and the heads held outside are among theirs."""
    document = bundle.document("niem-phong.json")
    head = first_head(sha256(bundle.files["cam-ket.json"]))
    heads, at, audited = [head], "", 0
    for number, batch in enumerate(document["batches"], start=1):
        sealed = {name: held for name, held in batch.items() if name != "head"}
        head = next_head(head, sealed)
        heads.append(head)
        if batch["number"] != number or batch["seals"] != sorted(batch["seals"]):
            yield Fault(f"Lô thứ {number} không đúng thứ tự.", f"Batch {number} is out of order.")
        if batch["sealed_at"] < at or batch["audit"]["count"] < audited:
            yield Fault(
                f"Lô {number} lùi về trước: thời điểm hoặc số dòng nhật ký nhỏ hơn lô trước.",
                f"Batch {number} goes back: its time or its count of the log is less than before.",
            )
        at, audited = batch["sealed_at"], batch["audit"]["count"]
        if batch["head"] != head:
            yield Fault(
                f"Mã đầu chuỗi của lô {number} không khớp: một lô đã bị sửa, thêm hoặc bớt.",
                f"The head of batch {number} does not fit: a batch was changed, added or left out.",
            )
            head = batch["head"]
    if document["final"] != head:
        yield Fault("Mã đầu chuỗi cuối cùng không khớp.", "The final head does not fit.")
    if bundle.outside.head and bundle.outside.head not in heads:
        yield Fault(
            f"Mã đầu chuỗi ông/bà giữ ({bundle.outside.head}) không có trong chuỗi này: chuỗi đã bị làm lại.",
            f"The head you hold ({bundle.outside.head}) is not in this chain: the chain was made anew.",
        )
    if bundle.outside.final and bundle.outside.final != document["final"]:
        yield Fault(
            f"Mã đầu chuỗi cuối cùng là {document['final']}, không phải mã ông/bà giữ ({bundle.outside.final}).",
            f"The final head is {document['final']}, not the one you hold ({bundle.outside.final}).",
        )


def check_openings(bundle: Bundle) -> Iterator[Fault]:
    """Every moment that is opened fits what was sealed."""
    by_code = {record["code"]: record for record in bundle.records}
    document = bundle.document("mo.json")
    for name, held in (("moment", document["moments"]), ("registered", document["registered"])):
        for one in held:
            record = by_code.get(one["code"])
            if record is None or record[name] != records.hidden_hash(name, one):
                yield Fault(
                    f"Thời điểm mở ra của bài {one['code']} không khớp với bản đã niêm phong.",
                    f"The moment opened for record {one['code']} does not fit what was sealed.",
                )


def check_decisions(bundle: Bundle) -> Iterator[Fault]:
    """Every decision is about something that is there, and has a number."""
    document = bundle.document("quyet-dinh.json")
    codes = {record["code"] for record in bundle.records}
    known = {bank: {question.id for question in held} for bank, held in bundle.banks.items()}
    for kind in ("rulings", "set_aside", "given_back", "allowances"):
        for one in document[kind]:
            about = one["question"] if kind == "rulings" else one["code"]
            if not one["decision"].strip():
                yield Fault(f"Quyết định về {about} không có số.", f"The decision about {about} has no number.")
            if about not in (known.get(one["bank"], set()) if kind == "rulings" else codes):
                yield Fault(f"Quyết định về {about}, gói không có.", f"A decision about {about}, which is not there.")
    for one in document["rulings"]:
        if one["kind"] not in ("void", "rekey", "accept"):
            yield Fault(f"Quyết định lạ: {one['kind']}.", f"Unknown decision: {one['kind']}.")
    yield from _check_people(bundle, document)


def _check_people(bundle: Bundle, document: Json) -> Iterator[Fault]:
    joined = bundle.decisions.joined
    known = {record["person"] for record in bundle.records} | joined.keys() | set(joined.values())
    for one in document["joined"]:
        if one["kept"] in joined:
            yield Fault(f"Người {one['kept']} bị gộp hai lần.", f"Person {one['kept']} is joined twice.")
    divisions = {division.code for division in bundle.rules.divisions}
    for one in document["passed_over"]:
        if one["person"] not in known or one["division"] not in divisions or one["why"] not in WHY:
            yield Fault(
                f"Người {one['person']} không được xét giải nhưng gói không có người ấy, hoặc lý do lạ.",
                f"Person {one['person']} is passed over, but is not there, or for an unknown reason.",
            )


def check_attempts(bundle: Bundle) -> Iterator[Fault]:
    """Nobody sat more often, or longer, than the rules and the decisions allow."""
    decisions, of = bundle.decisions, bundle.rules
    numbers: dict[str, list[int]] = defaultdict(list)
    counting: Counter[str] = Counter()
    for record in bundle.records:
        paper = of.division(record["division"]).paper
        person = decisions.joined.get(record["person"], record["person"])
        numbers[person].append(record["number"])
        counting[person] += record["code"] not in decisions.set_aside
        if not record["questions"] == len(record["answers"]) == paper.questions:
            yield Fault(
                f"Bài {record['code']} không có đúng số câu của đề thi.",
                f"Record {record['code']} has not as many answers as the paper has questions.",
            )
        more = decisions.allowances.get(record["code"], 0) + decisions.given_back.get(record["code"], 0)
        if not 0 <= record["time_ms"] <= paper.time_allowed // rules.MILLISECOND + more:
            yield Fault(
                f"Bài {record['code']} có thời gian làm bài {record['time_ms']} ms, quá thời gian được phép.",
                f"Record {record['code']} took {record['time_ms']} ms, more than was allowed.",
            )
        if record["seen"] and not paper.avoid_seen:
            yield Fault(
                f"Bài {record['code']} tránh một số câu hỏi mà thể lệ không cho phép tránh.",
                f"Record {record['code']} avoids questions, which the rules do not allow.",
            )
    for person, held in numbers.items():
        if len(set(held)) < len(held) or (of.per_week is not None and counting[person] > of.per_week):
            yield Fault(
                f"Người {person} có {len(held)} lượt thi, nhiều hơn thể lệ cho phép hoặc trùng số thứ tự.",
                f"Person {person} has {len(held)} attempts, more than the rules allow or two of one number.",
            )
