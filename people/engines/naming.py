"""How texts name one person, as pure functions: what to look for, and the text without it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Naming:
    """The names and addresses of one person; `regex` means the same to Python and to PostgreSQL (`~*`)."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def regex(self) -> str:
        return _any_of(self.names, self.addresses)

    def found_in(self, value: object) -> bool:
        """Whether the value, or any text inside it, names the person."""
        if isinstance(value, str):
            return re.search(self.regex, value, re.IGNORECASE) is not None
        if isinstance(value, Mapping):
            return any(self.found_in(one) for pair in value.items() for one in pair)
        if isinstance(value, list | tuple):
            return any(self.found_in(one) for one in value)
        return False

    def replaced_in(self, value: object, *, name: str, address: str) -> object:
        """The same value with the other name and address; structure, numbers and keys of objects stay."""
        if isinstance(value, str):
            return _without(_any_of(self.names, ()), name, _without(_any_of((), self.addresses), address, value))
        if isinstance(value, Mapping):
            return {key: self.replaced_in(one, name=name, address=address) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.replaced_in(one, name=name, address=address) for one in value]
        return value


def naming(*, people: Iterable[tuple[str, str]], addresses: Iterable[str], log_ins: Iterable[str]) -> Naming:
    """From (first name, last name) pairs, addresses and log-ins, former ones included.

    A first name, a last name or a log-in that is a plain word ("claire") is no evidence by itself.
    """
    names = {log_in for log_in in log_ins if log_in and not log_in.isalpha()}
    for first, last in people:
        names |= {f"{first} {last}", f"{last} {first}", f"{last}, {first}"}
    return Naming(tuple(sorted(names)), tuple(sorted({address.strip().lower() for address in addresses} - {""})))


def _any_of(names: Iterable[str], addresses: Iterable[str]) -> str:
    """Any of the terms as whole words; a name may be spaced otherwise, an address is not the end of another one."""
    spaced = [rf"(?<!\w){_words(name)}(?!\w)" for name in names]
    return "|".join([*spaced, *(rf"(?<![\w.+-]){_words(address)}(?!\w)" for address in addresses)])


def _words(term: str) -> str:
    return r"\s+".join(re.escape(word) for word in term.split())


def _without(pattern: str, other: str, text: str) -> str:
    return re.sub(pattern, other, text, flags=re.IGNORECASE) if pattern else text
