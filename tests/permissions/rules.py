"""What one line of the matrix says."""

from dataclasses import dataclass

from tests.permissions.world import VISITORS


@dataclass(frozen=True)
class Rule:
    """`key` names the route, `codes` what each visitor gets. With a body it is a POST."""

    key: str
    codes: str
    body: dict | None = None
    query: str = ""
    method: str = ""

    @property
    def verb(self):
        return self.method or ("GET" if self.body is None else "POST")

    @property
    def expected(self):
        return dict(zip(VISITORS, map(int, self.codes.split()), strict=True))

    def __str__(self):
        return f"{self.verb} {self.key} {self.body or ''}".strip()

    def filled(self, ids):
        """The body with the ids it speaks of."""
        if self.body is None:
            return None
        return {name: _filled(value, ids) for name, value in self.body.items()}

    def address(self, route, ids):
        return route.at(ids) + _filled(self.query, ids)


def _filled(value, ids):
    if isinstance(value, list):
        return [_filled(item, ids) for item in value]
    if isinstance(value, str):
        for name, given in ids.items():
            value = value.replace(f"{{{name}}}", str(given))
    return value


def listed(codes, names, *, app="", body=None):
    prefix = f"{app}:" if app else ""
    return [Rule(f"{prefix}{name}", codes, body) for name in names.split()]
