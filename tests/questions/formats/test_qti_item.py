"""Items of QTI 2.1, 2.2 and 3.0 as their specifications and tools write them."""

from __future__ import annotations

import pytest

from quiz.questions.formats.imported import ImportedQuestion, Unusable, say
from quiz.questions.formats.qti_item import item_name, read_item
from quiz.questions.formats.xml_tree import read_xml
from tests.questions.formats.samples import keys

QTI_21 = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
  identifier="choice" title="Thời hạn" adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
    <correctResponse><value>ChoiceB</value></correctResponse>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="integer"/>
  <itemBody>
    <p>Đọc đoạn sau:</p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
      <prompt>Thời hạn là <strong>bao nhiêu</strong> ngày?</prompt>
      <simpleChoice identifier="ChoiceA">3 ngày
        <feedbackInline outcomeIdentifier="FB" identifier="ChoiceA" showHide="show">Quá ngắn</feedbackInline>
      </simpleChoice>
      <simpleChoice identifier="ChoiceB"><p>5 m<sup>2</sup></p></simpleChoice>
      <simpleChoice identifier="ChoiceC">7 &lt; 9</simpleChoice>
      <simpleChoice identifier="ChoiceD" fixed="true">10 ngày</simpleChoice>
    </choiceInteraction>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
  <modalFeedback outcomeIdentifier="FB" identifier="ChoiceC" showHide="show">Không phải</modalFeedback>
  <modalFeedback outcomeIdentifier="FB" identifier="all" showHide="show"><p>Theo Điều 5.</p>
  <p>Căn cứ: NĐ 61</p></modalFeedback>
</assessmentItem>"""

TAO_22 = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" xmlns:m="http://www.w3.org/1998/Math/MathML"
  identifier="i6011423ba1e83975c19a3f96e48f662" title="Item 1" label="Item 1" xml:lang="vi-VN" adaptive="false"
  timeDependent="false" toolName="TAO" toolVersion="3.4.0-sprint146">
  <responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier">
    <correctResponse>
      <value><![CDATA[choice_1]]></value>
      <value><![CDATA[choice_3]]></value>
    </correctResponse>
    <mapping defaultValue="0"><mapEntry mapKey="choice_1" mappedValue="1"/>
      <mapEntry mapKey="choice_2" mappedValue="-1"/>
    </mapping>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="2"/>
  <stylesheet href="style/custom/tao-user-styles.css" type="text/css" media="all" title=""/>
  <itemBody><div class="grid-row"><div class="col-12">
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0" minChoices="0">
      <prompt>Chọn các ý đúng</prompt>
      <simpleChoice identifier="choice_1" fixed="false" showHide="show">a</simpleChoice>
      <simpleChoice identifier="choice_2" fixed="false" showHide="show">b</simpleChoice>
      <simpleChoice identifier="choice_3" fixed="false" showHide="show">c</simpleChoice>
      <simpleChoice identifier="choice_4" fixed="false" showHide="show">d</simpleChoice>
    </choiceInteraction></div></div>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>
</assessmentItem>"""

QTI_30 = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="_2024-01" title="2024-01"
  adaptive="false" time-dependent="false" xml:lang="vi">
  <qti-response-declaration base-type="identifier" cardinality="single" identifier="RESPONSE">
    <qti-correct-response><qti-value>D</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration base-type="float" cardinality="single" identifier="SCORE"/>
  <qti-item-body>
    <qti-rubric-block use="instructions" view="scorer">Chấm theo đáp án</qti-rubric-block>
    <qti-choice-interaction max-choices="1" response-identifier="RESPONSE" shuffle="true">
      <qti-prompt><p>Câu hỏi</p><ul><li>ý một</li><li>ý hai</li></ul></qti-prompt>
      <qti-simple-choice identifier="A">a<qti-feedback-inline outcome-identifier="F" identifier="A" show-hide="show">Sai
      </qti-feedback-inline></qti-simple-choice>
      <qti-simple-choice identifier="B">b</qti-simple-choice>
      <qti-simple-choice identifier="C">c</qti-simple-choice>
      <qti-simple-choice identifier="D">d</qti-simple-choice>
    </qti-choice-interaction>
    <qti-feedback-block outcome-identifier="F" identifier="x" show-hide="show"><qti-content-body><p>Vì vậy</p>
    </qti-content-body></qti-feedback-block>
  </qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
