"""screen and db import-list, on a small list of invented parties."""
import json
import pathlib

LIST = """name,aliases,country,type,list,listed_on,citation,source_url,parent,parent_percent
Norrland Optronik GmbH,NOK|Norrland Optics,DE,entity,Own list,2026-01-02,minute 12,https://example.org/own,Obrazec Holding,60
"PETRENKOV, Sergey Ivanovich",,RU,individual,Own list,,,,,
"""
BAD = "name,country\nA\n,DE\nB,Atlantis\n"


def cases(scratch, case, check, run):
    pathlib.Path(scratch, "own.csv").write_text(LIST)
    pathlib.Path(scratch, "bad.csv").write_text(BAD)
    pathlib.Path(scratch, "names.txt").write_text("Norrland Optik\r\n\r\nPetrenkov, Sergei\n")
    case("screen-exact", scratch, ["screen", "Norrland Optics", "--list", "own.csv", "--country", "DE"], 1)
    case("screen-review", scratch, ["screen", "--from-file", "names.txt", "--list", "own.csv", "--type", "entity"], 1)
    case("screen-nothing", scratch, ["screen", "Nordic Optics Museum", "--list", "own.csv"], 0)
    case("screen-json", scratch, ["screen", "Сергей Петренков", "--list", "own.csv", "-o", "json"], 1)
    case("screen-refused", scratch, ["screen", "X", "--list", "bad.csv"], 2)
    case("screen-no-name", scratch, ["screen", "--list", "own.csv"], 2)
    case("screen-two-sources", scratch, ["screen", "X", "--list", "own.csv", "--db-parties", "p.db"], 2)
    case("screen-no-database", scratch, ["screen", "X", "--db-parties", "own.csv"], 2)
    case("screen-country", scratch, ["screen", "X", "--list", "own.csv", "--country", "Atlantis"], 2)
    case("import-list", scratch, ["db", "import-list", "own.csv", "-o", "p.db"], 0)
    before = pathlib.Path(scratch, "p.db").read_bytes()
    case("import-list-refused", scratch, ["db", "import-list", "own.csv", "bad.csv", "-o", "p.db"], 2)
    check("import-list-stays", pathlib.Path(scratch, "p.db").read_bytes() == before)
    run(scratch, "db", "import-list", "own.csv", "-o", "q.db")
    check("import-list-same-bytes", pathlib.Path(scratch, "q.db").read_bytes() == before)
    stored = run(scratch, "screen", "NOK", "--db-parties", "p.db", "-o", "json")
    found = json.loads(stored.stdout)["names"][0]["candidates"]
    check("screen-database", stored.returncode == 1 and found[0]["status"] == "exact", stored.stderr.decode())
    # The catalogue's own listed parties, without a list.
    check("screen-catalogue", run(scratch, "screen", "Huawei").returncode == 1)
