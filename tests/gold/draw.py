"""The seeded draws of the paragraphs of mentions.jsonl and of blind.jsonl.

    draw.py PLANS_DIR MENTIONS_DEV.jsonl                  ->  plan, line, stratum, block, rank
    draw.py PLANS_DIR MENTIONS_DEV.jsonl MENTIONS.jsonl   ->  plan, line, stratum, rank (the blind set)

The first: strata look at the form of a line only, never at names. Within a stratum the lines, in order, are cut into
as many equal blocks as lines are wanted, so that every part of the plan is reached; each block gives a random order.
The first line of a block is taken; the next one only when the first has no place and the plan's share of paragraphs
without a place is full.
The second: strata go by length alone, and each has a random order. From the first line on every line is taken that has
a place, and every line that has none, each until its number (BLIND_WANTED) is reached.
"""

import json
import pathlib
import random
import re
import sys

SEED = 20261121
BODY = {"kunshan-15fyp": 5, "snd-14fyp": 204, "suzhou-15fyp": 329, "suzhou-2025-report": 13, "wuzhong-14fyp": 47}
WANTED = {  # lists of road, lake, park ..., long prose, middle, short (headings, table rows)
    "suzhou-15fyp": (18, 25, 9, 6),
    "kunshan-15fyp": (13, 19, 6, 4),
    "snd-14fyp": (10, 14, 5, 3),
    "wuzhong-14fyp": (7, 10, 3, 2),
    "suzhou-2025-report": (5, 9, 1, 1),
}
RANKS = 60
BLIND_SEED = 7120
BLIND_LENGTHS = (30, 80, 200)  # shorter than 30 characters, than 80, than 200, longer
BLIND_WANTED = {  # by length: lines with a place, lines without
    "suzhou-15fyp": ((4, 2), (6, 3), (10, 3), (12, 2)),
    "kunshan-15fyp": ((1, 1), (4, 1), (8, 2), (8, 1)),
    "snd-14fyp": ((3, 1), (2, 1), (6, 2), (8, 1)),
    "wuzhong-14fyp": ((1, 1), (4, 1), (5, 1), (7, 1)),
    "suzhou-2025-report": ((2, 2), (0, 0), (0, 0), (2, 1)),
}
# A list of things of a kind that places are.
LISTED = re.compile("[路桥线速道站河湖江港镇村园山塘区城馆院岛带纽校][、；—（]")


def stratum(text):
    length = len(text.strip())
    if length >= 30 and len(LISTED.findall(text)) >= 2:
        return 0
    return 1 if length >= 80 else 2 if length >= 30 else 3


def new_lines(plans, plan, *golds):
    """The numbered lines of a plan's body that none of the gold sets has."""
    rows = (json.loads(row) for gold in golds for row in pathlib.Path(gold).read_text("utf-8").splitlines())
    known = {(d["plan"], d["line"]) for d in rows}
    for number, text in enumerate(pathlib.Path(plans, plan + ".txt").read_text("utf-8").split("\n"), 1):
        if number < BODY[plan] or (plan, number) in known or len(re.findall(r"[一-鿿]", text)) < 4:
            continue
        if not re.search(r"\.{4,}", text):
            yield number, text


def draw(plans, dev):
    for plan, wanted in WANTED.items():
        rng = random.Random(f"{SEED}/{plan}")
        groups = [[] for _ in wanted]
        for number, text in new_lines(plans, plan, dev):
            groups[stratum(text)].append(number)
        for kind, (group, count) in enumerate(zip(groups, wanted, strict=True)):
            for block in range(count):
                part = group[len(group) * block // count : len(group) * (block + 1) // count]
                for rank, number in enumerate(rng.sample(part, min(RANKS, len(part)))):
                    yield plan, number, "ABCD"[kind], block, rank


def draw_blind(plans, *golds):
    for plan, wanted in BLIND_WANTED.items():
        rng = random.Random(f"{BLIND_SEED}/{plan}")
        groups = [[] for _ in wanted]
        for number, text in new_lines(plans, plan, *golds):
            groups[sum(len(text.strip()) >= length for length in BLIND_LENGTHS)].append(number)
        for kind, group in enumerate(groups):
            for rank, number in enumerate(rng.sample(group, len(group))):
                yield plan, number, "ABCD"[kind], rank


if __name__ == "__main__":
    for row in (draw if len(sys.argv) == 3 else draw_blind)(*sys.argv[1:]):
        print(*row)
