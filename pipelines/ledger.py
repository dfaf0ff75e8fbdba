"""The ledger's file: recording drafts and final decisions with their inputs, verifying and replaying them.

Belongs here: where entries and inputs are kept, and the order draft -> objections -> rulings -> final. Does not belong
here: what an entry is and how the chain is checked (`models.ledger`), windows (`models.objections`).

The ledger is a DuckDB file of its own beside the warehouse, so that building the warehouse anew never touches it. It
has three tables: `entry` (the chain), `input` (every rule-book and input table ever used, by the SHA-256 of its bytes)
and `manifest` (which inputs belong together).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from json import loads
from math import isnan
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from models.ledger import Decision, Entry, Stage, append, canonical_json, current_entries, verify
from models.mechanism import Decisions
from models.objections import OPEN, objection_status
from models.rulebook import Rulebook, parse
from pipelines.decisions import INPUTS, Inputs, decide_inputs, read_inputs
from pipelines.problems import Problem
from pipelines.rule_texts import read_rulebook
from pipelines.run import check_round, check_warehouse, only_writer
from pipelines.settings import Settings

TABLES = (
    "create table if not exists entry (sequence integer primary key, round integer, unit varchar, stage varchar,"
    " state varchar, content varchar, rulebook_digest varchar, input_digest varchar, recorded_on varchar,"
    " supersedes integer, previous_hash varchar, hash varchar)",
    "create table if not exists input (digest varchar primary key, content blob)",
    "create table if not exists manifest (digest varchar primary key, content varchar)",
)
REASON = "superseding_reason"
MOST_NAMED = 8
STANDING_COLUMNS = ["unit", "stage", "state", "recorded_on", "superseded_state", "superseded_on", "reason"]


@dataclass
class Recorded:
    """What was recorded: new entries, the last entry of the chain, the round's objections with their status."""

    added: list[Entry]
    last: Entry
    objections: pd.DataFrame


@dataclass
class Difference:
    """An entry that its stored inputs no longer lead to."""

    sequence: int
    unit: str
    round: int
    recorded: str
    recomputed: str


