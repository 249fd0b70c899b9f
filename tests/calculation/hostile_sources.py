"""Sources that mean harm: what they reach for, what they waste. Each defines ``quote``."""


def _quote(*lines: str) -> str:
    return "def quote(x):\n" + "\n".join(f"    {line}" for line in lines)


REACHING = {
    "import": "import os\n" + _quote("return 'x'"),
    "open": _quote("return open('/etc/passwd')"),
    "__import__": _quote("return __import__('os')"),
    "eval": _quote("return eval('1')"),
    "exec": _quote("return exec('1')"),
    "load": "load('//etc/passwd', 'a')\n" + _quote("return a"),
    "dunder": _quote("return ().__class__.__mro__"),
    "getattr": _quote("return getattr('', '__class__')"),
    "format": _quote("return '{0.__class__}'.format(x)"),
    "builtins": _quote("return __builtins__['open']('/etc/passwd')"),
    "while": _quote("while True:", "    pass"),
    "class": "class A:\n    pass\n" + _quote("return 'x'"),
    "try": _quote("try:", "    return 'x'", "except Exception:", "    return 'y'"),
    "clock": _quote("return str(time.time())"),
    "global state": "SEEN = []\n" + _quote("SEEN.append(1)", "return str(len(SEEN))"),
    "change of constants": _quote("LIMIT['least'] = 0", "return str(LIMIT['least'])"),
    "f-string": _quote("return f'{x}'"),
    "fail": _quote("fail('x')"),
    "lone surrogate": _quote("return '\\ud800'"),
    "print flood": _quote("for i in range(1000):", "    print('READY')", "return 'x'"),
    "no text": _quote("return {'problems': []}"),
    "statement instead of function": "quote = 1",
}

WASTING = {
    "recursion": _quote("return quote(x)"),
    "doubling recursion": "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n" + _quote("return str(f(60))"),
    "loop": _quote("s = 0", "for i in range(1000000000):", "    s += 1", "return str(s)"),
    "nested loops": _quote("for a in range(100000):", "    for b in range(100000):", "        pass", "return 'x'"),
    "comprehension": _quote("return str(len([1 for i in range(100000) for j in range(100000)]))"),
    "loop while loading": "X = len([1 for i in range(100000) for j in range(100000)])\n" + _quote("return 'x'"),
    "squaring": _quote("s = 3", "for i in range(60):", "    s = s * s", "return 'x'"),
    "squaring in place": _quote("s = 3", "for i in range(60):", "    s *= s", "return 'x'"),
    "shift": _quote("return str(len(str(1 << 4000000000)))"),
    "shift to text": _quote("return str(len(str(1 << 100000000)))"),
    "text": _quote("return str(len('a' * 2000000000))"),
    "huge text": _quote("return str(len('a' * 100000000000))"),
    "text in place": _quote("a = 'a'", "a *= 10000000000", "return a"),
    "list doubling": _quote("a = [1]", "for i in range(60):", "    a = a + a", "return str(len(a))"),
    "list repeated": _quote("return str(len([1] * 2000000000))"),
    "list of range": _quote("return str(len(list(range(2000000000))))"),
    "sorted range": _quote("return str(len(sorted(range(2000000000))))"),
    "slow growth": _quote("return str(len([[0 for b in range(1000)] for a in range(100000)]))"),
    "dict": _quote("return str(len({i: 'a' * 1000 for i in range(100000000)}))"),
    "replace": _quote("s = 'a' * 100000", "for i in range(5):", "    s = s.replace('a', s)", "return str(len(s))"),
    "join": _quote("return str(len(('a' * 100000).join(['b'] * 10000000)))"),
    "big answer": _quote("return 'a' * 50000000"),
    "shared answer": _quote("a = [0]", "for k in range(40):", "    a = [a, a]", "return json.encode(a)"),
    "deep answer": _quote("a = []", "for i in range(200000):", "    a = [a]", "return json.encode(a)"),
    "self reference": _quote("a = []", "a.append(a)", "return json.encode(a)"),
    "deep comparison": _quote(
        "a = []", "b = []", "for i in range(200000):", "    a = [a]", "    b = [b]", "return str(a == b)"
    ),
    "deep parentheses": _quote("return " + "(" * 20000 + "1" + ")" * 20000),
    "deep literal": "X = " + "[" * 5000 + "]" * 5000 + "\n" + _quote("return 'x'"),
    "deep minus": _quote("return " + "-" * 90000 + "1"),
    "digits": _quote("return str(int('9' * 10000000) % 7)"),
    "percent format": _quote("a = '%1000000000d'", "return a % 1"),
    "deep json": _quote("return str(json.decode('[' * 1000000))"),
    "decimal loop": _quote("a = RustDecimal('1')", "for k in range(500000000):", "    a = a / 3", "return str(a)"),
}
