"""XML of strangers: what is refused, how fast, and what is read of the rest."""

from __future__ import annotations

import tracemalloc
from time import perf_counter

import pytest

from quiz.questions.formats.imported import RefusedFile, Unusable
from quiz.questions.formats.xml_tree import children, descendants, inner_text, plain_words, read_xml, root_name
from tests.questions.formats.samples import refusal

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('<?xml version="1.0"?><!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><q>&x;</q>', "doctype"),
        (f"<!DOCTYPE q [{LAUGHS}]><q>&l9;</q>", "doctype"),
        ('<!-- <q> --><!DOCTYPE q SYSTEM "http://127.0.0.1/x.dtd"><q/>', "doctype"),
        ('<?x <q> ?><!doctype html><html></html>', "doctype"),
        ("<q>&nbsp;</q>", "xml_broken"),
        ("<q><a></q>", "xml_broken"),
        ("", "xml_broken"),
        ("<q>" + "<a>" * 300 + "</a>" * 300 + "</q>", "xml_broken"),
        ('<?xml version="1.0" encoding="TIS-620"?><q/>', "encoding"),
    ],
)  # fmt: skip
def test_dangerous_and_broken_files_are_refused(source: str, code: str) -> None:
    started = perf_counter()
    assert refusal(lambda: read_xml(source.encode())) == code
    assert perf_counter() - started < 1


def test_an_entity_in_a_text_is_no_declaration() -> None:
    assert inner_text(read_xml(b"<q><![CDATA[<!DOCTYPE html> <!ENTITY x>]]></q>")) == "<!DOCTYPE html> <!ENTITY x>"


@pytest.mark.parametrize("piece", ["<a/>", '<a b="c"/>', "<a b='c' "])
def test_files_of_too_many_elements_are_refused_before_they_take_memory(piece: str) -> None:
    data = b"<q>" + piece.encode() * (20_000_000 // len(piece))
    tracemalloc.start()
    try:
        assert refusal(lambda: read_xml(data)) == "xml_complex"
        assert tracemalloc.get_traced_memory()[1] < 5 * len(data)
    finally:
        tracemalloc.stop()


def test_the_line_and_the_file_of_a_fault_are_named() -> None:
    with pytest.raises(RefusedFile, match=r"hỏng ở dòng 3 \(bai/x.xml\)"):
        read_xml(b'<?xml version="1.0"?>\n<q>\n<a></q>', "bai/x.xml")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Một cửa"),
        ("utf-16", "Một cửa"),
        ("iso-8859-1", "Café"),
        ("windows-1252", "“Café”"),
        ("us-ascii", "x"),
    ],
)
def test_the_encoding_that_a_file_names_is_believed(encoding: str, text: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n<q>{text}</q>'.encode(encoding)
    assert inner_text(read_xml(data)) == text


def test_letters_that_belie_the_encoding_are_refused() -> None:
    assert refusal(lambda: read_xml("<q>é</q>".encode("cp1252"))) == "not_utf8"
    assert refusal(lambda: read_xml(b'<?xml version="1.0" encoding="windows-1252"?><q>\x81</q>')) == "not_utf8"


def test_names_are_read_without_their_namespaces() -> None:
    tree = read_xml(b'<q xmlns="urn:x" xmlns:y="urn:y"><y:a>1</y:a><b><a>2</a></b></q>')
    assert [inner_text(each) for each in children(tree, "a")] == ["1"]
    assert [inner_text(each) for each in descendants(tree, "a")] == ["1", "2"]
    assert root_name("<!-- x --><y:quiz a='b'>") == "quiz"
    assert root_name("chữ") == ""


def test_words_of_xhtml_are_read_without_what_is_left_out() -> None:
    tree = read_xml("<q>Một <b>hai</b><x>ẩn <b>ba</b></x> bốn<p>m<sup>2</sup></p><z>năm</z></q>".encode())
    assert plain_words(tree, "x") == "Một hai bốn\nm²\nnăm"
    with pytest.raises(Unusable):
        plain_words(read_xml(b'<q><img src="x"/></q>'))
