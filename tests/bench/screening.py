#!/usr/bin/env python3
"""Prints how well names are screened and what it costs, beside a naive peer.

  screening.py PROGRAM [LIST...]     e.g. build/release/weighbridge consolidated.csv

The parties of screening_parties.csv stand among invented ones (SCREENING_PARTIES, 25,000,
the size of the Consolidated Screening List) or, when lists are named, among those of the
lists. Each row of screening_set.tsv is asked. A "match" row is found when its party is
among the candidates; an "innocent" row is wrongly raised when it has any candidate.
The peer is RapidFuzz's token_sort_ratio where it is installed, else difflib on
60 of the names (with ours on the same ones), each at the threshold that is best for it.
"""
import csv
import difflib
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.path.abspath(sys.argv[1])
LISTS = [os.path.abspath(path) for path in sys.argv[2:]]
PARTIES = int(os.environ.get("SCREENING_PARTIES", 25_000))

PINYIN = ("an bai bei bo cai chang chen cheng da dong fang feng fu gang guang guo hai han hao he "
          "heng hong hua huan hui ji jia jian jin jing jun kai kang ke lan li lian ling long lu "
          "mei min ming nan ning peng ping qi qian qing rui shan sheng shi shu song tai tian tong "
          "wan wei wen wu xi xia xiang xin xing xu ya yan yang yi ying yu yuan yun ze zhao zhen "
          "zheng zhi zhong zhou zhu zi").split()
CITIES = "Beijing Shanghai Shenzhen Guangzhou Wuhan Chengdu Nanjing Xian Hefei Tianjin".split()
TRADES = ("Technology|Electronics|Trading|Optoelectronics|Import Export|Machinery|Communications|"
          "Intelligent Technology|Semiconductor|Aviation Technology|Logistics|Instruments").split("|")
SLAVIC = ("Bor Vlad Grig Dmit Zhar Kras Kuz Leon Mal Mir Nik Orl Pav Petr Rom Sam Sem Sok Tar Tim "
          "Ul Fed Khar Chern Shev Yak").split()
ENDINGS = "ov ev in sky enko ovich uk yan".split()
FIRST = ("Sergey Aleksandr Dmitriy Andrey Aleksey Igor Oleg Yuriy Viktor Vladimir Mikhail Pavel "
         "Roman Konstantin Anatoliy").split()
ARABIC = ("Ahmad Muhammad Ali Hasan Husayn Abdallah Ibrahim Khalid Omar Yusuf Mustafa Salim Tariq "
          "Jamal Faysal Nasir Rashid Mahmud").split()
SPANISH = ("Garcia Lopez Rodriguez Gomez Perez Sanchez Ramirez Torres Flores Rivera Castro Ortiz "
           "Morales Vargas Herrera").split()


def invented(count):
    """(name, country, type), always the same ones."""
    pick = random.Random(5)
    for _ in range(count):
        kind = pick.random()
        brand = "".join(pick.choice(PINYIN) for _ in range(2)).capitalize()
        surname = pick.choice(SLAVIC) + pick.choice("aeiou") + pick.choice("lmnrtvzk") + pick.choice(ENDINGS)
        if kind < 0.35:
            yield f"{pick.choice(CITIES)} {brand} {pick.choice(TRADES)} Co., Ltd.", "CN", "entity"
        elif kind < 0.6:
            yield f"{surname.upper()}, {pick.choice(FIRST)} {pick.choice(FIRST)}ovich", "RU", "individual"
        elif kind < 0.75:
            name = f"AL-{pick.choice(ARABIC).upper()}, {pick.choice(ARABIC)} {pick.choice(ARABIC)}"
            yield f"{name} {pick.choice(SLAVIC)}{pick.choice('aiu')}", "SY", "individual"
        elif kind < 0.88:
            yield f"{pick.choice(['OOO', 'AO', 'JSC'])} {surname}{pick.choice(['mash', 'neft', 'prom', 'tekh'])}", "RU", "entity"
        else:
            yield f"{pick.choice(SPANISH).upper()} {pick.choice(SPANISH).upper()}, {pick.choice(FIRST)}", "MX", "individual"


