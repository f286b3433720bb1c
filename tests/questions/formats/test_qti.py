"""Packages of TAO, Canvas and others: what the manifest lists, what stands beside it, what is broken."""

from __future__ import annotations

from quiz.questions.formats.imported import Imported
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.qti import looks_like_qti, read_qti_item, read_qti_package
from tests.questions.formats.hostile import zipped
from tests.questions.formats.samples import refusal, refused, said
from tests.questions.formats.test_qti_item import ONE, QTI_21, QTI_30, TAO_22, item

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="MANIFEST-1">
  <metadata><schema>QTIv2.1 Package</schema></metadata><organizations/>
  <resources>
    <resource identifier="t" type="imsqti_test_xmlv2p1" href="tests/test.xml"><file href="tests/test.xml"/></resource>
    <resource identifier="b" type="imsqti_item_xmlv2p2" href="items/%C4%91%E1%BB%81/qti.xml">
      <metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
        <keyword><string language="vi">mức độ:3</string></keyword></general></lom></metadata>
      <file href="items/qti.xml"/></resource>
    <resource identifier="c" type="imsqti_item_xmlv2p1" href="mất.xml"/>
    <resource identifier="d" type="imsbasiclti_xmlv1p0" href="lti"/>
    <resource identifier="e" type="webcontent" href="x.css"/>
  </resources>
</manifest>"""
TEST = """<assessmentTest identifier="t" title="Đề"><testPart identifier="p">
<assessmentSection identifier="s" title="Một cửa">
<assessmentItemRef identifier="b" href="../items/đề/qti.xml"/></assessmentSection></testPart></assessmentTest>"""


def package(**files: str | bytes) -> Packed:
    names = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in files.items()}
    return Packed(zipped(names))


def read(files: dict[str, str | bytes]) -> Imported:
    return read_qti_package(Packed(zipped(files)))


def test_a_package_is_read_with_its_sections_and_keywords() -> None:
    imported = read(
        {
            "goi/imsmanifest.xml": MANIFEST,
            "goi/tests/test.xml": TEST,
            "goi/items/đề/qti.xml": TAO_22,
            "goi/items/a.xml": QTI_21,
            "goi/x.css": "p {}",
        }
    )
    assert [question.identifier for question in imported.questions] == ["i6011423ba1e83975c19a3f96e48f662", "choice"]
    assert (imported.questions[0].topic_name, imported.questions[0].level) == ("Một cửa", 3)
    assert refused(imported) == [
        "mục “mất.xml”: có tên trong imsmanifest.xml nhưng không có tệp trong gói",
        "mục “lti”: là loại câu hỏi “imsbasiclti_xmlv1p0”; bộ câu hỏi chỉ nhận câu bốn phương án",
    ]


def test_old_broken_and_refused_items_are_named() -> None:
    imported = read(
        {
            "imsmanifest.xml": "<manifest/>",
            "canvas/assessment_qti.xml": "<questestinterop><assessment/></questestinterop>",
            "hong.xml": "<assessmentItem>",
            "luan.xml": item("<extendedTextInteraction/>", ONE, 'title="Luận"'),
            "ba.xml": QTI_30,
        }
    )
    assert len(imported.questions) == 1
    assert [(str(no.where), no.why.code) for no in imported.refused] == [
        ("mục “hong.xml”", "xml_broken"),
        ("mục “Luận”", "essay"),
        ("mục “canvas/assessment_qti.xml”", "qti_old"),
    ]


def test_a_dangerous_member_refuses_the_package() -> None:
    evil = "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
    assert refusal(lambda: read({"imsmanifest.xml": "<manifest/>", "a.xml": evil})) == "doctype"


def test_a_package_of_too_many_elements_is_refused() -> None:
    big = "<a>" + "<b/>" * 700_000 + "</a>"
    assert refusal(lambda: read_qti_package(Packed(zipped({"imsmanifest.xml": big, "a.xml": big}, 0)))) == "xml_complex"


def test_a_single_item_is_read() -> None:
    assert said(read_qti_item(QTI_30.encode())) == ["Câu hỏi\n- ý một\n- ý hai | a | b | c | *d"]
    assert refused(read_qti_item(item("<p/>", ONE).encode())) == [
        "mục “i”: là đoạn giới thiệu, không có phương án trả lời"
    ]


def test_packages_are_known_by_manifest_or_items() -> None:
    assert looks_like_qti(package(imsmanifest_xml="<manifest/>"))
    assert looks_like_qti(package(a__b_xml=QTI_30))
    assert not looks_like_qti(package(a_xml="<a/>"))


def test_what_a_mac_leaves_in_a_package_is_no_part_of_it() -> None:
    left = {"__MACOSX/._imsmanifest.xml": b"\0\5\x16\7", "__MACOSX/items/._a.xml": b"\0\5\x16\7"}
    imported = read({"imsmanifest.xml": "<manifest/>", "items/a.xml": QTI_21, **left})
    assert (len(imported.questions), refused(imported)) == (1, [])