</qti-assessment-item>"""


def read(source: str) -> ImportedQuestion:
    return read_item(read_xml(source.encode()), say("item", name="x"))


def item(body: str, declared: str = "", attributes: str = "", after: str = "") -> str:
    choices = "".join(f'<simpleChoice identifier="{letter}">{letter}</simpleChoice>' for letter in "ABCD")
    body = body.replace(
        "*", f'<choiceInteraction responseIdentifier="R"><prompt>x</prompt>{choices}</choiceInteraction>'
    )
    return (
        f'<assessmentItem identifier="i" {attributes}><responseDeclaration identifier="R" {declared}'
        f"</responseDeclaration><itemBody>{body}</itemBody>{after}</assessmentItem>"
    )


ONE = 'cardinality="single"><correctResponse><value>A</value></correctResponse>'


def test_an_item_of_2_1_is_read() -> None:
    question = read(QTI_21)
    assert (question.identifier, question.text) == ("choice", "Đọc đoạn sau:\nThời hạn là bao nhiêu ngày?")
    assert [option.text for option in question.options] == ["3 ngày", "5 m²", "7 < 9", "10 ngày"]
    assert keys(question) == {"B"}
    assert question.explanation == "Theo Điều 5.\n“3 ngày”: Quá ngắn\n“7 < 9”: Không phải"
    assert question.document == "NĐ 61"


def test_an_item_of_tao_is_read() -> None:
    question = read(TAO_22)
    assert (question.text, keys(question)) == ("Chọn các ý đúng", {"A", "C"})


def test_an_item_of_3_0_is_read() -> None:
    question = read(QTI_30)
    assert (question.identifier, question.text) == ("2024-01", "Câu hỏi\n- ý một\n- ý hai")
    assert (keys(question), question.explanation) == ({"D"}, "Vì vậy\n“a”: Sai")
    assert [each.code for each in question.left_out] == ["rubric"]


@pytest.mark.parametrize(
    ("declared", "key"),
    [
        (ONE, "A"),
        ('cardinality="single"><mapping><mapEntry mapKey="B" mappedValue="2"/></mapping>', "B"),
        ('cardinality="multiple"><mapping><mapEntry mapKey="B" mappedValue="1"/><mapEntry mapKey="C" mappedValue="1"/>'
         '<mapEntry mapKey="D" mappedValue="-1"/></mapping>', "BC"),
    ],
)  # fmt: skip
def test_keys_stand_in_the_declaration(declared: str, key: str) -> None:
    assert keys(read(item("*", declared))) == set(key)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (item("*", ">"), "no_key"),
        (item("*", ONE.replace("</correct", "<value>B</value></correct")), "weights"),
        (item("*", 'cardinality="single"><mapping><mapEntry mapKey="A" mappedValue="1"/><mapEntry mapKey="B" '
              'mappedValue="0.5"/></mapping>'), "weights"),
        (item("*", ONE + '<mapping><mapEntry mapKey="B" mappedValue="0.5"/></mapping>'), "weights"),
        (item("*", ONE.replace(">A<", ">Z<")), "key_unknown"),
        (item("*", ONE + '<mapping><mapEntry mapKey="B" mappedValue="x"/></mapping>').replace("ABCD", ""), ""),
        (item("* *", ONE), "several_interactions"),
        (item("<p>Chỉ đọc</p>", ONE), "description"),
        (item("<extendedTextInteraction/>", ONE), "essay"),
        (item("<p><textEntryInteraction/></p>", ONE), "short_answer"),
        (item("<matchInteraction/>", ONE), "matching"),
        (item("*<hotspotInteraction/>", ONE), "other_type"),
        (item("<p><img src='x.png' alt=''/></p>*", ONE), "media"),
        (item("<p><object data='x.mp3' type='audio/mpeg'/></p>*", ONE), "media"),
        (item("<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mi>x</m:mi></m:math>*", ONE), "formula"),
        (item("<p><printedVariable identifier='N'/></p>*", ONE), "computed"),
        (item("*", ONE, 'adaptive="true"'), "computed"),
        (item("*", ONE, after="<qti-assessment-stimulus-ref href='s.xml' identifier='s'/>"), "elsewhere"),
        (item("*" + "<p/>" * 10_001, ONE), "xml_complex"),
        (item("*", ONE).replace("itemBody>", "other>").replace("<prompt>x</prompt>", ""), "no_text"),
    ],
)  # fmt: skip
def test_items_that_cannot_be_taken_say_why(source: str, code: str) -> None:
    if not code:
        assert keys(read(source)) == {"A"}
        return
    with pytest.raises(Unusable) as no:
        read(source)
    assert no.value.why.code == code


def test_too_many_choices_are_counted() -> None:
    many = "".join(f'<simpleChoice identifier="c{n}">{n}</simpleChoice>' for n in range(101))
    source = item("*", ONE).replace("</choiceInteraction>", f"{many}</choiceInteraction>")
    with pytest.raises(Unusable, match="có 105 phương án"):
        read(source)


def test_names_that_begin_with_a_digit_are_read_without_their_stroke() -> None:
    assert item_name(read_xml(b'<assessmentItem identifier="_1" title="1"/>')) == "1"
    assert item_name(read_xml(b'<assessmentItem identifier="_x" title="1"/>')) == "_x"


def test_what_is_said_to_whoever_was_right_or_wrong_is_no_explanation() -> None:
    feedback = "".join(
        f'<modalFeedback outcomeIdentifier="FB" identifier="{name}" showHide="show">{text}</modalFeedback>'
        for name, text in (("correct_fb", "Giỏi"), ("incorrect_fb", "Tiếc quá"), ("solution", "Theo Điều 5"))
    )
    source = QTI_21.replace("</assessmentItem>", f"{feedback}</assessmentItem>")
    question = read_item(read_xml(source.encode()), say("item", name="x"))
    assert "Giỏi" not in question.explanation
    assert "Theo Điều 5" in question.explanation
    assert [each.code for each in question.left_out] == ["common_feedback"]