def read_set():
    with open(HERE / "screening_set.tsv", encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def write_list(path):
    listed = list(csv.DictReader(open(HERE / "screening_parties.csv", encoding="utf-8")))
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["name", "aliases", "country", "type", "list"])
        for party in listed:
            rows.writerow([party["name"], party["aliases"], party["country"], party["type"], "bench"])
        if not LISTS:
            for name, country, kind in invented(PARTIES):
                rows.writerow([name, "", country, kind, "invented"])
    names = [(n, p["name"]) for p in listed for n in [p["name"], *filter(None, p["aliases"].split("|"))]]
    return names + ([] if LISTS else [(name, name) for name, _, _ in invented(PARTIES)])


def screen(database, names, threshold=None):
    command = [PROGRAM, "screen", "--db-parties", database, "--from-file", "-", "-o", "json"]
    if threshold:
        command += ["--threshold", f"{threshold:.2f}"]
    start = time.perf_counter()
    run = subprocess.run(command, input="\n".join(names), capture_output=True, text=True)
    took = time.perf_counter() - start
    if run.returncode not in (0, 1):
        sys.exit(run.stderr)
    return json.loads(run.stdout), took


def measure(rows, found):
    """Precision, recall, F1 of {asked: set of parties}."""
    right = sum(1 for row in rows if row["label"] == "match" and row["party"] in found[row["asked"]])
    wrong = sum(1 for row in rows if row["label"] == "innocent" and found[row["asked"]])
    all_matches = sum(1 for row in rows if row["label"] == "match")
    precision = right / max(1, right + wrong)
    recall = right / all_matches
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def ours(answer, threshold=0):
    """{asked: set of parties}; first letters alone are raised at any threshold."""
    return {name["name"]: {c["party"] for c in name["candidates"]
                           if c["score"] >= threshold or c["why"].startswith("first letters")}
            for name in answer["names"]}


def peer(rows, names):
    """[(threshold, precision, recall, f1)], milliseconds a name, its name."""
    asked = [row["asked"] for row in rows]
    texts = [text.lower() for text, _ in names]
    try:
        from rapidfuzz import fuzz, process
        start = time.perf_counter()
        scores = [process.extract(one.lower(), texts, scorer=fuzz.token_sort_ratio, limit=5) for one in asked]
        took = (time.perf_counter() - start) / len(asked)
        best = {one: [(names[at][1], score / 100) for _, score, at in each] for one, each in zip(asked, scores)}
        label = "rapidfuzz token_sort_ratio"
    except ImportError:
        label = "difflib ratio"
        rows = random.Random(7).sample(rows, 60)
        asked = [row["asked"] for row in rows]
        best = {}
        start = time.perf_counter()
        for one in asked:
            matcher = difflib.SequenceMatcher(b=one.lower())
            each = []
            for text, (_, party) in zip(texts, names):
                matcher.set_seq1(text)
                if matcher.real_quick_ratio() > 0.6 and matcher.quick_ratio() > 0.6:
                    each.append((party, matcher.ratio()))
            best[one] = sorted(each, key=lambda pair: -pair[1])[:5]
        took = (time.perf_counter() - start) / len(asked)
    results = []
    for percent in range(60, 100, 2):
        found = {one: {party for party, score in best[one] if score >= percent / 100} for one in asked}
        results.append((percent / 100, *measure(rows, found)))
    return results, took * 1000, label, rows


