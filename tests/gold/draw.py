"""The seeded draw of the paragraphs of mentions.jsonl.

    draw.py PLANS_DIR MENTIONS_DEV.jsonl  ->  plan, line, stratum, block, rank

Strata look at the form of a line only, never at names. Within a stratum the lines, in order, are cut into as many
equal blocks as lines are wanted, so that every part of the plan is reached; each block gives a random order.
The first line of a block is taken; the next one only when the first has no place and the plan's share of paragraphs
without a place is full.
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
# A list of things of a kind that places are.
LISTED = re.compile("[路桥线速道站河湖江港镇村园山塘区城馆院岛带纽校][、；—（]")


def stratum(text):
    length = len(text.strip())
    if length >= 30 and len(LISTED.findall(text)) >= 2:
        return 0
    return 1 if length >= 80 else 2 if length >= 30 else 3


def draw(plans, dev):
    known = {(d["plan"], d["line"]) for d in map(json.loads, pathlib.Path(dev).read_text("utf-8").splitlines())}
    for plan, wanted in WANTED.items():
        rng = random.Random(f"{SEED}/{plan}")
        lines = pathlib.Path(plans, plan + ".txt").read_text("utf-8").split("\n")
        groups = [[] for _ in wanted]
        for number, text in enumerate(lines, 1):
            if number < BODY[plan] or (plan, number) in known or len(re.findall(r"[一-鿿]", text)) < 4:
                continue
            if re.search(r"\.{4,}", text):
                continue
            groups[stratum(text)].append(number)
        for kind, (group, count) in enumerate(zip(groups, wanted, strict=True)):
            for block in range(count):
                part = group[len(group) * block // count : len(group) * (block + 1) // count]
                for rank, number in enumerate(rng.sample(part, min(RANKS, len(part)))):
                    yield plan, number, "ABCD"[kind], block, rank


if __name__ == "__main__":
    for row in draw(*sys.argv[1:]):
        print(*row)
