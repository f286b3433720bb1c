"""The bank as a package of QTI 2.2: an item for each question, a test with a section for each topic, a manifest.

What an item has no place for stands in the manifest as keywords (LOM) of the item's resource.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from quiz.questions.bank import Question
from quiz.questions.formats.drafts import explanation_with_basis, tags_of

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p2"
_MATCH_CORRECT = "http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same bank is the same file, whenever it is made


def write_qti(questions: Sequence[Question], topics: Mapping[str, str]) -> bytes:
    """The package as a zip file."""
    out = io.BytesIO()
    files = {
        "imsmanifest.xml": _manifest(questions),
        "test.xml": _test(questions, topics),
        **{_file(question): _item(question) for question in questions},
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in files.items():
            container.writestr(zipfile.ZipInfo(name, _WHEN), _DECLARATION + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _identifier(question: Question) -> str:
    """A name as XML allows it: with a stroke in front where it begins with a digit."""
    return question.id if question.id[0].isalpha() else f"_{question.id}"


def _file(question: Question) -> str:
    return f"items/{question.id}.xml"


def _item(question: Question) -> str:
    keys = "".join(f"<value>{letter}</value>" for letter in sorted(question.key))
    choices = "".join(
        f'    <simpleChoice identifier="{option.letter}">{escape(option.text)}</simpleChoice>\n'
        for option in question.options
    )
    feedback = "".join(f"<p>{escape(line)}</p>" for line in explanation_with_basis(question).split("\n"))
    name = quoteattr(_identifier(question))
    many = 0 if question.has_several_keys else 1
    return f"""\
<assessmentItem xmlns="{_QTI}" identifier={name} title={quoteattr(question.id)} xml:lang="vi" adaptive="false" \
timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="{"multiple" if question.has_several_keys else "single"}" \
baseType="identifier"><correctResponse>{keys}</correctResponse></responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier">\
<defaultValue><value>EXPLANATION</value></defaultValue></outcomeDeclaration>
  <itemBody>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{many}">
    <prompt>{escape(question.text)}</prompt>
{choices}    </choiceInteraction>
  </itemBody>
  <responseProcessing template="{_MATCH_CORRECT}"/>
  <modalFeedback outcomeIdentifier="FEEDBACK" identifier="EXPLANATION" showHide="show">{feedback}</modalFeedback>
</assessmentItem>
"""


def _test(questions: Iterable[Question], topics: Mapping[str, str]) -> str:
    sections = []
    for place, (topic, group) in enumerate(groupby(questions, key=lambda question: question.topic), start=1):
        items = "".join(
            f"      <assessmentItemRef identifier={quoteattr(_identifier(each))} href={quoteattr(_file(each))}/>\n"
            for each in group
        )
        title = quoteattr(topics.get(topic, topic))
        section = f'    <assessmentSection identifier="section-{place}" title={title} visible="true">\n'
        sections.append(f"{section}{items}    </assessmentSection>\n")
    return f"""\
<assessmentTest xmlns="{_QTI}" identifier="bank" title="Bộ câu hỏi">
  <testPart identifier="part" navigationMode="nonlinear" submissionMode="simultaneous">
{"".join(sections)}  </testPart>
</assessmentTest>
"""


def _manifest(questions: Iterable[Question]) -> str:
    return f"""\
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_v1p2" \
identifier="package">
  <metadata><schema>QTIv2.2 Package</schema><schemaversion>1.0.0</schemaversion></metadata>
  <organizations/>
  <resources>
    <resource identifier="test" type="imsqti_test_xmlv2p2" href="test.xml"><file href="test.xml"/></resource>
{"".join(map(_resource, questions))}  </resources>
</manifest>
"""


def _resource(question: Question) -> str:
    keywords = "".join(
        f'<imsmd:keyword><imsmd:langstring xml:lang="vi">{escape(tag)}</imsmd:langstring></imsmd:keyword>'
        for tag in tags_of(question)
    )
    href = quoteattr(_file(question))
    return (
        f'    <resource identifier={quoteattr("item-" + question.id)} type="imsqti_item_xmlv2p2" href={href}>'
        f"<metadata><imsmd:lom><imsmd:general>{keywords}</imsmd:general></imsmd:lom></metadata>"
        f"<file href={href}/></resource>\n"
    )