def misspell(name, pick):
    """One edit in a word of five letters and more, or None."""
    words = [w for w in name.split() if len(w) > 4 and w.isalpha()]
    if not words:
        return None
    word = pick.choice(words)
    at = pick.randrange(1, len(word) - 1)
    changed = pick.choice([word[:at] + word[at + 1:], word[:at] + word[at] + word[at:],
                           word[:at] + word[at + 1] + word[at] + word[at + 2:],
                           word[:at] + pick.choice("aeinrst") + word[at + 1:]])
    return name.replace(word, changed, 1) if changed != word else None


def generated(database, count=400):
    """Rows made of names that the program was never tuned on: those of the lists."""
    pick = random.Random(2026)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        names = [name for name, in connection.execute("SELECT DISTINCT name FROM parties WHERE list > 1 ORDER BY id")]
    pick.shuffle(names)
    rows = []
    for name in names[:count]:
        words = name.replace(",", "").split()
        variants = {"misspelt": misspell(name, pick), "upper or lower case": name.swapcase()}
        if len(words) > 1:
            variants["turned"] = " ".join(words[1:] + words[:1])
            variants["turned and misspelt"] = misspell(variants["turned"], pick)
        rows += [{"asked": asked, "party": name, "label": "match", "kind": kind}
                 for kind, asked in variants.items() if asked]
    return rows


def report_generated(database):
    rows = generated(database)
    found = ours(screen(database, [row["asked"] for row in rows])[0])
    for kind in sorted({row["kind"] for row in rows}):
        these = [row for row in rows if row["kind"] == kind]
        right = sum(1 for row in these if row["party"] in found.get(row["asked"].strip(), ()))
        print(f"  names of the lists, {kind}: {right} of {len(these)} found")
        for row in these:
            if os.environ.get("SCREENING_ERRORS") and row["party"] not in found.get(row["asked"].strip(), ()):
                print("    missed |", row["asked"], "|", row["party"])


def main():
    rows = read_set()
    asked = [row["asked"] for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        names = write_list(folder + "/bench.csv")
        database = folder + "/parties.db"
        start = time.perf_counter()
        subprocess.run([PROGRAM, "db", "import-list", folder + "/bench.csv", *LISTS, "-o", database],
                       check=True, stdout=subprocess.DEVNULL)
        print(f"import: {time.perf_counter() - start:.1f} s, {os.path.getsize(database) / 2**20:.1f} MiB")
        _, alone = screen(database, ["x"])
        answer, took = screen(database, asked)
        parties = sum(each["parties"] for each in answer["lists"])
        print(f"{parties} parties, {len(rows)} names; {(took - alone) * 1000 / len(rows):.2f} ms a name "
              f"after {alone * 1000:.0f} ms to open")
        found = ours(answer)
        precision, recall, f1 = measure(rows, found)
        many = sum(len(name["candidates"]) for name in answer["names"]) / len(rows)
        print(f"threshold {answer['threshold']:.2f} (default): precision {precision:.3f} recall {recall:.3f} "
              f"F1 {f1:.3f}, {many:.2f} candidates a name")
        swept, _ = screen(database, asked, 0.6)
        for percent in range(64, 98, 2):
            print("  threshold %.2f: precision %.3f recall %.3f F1 %.3f"
                  % (percent / 100, *measure(rows, ours(swept, percent / 100))))
        if LISTS:
            report_generated(database)
        else:
            results, cost, label, same = peer(rows, names)
            best = max(results, key=lambda each: each[3])
            print(f"{label}: {cost:.2f} ms a name; best threshold %.2f: precision %.3f recall %.3f F1 %.3f" % best)
            if len(same) < len(rows):
                print("ours on the same %d names: precision %.3f recall %.3f F1 %.3f" % (len(same), *measure(same, found)))
        if os.environ.get("SCREENING_ERRORS"):
            for row in rows:
                got = found[row["asked"]]
                if row["label"] == "match" and row["party"] not in got:
                    print("missed", row["kind"], "|", row["asked"], "|", row["party"], "|", sorted(got)[:2])
                if row["label"] == "innocent" and got:
                    print("raised", "|", row["asked"], "|", sorted(got)[:3])


main()
