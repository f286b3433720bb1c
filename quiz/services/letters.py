"""How letters are worded: templates in plain text and HTML, and the links that lead back to the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from quiz import vietnamese
from quiz.config import ROOT, Config
from quiz.contest.schedule import Contest
from quiz.errors import Refused
from quiz.services.outbox import Kind, Letter

_TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "templates" / "letters"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {
    "number": vietnamese.number,
    "percent": vietnamese.percent,
    "exact_percent": vietnamese.exact_percent,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where links of letters lead; `host` ends their Message-IDs."""

    base_url: str
    host: str
    secret_key: str = field(repr=False)

    def page(self, path: str) -> str:
        """The whole address of a page."""
        return f"{self.base_url}{path}"

    def unsubscribe_url(self, person_id: int, kind: Kind) -> str:
        """The page on which this person, and nobody else, refuses letters of this kind."""
        return self.page(f"/thu/ngung/{_signer(self.secret_key).dumps([person_id, kind])}")


class Addressee(Protocol):
    """Whoever gets a letter."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str | None: ...


def site(config: Config) -> Site:
    """The site of this installation; raises Refused(mail_off) where no mail is set up."""
    if config.mail is None:
        raise Refused("mail_off")
    return Site(base_url=config.mail.base_url, host=config.mail.host, secret_key=config.secret_key)


def read_token(secret_key: str, token: str) -> tuple[int, Kind]:
    """Whom and what a link for unsubscribing is about; raises Refused(unsubscribe_link_wrong)."""
    try:
        person_id, kind = _signer(secret_key).loads(token)
    except BadSignature as error:
        raise Refused("unsubscribe_link_wrong") from error
    return person_id, Kind(kind)


def worded(letter: str, /, **facts: object) -> tuple[str, str]:
    """A letter in plain text and in HTML, from the two templates of that name; text is escaped in the HTML."""
    text, html = (_TEMPLATES.get_template(f"{letter}.{form}").render(facts) for form in ("txt", "html"))
    return text.strip() + "\n", html


def about_week(
    site: Site,
    rules: Contest,
    week: str,
    to: Addressee,
    kind: Kind,
    template: str,
    *,
    key: str,
    subject: str,
    expires_at: datetime,
    **facts: object,
) -> Letter:
    """A letter to one person about a round of that name, with the link by which they refuse more of its kind."""
    unsubscribe_url = site.unsubscribe_url(to.id, kind)
    told = {"subject": subject, "name": to.name, "round": week, "contest": rules.title}
    text, html = worded(template, **told, **facts, unsubscribe_url=unsubscribe_url)
    return Letter(
        key=key,
        kind=kind,
        person_id=to.id,
        address=to.email or "",
        subject=subject,
        text=text,
        html=html,
        unsubscribe_url=unsubscribe_url,
        expires_at=expires_at,
    )


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="quiz: letters refused")
