"""The seeded draws of the paragraphs of mentions.jsonl, blind.jsonl, fresh.jsonl and fresh2.jsonl.

    draw.py PLANS_DIR MENTIONS_DEV.jsonl                  ->  plan, line, stratum, block, rank
    draw.py PLANS_DIR MENTIONS_DEV.jsonl MENTIONS.jsonl   ->  plan, line, stratum, rank (the blind set)
    draw.py PLANS_DIR MENTIONS_DEV.jsonl MENTIONS.jsonl BLIND.jsonl   ->  set, plan, line, kind (the fresh sets)

The first: strata look at the form of a line only, never at names. Within a stratum the lines, in order, are cut into
as many equal blocks as lines are wanted, so that every part of the plan is reached; each block gives a random order.
The first line of a block is taken; the next one only when the first has no place and the plan's share of paragraphs
without a place is full.
The second: strata go by length alone, and each has a random order. From the first line on every line is taken that has
a place, and every line that has none, each until its number (BLIND_WANTED) is reached.
The third: strata go by the kind of a line, by what it speaks of. First so many random lines of each (FRESH_WANTED),
whatever they hold; then, of the rest, lines with a string that names often hold (NAMELY), the kinds in their shares,
first for fresh.jsonl, then for fresh2.jsonl (MORE_WANTED). Nothing is left out, nothing chosen.
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
FRESH_SEEDS = (9311, 9312)
KINDS = (  # a line is of the first kind of which it has so many words
    (
        "roads",
        2,
        "公路|高速|快速路|铁路|高铁|城际|轨道|国道|省道|道路|大道|路网|航道|隧道|互通|大桥|号线|车站|港区|码头|机场",
    ),
    ("water", 3, "(?<!浙)江(?!苏)|湖|河|水系|水利|防洪|引水|水源|湿地|岛|山"),
    ("projects", 5, "产业园|基地|中心|项目|工程|平台|园区|创新区|集聚区|实验室|研究院"),
    (
        "parks",
        2,
        "公园|医院|学校|大学|学院|博物馆|图书馆|体育|场馆|景区|古镇|古城|街区|商圈|文化馆|美术馆|中学|小学|校区",
    ),
    ("outside", 2, "上海|长三角|浙江|安徽|苏南|苏北|国际|区域|都市圈|宿迁|对口|台湾|日本|德国|新加坡|欧|沿线"),
    ("slogans", 1, "“[^”]*(?:昆|苏|吴|太湖|高新|智|江南|园区|姑苏)[^”]*”|品牌|精神|之路|经验"),
)
FRESH_KINDS = ("roads", "water", "projects", "parks", "outside", "slogans", "prose", "short")
FRESH_WANTED = {
    "kunshan-15fyp": (1, 9, 8, 6, 5, 7, 22, 4),
    "snd-14fyp": (2, 5, 6, 5, 9, 5, 18, 10),
    "suzhou-15fyp": (2, 5, 5, 7, 7, 10, 26, 10),
    "suzhou-2025-report": (0, 0, 1, 1, 0, 3, 2, 6),
    "wuzhong-14fyp": (0, 4, 4, 1, 2, 5, 10, 6),
}
MORE_WANTED = {  # for fresh.jsonl, for fresh2.jsonl
    "kunshan-15fyp": (22, 30),
    "snd-14fyp": (20, 30),
    "suzhou-15fyp": (26, 40),
    "suzhou-2025-report": (3, 5),
    "wuzhong-14fyp": (14, 22),
}
NAMELY = re.compile(
    "苏州|昆山|吴中|高新区|太湖|江南|上海|长三角|开发区|园区|枫桥|狮山|浒|通安|东渚|镇湖|横塘|太仓|常熟|张家港|相城|姑苏|吴江|吴淞|虹桥|运河|长江"
    "|阳澄|淀山|玉山|青阳|花桥|周庄|千灯|锦溪|巴城|周市|张浦|陆家|木渎|胥口|东山|金庭|香山|光福|临湖|甪直|甬直|角直|郭巷|越溪|横泾|城南|长桥|度假区"
    "|大学|医院|研究院|实验室|[^产业资费制造新心]城[^市乡镇]|岛|港|线|路[^径]|产业园|小镇|博物馆|日本|新加坡|台湾|欧|美国|德国|东盟|京津冀|江苏|浙江"
    "|南京|杭州|无锡|北京"
)
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


def kind_of(text):
    found = (name for name, least, words in KINDS if len(re.findall(words, text)) >= least)
    return next(found, "prose" if len(text.strip()) >= 60 else "short")


def draw_fresh(plans, *golds):
    drawn = set()
    for plan, wanted in FRESH_WANTED.items():
        rng = random.Random(f"{FRESH_SEEDS[0]}/{plan}")
        groups = {kind: [] for kind in FRESH_KINDS}
        for number, text in new_lines(plans, plan, *golds):
            groups[kind_of(text)].append(number)
        for kind, count in zip(groups, wanted, strict=True):
            for number in rng.sample(groups[kind], len(groups[kind]))[:count]:
                drawn.add((plan, number))
                yield "fresh", plan, number, kind
    for plan, (first, second) in MORE_WANTED.items():
        rng = random.Random(f"{FRESH_SEEDS[1]}/{plan}")
        groups = {}
        for number, text in new_lines(plans, plan, *golds):
            if (plan, number) not in drawn and NAMELY.search(text):
                groups.setdefault(kind_of(text), []).append(number)
        rest = []
        for kind, group in sorted(groups.items()):
            for rank, number in enumerate(rng.sample(group, len(group))):
                rest.append(((rank + rng.random()) / len(group), number, kind))
        for rank, (_, number, kind) in enumerate(sorted(rest)[: first + second]):
            yield "fresh" if rank < first else "fresh2", plan, number, kind


if __name__ == "__main__":
    for row in {3: draw, 4: draw_blind, 5: draw_fresh}[len(sys.argv)](*sys.argv[1:]):
        print(*row)
