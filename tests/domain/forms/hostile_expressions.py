"""Expressions that the language of forms has to refuse: other languages' words, other people's data, bombs."""

from localapp.domain.forms.expressions import LONGEST

_LINES = """\
__import__('os')
open('/etc/passwd')
eval('1')
exec('1')
json.decode('{}')
print(1)
load('x')
().__class__
(1).__class__
row.__class__
policy.__dict__
policy['term']
policy.term[0]
[1][0]
'a'.join(['b'])
policy.term.real
lambda: 1
(lambda: 1)()
(x := 1)
f'{policy.term}'
b'a'
u'a' 'b' if
1.5
1e3
2j
...
{1: 2}
{1}
{x for x in people}
{x: x for x in people}
(x for x in people)
10 ** 10
1 / 2
1 << 99
1 >> 1
1 & 1
1 | 1
1 ^ 1
~1
+1
1 @ 1
1 < 2 < 3
1 is 1
1 is not 1
abs(*[1])
abs(x=1)
abs()
abs(1, 2)
age_on(today)
year(today, 1)
max()
len(1, 2)
abs
len
await x
yield
yield 1
import os
x = 1
1; 2
def f(): pass
1 +
(
policy
row
people
persons.x
nobody.x
policy.nobody
client
today.year
x
None.x
people.name
covers
[1]
(1, 2)
[1] + [2]
[p.age for p in people]
[1] * 10
1 if [1] else 2
max(1, [2])
max(today)
total(1)
any(True)
len(policy)
len([p for p in nobody])
total([p for p in people])
max([p for p in people])
[p for p in people] == []
any([p.age for p in people for q in people])
any([p.age async for p in people])
any([p.x for p in people])
any([p.age for p in people]) or p.age
any([p.age for p, q in people])
any([p.age for p.x in people])
any([len.age for len in people])
any([policy.age for policy in people])
any([people.age for people in people])
any([today.age for today in people])
any([row.age for row in people])
any([p.age for p in [1, 2]])
any([p.age for p in people if any([p.age for p in people])])
any([P.age for P in people])
any([_p.age for _p in people])
any([p.age for p in p])
any([p.age for p in len(people)])
answered(1)
answered(today)
answered(policy)
answered(policy.term + 1)
answered(policy.nobody)
1 if answered(policy.term)
1111111111111111
1000000000000000
--------------------------------------------------1
1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1
parent.name
row.name
"""
_UNSEEN = ["", " ", "'\\n'", "'\\ud800'", "'a\u200bb'", "'\x00'", "'\u00a0'", "any([č.age for č in people])"]
_BOMBS = [
    "-" * 50 + "1",
    "not " * 200 + "True",
    "(" * 60 + "1" + ")" * 60 + "+",
    "(" * 300 + "1" + ")" * 300,
    "+".join("1" * 50),
    "1 " + "+ 1" * LONGEST,
    "any([p.age for p in " + "-" * 1500 + "people])",
    "-" * 1900 + "1",
]
HOSTILE = [*_LINES.splitlines(), *_UNSEEN, *_BOMBS]
