"""Runs the functions of a script that carry @case, in order, and prints a line
of JSON for each: its description, and what went wrong."""
import json
import sys
import traceback

port, flash, directory = int(sys.argv[1]), sys.argv[2], sys.argv[3]
_cases = []


def case(function):
    _cases.append(function)
    return function


def contains(text, *parts):
    """Checks that all parts are in text, in this order."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        assert at >= 0, "no %r in its place in %r" % (part, text)
        at += len(part)


def blob(n):
    """n bytes that do not repeat."""
    out, x = bytearray(), 1
    for _ in range(n):
        x = (x * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(x >> 24)
    return bytes(out)


def main():
    for function in _cases:
        problem = ""
        try:
            function()
        except Exception:  # pylint: disable=broad-except
            problem = traceback.format_exc()
        description = function.__doc__.strip().splitlines()[0]
        print(json.dumps({"case": description, "problem": problem}), flush=True)
