"""One item of QTI 2.1, 2.2 or 3.0: a choice interaction, its response declaration, its feedback.

The versions spell names differently (choiceInteraction, qti-choice-interaction); `term` gives them as QTI 2 does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from quiz.questions.formats.drafts import ALL, Choice, Draft, to_question
from quiz.questions.formats.imported import ImportedQuestion, Sentence, Unusable, say
from quiz.questions.formats.plain_text import tidy
from quiz.questions.formats.xml_tree import Element, inner_text, local, plain_words

ITEM = "assessmentItem"
_KNOWN_INTERACTIONS = {
    "extendedTextInteraction": "essay",
    "textEntryInteraction": "short_answer",
    "matchInteraction": "matching",
    "associateInteraction": "matching",
}
_ELSEWHERE = frozenset(("assessmentStimulusRef", "include"))
_COMPUTED = frozenset(("templateDeclaration", "templateProcessing", "printedVariable"))
_ASIDE = (
    "feedbackInline",
    "feedbackBlock",
    "rubricBlock",
    "modalFeedback",
    "infoControl",
    "choiceInteraction",
    "prompt",
)
_VERDICT = re.compile(r"correct|wrong|(?<![a-z])right", re.IGNORECASE)
_MOST_ELEMENTS = 10_000
_MOST_CHOICES = 100


def term(element: Element) -> str:
    """The name of an element as QTI 2 spells it."""
    return _camel(local(element).removeprefix("qti-")) if local(element).startswith("qti-") else local(element)


def within(element: Element, *terms: str) -> Iterator[Element]:
    """Whatever stands below under one of the names of QTI 2, in the order of the document."""
    return (each for each in element.iterdescendants() if term(each) in terms)


def value(element: Element, name: str) -> str:
    """An attribute by its name in QTI 2."""
    return str(element.get(name) or element.get(_kebab(name)) or "")


def item_name(item: Element) -> str:
    """The identifier of an item, without the stroke that XML wants before a digit."""
    identifier, title = value(item, "identifier"), value(item, "title")
    return title if identifier == f"_{title}" else identifier


def read_item(item: Element, where: Sentence, topic_name: str = "", tags: Sequence[str] = ()) -> ImportedQuestion:
    """The question of an item; raises Unusable."""
    if sum(1 for _ in item.iter()) > _MOST_ELEMENTS:
        raise Unusable("xml_complex", member="")
    interaction = _interaction(item)
    response = value(interaction, "responseIdentifier")
    declared = next((d for d in within(item, "responseDeclaration") if value(d, "identifier") == response), None)
    choices = [each for each in interaction.iterchildren() if term(each) == "simpleChoice"]
    if len(choices) > _MOST_CHOICES:
        raise Unusable("options", count=len(choices))
    names = [value(choice, "identifier") for choice in choices]
    shares = _shares(names, declared) if declared is not None else dict.fromkeys(names, Fraction(0))
    remarks, explanation, has_verdicts = _feedback(item, names)
    draft = Draft(
        identifier=tidy(item_name(item)),
        text=_text(item, interaction),
        choices=[
            Choice(_words(choice), shares[name], " ".join([*_inline(choice), *remarks.get(name, [])]))
            for name, choice in zip(names, choices, strict=True)
        ],
        explanation="\n".join(dict.fromkeys(explanation)),
        topic_name=topic_name,
        tags=tags,
        left_out=[
            *([say("rubric")] if any(map(inner_text, within(item, "rubricBlock", "infoControl"))) else []),
            *([say("common_feedback")] if has_verdicts else []),
        ],
    )
    return to_question(draft, where)


def _interaction(item: Element) -> Element:
    found = [each for each in item.iterdescendants() if term(each).endswith("Interaction")]
    if next(within(item, *_ELSEWHERE), None) is not None:
        raise Unusable("elsewhere")
    if value(item, "adaptive") == "true" or next(within(item, *_COMPUTED), None) is not None:
        raise Unusable("computed")
    if not found:
        raise Unusable("description")
    kinds = {term(each) for each in found}
    if kinds != {"choiceInteraction"}:
        kind = sorted(kinds - {"choiceInteraction"})[0]
        known = _KNOWN_INTERACTIONS.get(kind)
        raise Unusable(known) if known else Unusable("other_type", type=kind[:40])
    if len(found) > 1:
        raise Unusable("several_interactions", count=len(found))
    return found[0]


def _shares(names: Sequence[str], declared: Element) -> dict[str, Fraction]:
    """The points of each choice; more than all of them together where a mapping also pays for what is not right."""
    right = {inner_text(each) for answer in within(declared, "correctResponse") for each in within(answer, "value")}
    mapped = {value(entry, "mapKey"): _points(value(entry, "mappedValue")) for entry in within(declared, "mapEntry")}
    earning = {name: points for name, points in mapped.items() if points > 0}
    is_single = value(declared, "cardinality") == "single"
    if strangers := right - set(names):
        raise Unusable("key_unknown", key=", ".join(sorted(strangers))[:40])
    if right:
        share = ALL if is_single else ALL / len(right)
        return {name: share if name in right else ALL if name in earning else Fraction(0) for name in names}
    full = max(earning.values(), default=ALL) if is_single else sum(earning.values(), Fraction(0)) or ALL
    return {name: earning.get(name, Fraction(0)) / full * ALL for name in names}


def _points(text: str) -> Fraction:
    try:
        return Fraction(text.strip()[:20])
    except (ValueError, ZeroDivisionError):
        return Fraction(0)


def _text(item: Element, interaction: Element) -> str:
    bodies = [_words(body) for body in within(item, "itemBody")]
    prompts = [each for each in interaction.iterchildren() if term(each) == "prompt"]
    return "\n".join(filter(None, [*bodies, *map(_words, prompts)]))


def _words(element: Element) -> str:
    return plain_words(element, *_ASIDE, *(f"qti-{_kebab(name)}" for name in _ASIDE))


def _inline(choice: Element) -> list[str]:
    return [_words(each) for each in within(choice, "feedbackInline", "feedbackBlock")]


def _feedback(item: Element, names: Sequence[str]) -> tuple[dict[str, list[str]], list[str], bool]:
    """What is said of single choices, what to everybody, and whether something is said to who was right or wrong."""
    remarks: dict[str, list[str]] = {}
    explanation: list[str] = []
    has_verdicts = False
    for each in within(item, "modalFeedback", "feedbackBlock"):
        if any(term(above) == "simpleChoice" for above in each.iterancestors()):
            continue
        words, name = _words(each), value(each, "identifier")
        if name in names and value(each, "showHide") != "hide":
            remarks.setdefault(name, []).append(words)
        elif _VERDICT.search(name):
            has_verdicts = has_verdicts or bool(words)
        else:
            explanation.append(words)
    return remarks, list(filter(None, explanation)), has_verdicts


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)