@contextmanager
def opened(file: Path, *, write: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the ledger; Problem when there is none to read."""
    if not write and not file.exists():
        raise Problem(
            f"还没有台账 {file}。先用 duikou ledger draft 记录一轮征求意见稿。",
            f"There is no ledger {file} yet. Record a round's draft first: duikou ledger draft.",
        )
    with duckdb.connect(str(file), read_only=not write) as connection:
        for statement in TABLES if write else ():
            connection.execute(statement)
        yield connection


def read_entries(connection: duckdb.DuckDBPyConnection) -> list[Entry]:
    """All entries in the order of the chain."""
    names = ", ".join(field.name for field in fields(Entry))
    return [Entry(*row) for row in connection.execute(f"select {names} from entry order by sequence").fetchall()]


def record(
    settings: Settings, round_year: int, stage: Stage, recorded_on: date, supersede: str | None = None
) -> Recorded:
    """Record the draft or the final decisions of one round from the warehouse.

    Raises Problem when the warehouse has no such round, when a final round lacks its draft, when its objection window
    is still open or an objection in it has no ruling, when data changed since the draft, or when a final decision
    would change without the reason `supersede`.
    """
    rulebook = read_rulebook(settings.rulebook)
    check_warehouse(settings.warehouse)
    check_round(settings.warehouse, round_year)
    with duckdb.connect(str(settings.warehouse), read_only=True) as warehouse:
        inputs = read_inputs(warehouse, round_year)
        query = "select unit, round, received_on from core.objection where round = ? order by unit, received_on"
        objections = warehouse.sql(query, params=[round_year]).df()
        ruled = warehouse.sql("select distinct unit from core.ruling where round = ?", params=[round_year]).fetchall()
    contents = contents_of(decide_inputs(inputs, rulebook, round_year), round_year)
    file = settings.ledger_file
    with only_writer(file), opened(file, write=True) as connection:
        entries = read_entries(connection)
        current = {unit: e for (year, unit), e in current_entries(entries).items() if year == round_year}
        drafted = {e.unit: date.fromisoformat(e.recorded_on) for e in entries if e.round == round_year and is_draft(e)}
        heard = objection_status(objections, drafted, {unit for (unit,) in ruled}, objection_days(rulebook))
        if stage == "draft":
            heard = heard.iloc[:0]  # a new draft opens a new window
            check_draft(current, round_year)
        else:
            check_final(current, contents, heard, rulebook, recorded_on, {unit for (unit,) in ruled}, supersede)
            contents = with_reason(contents, current, supersede)
        added = append(
            entries,
            [Decision(round_year, unit, stage, state, content) for unit, (state, content) in contents.items()],
            rulebook_digest=rulebook.digest,
            input_digest=keep_inputs(connection, inputs, settings.rulebook.read_bytes()),
            recorded_on=recorded_on.isoformat(),
        )
        write_entries(connection, added)
        return Recorded(added, (entries + added)[-1], heard)


def is_draft(entry: Entry) -> bool:
    """Whether an entry is a draft."""
    return entry.stage == "draft"


def objection_days(rulebook: Rulebook) -> int:
    """Days of the objection window; 0 when the rule-book has none."""
    return rulebook.publication.objection_days if rulebook.publication else 0


def check_draft(current: dict[str, Entry], round_year: int) -> None:
    """Problem when the round is final already."""
    if any(entry.stage == "final" for entry in current.values()):
        raise Problem(
            f"{round_year} 轮已定稿，不能再记征求意见稿；要更正请用 duikou ledger final --supersede 并写明理由。",
            f"Round {round_year} is final; no draft can follow. To correct it: duikou ledger final --supersede REASON.",
        )


def check_final(
    current: dict[str, Entry],
    contents: dict[str, tuple[str, str]],
    heard: pd.DataFrame,
    rulebook: Rulebook,
    recorded_on: date,
    ruled: set[str],
    supersede: str | None,
) -> None:
    """Problem unless the round may become final (or, with a reason, a final round may be superseded)."""
    if not current or set(contents) - set(current):
        raise Problem(
            f"没有征求意见稿的专业点：{named(set(contents) - set(current))}。请先用 duikou ledger draft 记录。",
            f"These units have no draft: {named(set(contents) - set(current))}. Record it first: duikou ledger draft.",
        )
    changed = {unit for unit, (_, content) in contents.items() if not same_verdict(content, current[unit].content)}
    final = {unit for unit, entry in current.items() if entry.stage == "final"}
    if changed & final and not supersede:
        raise Problem(
            f"已定稿的判定有变化：{named(changed & final)}。定稿不得改写；要以新判定取代，请用 --supersede 写明理由。",
            f"Final decisions would change: {named(changed & final)}."
            " They are never rewritten; to supersede them, give the reason with --supersede.",
        )
    if final:
        return
    last_day = max(date.fromisoformat(entry.recorded_on) for entry in current.values())
    last_day += timedelta(days=objection_days(rulebook))
    if rulebook.publication and recorded_on <= last_day:
        raise Problem(
            f"异议期到 {last_day} 为止，{recorded_on} 不能定稿。",
            f"Objections may come until {last_day}; the round cannot be final on {recorded_on}.",
        )
    waiting = set(heard.loc[heard["status"] == OPEN, "unit"])
    if waiting:
        raise Problem(
            f"这些异议还没有裁定：{named(waiting)}。请在裁定表中写明（异议不成立写“维持”）。",
            f"These objections have no ruling yet: {named(waiting)}. Enter one (“uphold” when the verdict stands).",
        )
    if changed - ruled:
        raise Problem(
            f"征求意见之后数据或规则有变，学校没有看到现在的判定：{named(changed - ruled)}。请重新记录征求意见稿。",
            f"Data or rules changed after the draft, and schools have not seen the present verdict:"
            f" {named(changed - ruled)}. Record the draft anew.",
        )


def named(units: Iterable[str]) -> str:
    """Some units for a message."""
    listed = sorted(units)
    return ", ".join(listed[:MOST_NAMED]) + (f" … ({len(listed)})" if len(listed) > MOST_NAMED else "")


def contents_of(decided: Decisions, round_year: int) -> dict[str, tuple[str, str]]:
    """State and canonical content (verdict and evidence of every year so far) of every unit in one round."""
    evidence: dict[str, list[dict[str, object]]] = {}
    for row in records(decided.evidence[decided.evidence["round"] <= round_year]):
        evidence.setdefault(str(row.pop("unit")), []).append(row)
    found = {}
    for row in records(decided.verdicts[decided.verdicts["round"] == round_year]):
        unit = str(row["unit"])
        found[unit] = (str(row["state"]), canonical_json({"verdict": row, "evidence": evidence.get(unit, [])}))
    return found


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as mappings with None for what is missing."""
    rows = frame.astype(object).to_dict("records")
    return [{str(name): None if is_missing(value) else value for name, value in row.items()} for row in rows]


def is_missing(value: object) -> bool:
    """Whether a cell is empty."""
    return value is None or (isinstance(value, float) and isnan(value))


def same_verdict(content: str, before: str) -> bool:
    """Whether two contents say the same of the unit itself; lines that depend on other units may have moved."""
    return bool(content == before or loads(content)["verdict"] == loads(before)["verdict"])


def plain(content: str) -> str:
    """The content without the reason for superseding."""
    if f'"{REASON}"' not in content:
        return content
    found = loads(content)
    found.pop(REASON, None)
    return canonical_json(found)


def with_reason(
    contents: dict[str, tuple[str, str]], current: dict[str, Entry], supersede: str | None
) -> dict[str, tuple[str, str]]:
    """The contents, with the reason in those that supersede a final decision; final verdicts that hold stay."""
    found = {}
    for unit, (state, content) in contents.items():
        before = current[unit]
        if before.stage == "final" and same_verdict(content, before.content):
            found[unit] = (state, before.content)
        elif before.stage == "final":
            found[unit] = (state, canonical_json({**loads(content), REASON: supersede}))
        else:
            found[unit] = (state, content)
    return found


def keep_inputs(connection: duckdb.DuckDBPyConnection, inputs: Inputs, rulebook: bytes) -> str:
    """Store rule-book and input tables by digest; returns the digest of their manifest."""
    manifest = {name: keep(connection, parquet_bytes(table)) for name, table in inputs.items()}
    keep(connection, rulebook)
    text = canonical_json(manifest)
    digest = sha256(text.encode()).hexdigest()
    connection.execute("insert or ignore into manifest values (?, ?)", [digest, text])
    return digest


def keep(connection: duckdb.DuckDBPyConnection, content: bytes) -> str:
    """Store bytes under their digest."""
    digest = sha256(content).hexdigest()
    connection.execute("insert or ignore into input values (?, ?)", [digest, content])
    return digest


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet."""
    sink = BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def write_entries(connection: duckdb.DuckDBPyConnection, added: list[Entry]) -> None:
    """Append entries in one transaction."""
    if not added:
        return
    frame = pd.DataFrame([asdict(entry) for entry in added]).astype({"supersedes": "Int64"})
    connection.register("added", frame)
    connection.execute("begin")
    connection.execute("insert into entry by name from added")
    connection.execute("commit")
    connection.unregister("added")


def standings(file: Path, round_year: int) -> pd.DataFrame:
    """Where the round's decisions stand (STANDING_COLUMNS), one row per unit; none when there is no ledger yet.

    `superseded_state` and `superseded_on` are those of the final decision that the current one replaced, else empty.
    """
    rows = []
    if file.exists():
        with opened(file) as connection:
            entries = read_entries(connection)
        for (year, unit), entry in current_entries(entries).items():
            if year == round_year:
                before = entries[entry.supersedes - 1] if entry.supersedes else None
                replaced = (before.state, before.recorded_on) if before and not is_draft(before) else (None, None)
                reason = loads(entry.content).get(REASON)
                rows.append((unit, entry.stage, entry.state, entry.recorded_on, *replaced, reason))
    return pd.DataFrame(rows, columns=STANDING_COLUMNS)


def verify_ledger(file: Path, head: dict[str, object] | None = None) -> tuple[int, list[str]]:
    """Number of entries, and what was altered in the chain or in the stored inputs (empty: nothing)."""
    with opened(file) as connection:
        entries = read_entries(connection)
        problems = verify(entries, head)
        digests = set()
        for digest, text in connection.execute("select digest, content from manifest order by digest").fetchall():
            if sha256(text.encode()).hexdigest() != digest:
                problems.append(f"manifest {digest[:12]}: was altered after it was recorded")
            digests |= set(loads(text).values())
        kept = set()
        for digest, content in connection.execute("select digest, content from input order by digest").fetchall():
            kept.add(digest)
            if sha256(content).hexdigest() != digest:
                problems.append(f"input {digest[:12]}: was altered after it was recorded")
        manifests = {row[0] for row in connection.execute("select digest from manifest").fetchall()}
        wanted = digests | {entry.rulebook_digest for entry in entries}
        problems += [f"input {digest[:12]}: is missing" for digest in sorted(wanted - kept)]
        missing = sorted({entry.input_digest for entry in entries} - manifests)
        problems += [f"manifest {digest[:12]}: is missing" for digest in missing]
        return len(entries), problems


def read_head(file: Path) -> dict[str, object]:
    """The last entry as published elsewhere; Problem unless it is JSON with sequence and hash."""
    try:
        head = loads(file.read_text(encoding="utf-8"))
        return {"sequence": head["sequence"], "hash": head["hash"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(
            f"{file} 应为含 sequence 和 hash 的 JSON 文件（{error}）。",
            f"{file}: a JSON file with sequence and hash is expected ({error}).",
        ) from error


def replay(file: Path) -> tuple[int, list[Difference]]:
    """Recompute every recorded round from its stored inputs: entries compared, and those that come out differently.

    Raises Problem when stored inputs are missing or altered (`duikou ledger verify` says which).
    """
    differences: list[Difference] = []
    with opened(file) as connection:
        entries = read_entries(connection)
        groups: dict[tuple[int, str, str], list[Entry]] = {}
        for entry in entries:
            groups.setdefault((entry.round, entry.input_digest, entry.rulebook_digest), []).append(entry)
        for (round_year, input_digest, rulebook_digest), group in groups.items():
            inputs, text = stored(connection, input_digest, rulebook_digest)
            contents = contents_of(decide_inputs(inputs, parse(text, rulebook_digest[:12]), round_year), round_year)
            for entry in group:
                state, content = contents.get(entry.unit, ("(none)", ""))
                if (state, content) != (entry.state, plain(entry.content)):
                    differences.append(Difference(entry.sequence, entry.unit, round_year, entry.state, state))
        return len(entries), differences


def stored(connection: duckdb.DuckDBPyConnection, input_digest: str, rulebook_digest: str) -> tuple[Inputs, str]:
    """The stored input tables and rule-book text under their digests."""

    def kept(digest: str) -> bytes:
        found = connection.execute("select content from input where digest = ?", [digest]).fetchall()
        if not found or sha256(found[0][0]).hexdigest() != digest:
            raise Problem(
                f"台账中的输入 {digest[:12]} 缺失或被改动，无法重算。请运行 duikou ledger verify。",
                f"The stored input {digest[:12]} is missing or altered and cannot be replayed."
                " Run duikou ledger verify.",
            )
        return bytes(found[0][0])

    manifests = connection.execute("select content from manifest where digest = ?", [input_digest]).fetchall()
    manifest = loads(manifests[0][0]) if manifests else dict.fromkeys(INPUTS, input_digest)
    tables = {name: pq.read_table(BytesIO(kept(digest))) for name, digest in manifest.items()}
    return tables, kept(rulebook_digest).decode("utf-8")
