"""The values of each official document, by the names under which its template asks for them."""

from __future__ import annotations

from quiz.exports.letters import Letter, LetterFields, Values, head
from quiz.services.letter_facts import LetterFacts
from quiz.services.letter_turnout import announcement, participation
from quiz.services.letter_winners import minutes, winners


def values(letter: Letter, facts: LetterFacts, fields: LetterFields) -> Values:
    """Everything that the template of this document can name."""
    own = {
        Letter.DECISION: lambda: winners(facts, fields),
        Letter.WINNERS: lambda: winners(facts, fields),
        Letter.ANNOUNCEMENT: lambda: announcement(facts) | winners(facts, fields),
        Letter.PARTICIPATION: lambda: participation(facts),
        Letter.MINUTES: lambda: minutes(facts, fields),
    }[letter]()
    return head(letter, fields) | facts.frame | own
