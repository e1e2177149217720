"""Checks an audit log by docs/audit-log.md alone: python3 verify.py DATABASE [CHECKPOINT]

Prints one line per problem. Exit code 0: whole; 1: not; 2: cannot be read.
"""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path

RECORDS = """SELECT position, writer_id, seq, kind, action_id, at, policy_revision, namespace, body, prev_hash, hash,
    coalesce(host, ''), coalesce(pid, 0) FROM journal LEFT JOIN writers ON id = writer_id ORDER BY position"""
WRITERS = "SELECT id, last_seq, last_hash, last_position FROM writers WHERE closed_at IS NOT NULL AND last_seq IS NOT NULL"


def text(value):
    return json.dumps(value, ensure_ascii=False)


def hash_of(position, writer, seq, kind, action, at, revision, namespace, body, prev_hash, host, pid):
    line = (
        f'{{"action_id":{text(action)},"at":{text(at)},"body":{body},"kind":{text(kind)},'
        f'"namespace":{text(namespace)},"policy_revision":{text(revision)},"position":{position},'
        f'"prev_hash":{text(prev_hash)},"seq":{seq},"v":1,'
        f'"writer":{{"host":{text(host)},"id":{text(writer)},"pid":{pid}}}}}'
    )
    return hashlib.sha256(line.encode()).hexdigest()


def count(value):
    return type(value) is int and value >= 1


def pruned_of(body):
    """The range and the writers of a `pruned` body, or None."""
    start, end, writers = body.get("from_position"), body.get("through_position"), body.get("writers")
    if not (count(start) and count(end) and isinstance(writers, list)):
        return None
    tips = [(w.get("id"), w.get("seq"), w.get("hash")) if isinstance(w, dict) else (0, 0, 0) for w in writers]
    whole = all(isinstance(i, str) and count(s) and isinstance(h, str) for i, s, h in tips)
    return (start, end, tips) if whole else None


def read_body(kind, body):
    """(it is in order, what it tells of pruning)"""
    try:
        value = json.loads(body, parse_constant=lambda name: 1 / 0)
    except (ValueError, ArithmeticError, RecursionError):
        return False, None
    if not isinstance(value, dict):
        return False, None
    told = pruned_of(value) if kind == "pruned" else None
    return kind != "pruned" or told is not None, told


def walk(records, closed, awaited):
    """Problems as (position or None, kind, writer, seq, action)."""
    found, gaps, tips, begins, removed = [], [], {}, {}, {}
    newest, newest_hash, through, first = 0, "", 0, None
    for position, writer, seq, kind, action, *rest, prev_hash, own_hash, host, pid in records:
        def problem(what):
            found.append((position, what, writer, seq, action))

        if position <= newest:
            problem("inserted")
        elif position > newest + 1:
            gaps.append((newest + 1, position - 1))
        is_whole = hash_of(position, writer, seq, kind, action, *rest, prev_hash, host, pid) == own_hash
        in_order, told = read_body(kind, rest[3])
        if not is_whole:
            problem("edited")
        elif not in_order:
            problem("unreadable")
        if told:
            if told[0] <= through + 1:
                through = max(through, told[1])
            for name, last, last_hash in told[2]:
                if name not in removed or removed[name][0] <= last:
                    removed[name] = (last, last_hash)
        if writer not in tips:
            if is_whole and seq == 1 and position == newest + 1 and prev_hash != newest_hash:
                problem("unlinked")
            if is_whole and seq != 1:
                begins[writer] = (position, seq, prev_hash, action)
            if is_whole or seq == 1:
                tips[writer] = (seq, own_hash, position)
        else:
            last, last_hash, _ = tips[writer]
            if is_whole and seq != last + 1:
                problem("sequence")
            elif is_whole and prev_hash != last_hash:
                problem("unlinked")
            if seq > last if is_whole else seq == last + 1:
                tips[writer] = (seq, own_hash, position)
        if position in awaited and awaited.pop(position) != (writer, seq, own_hash):
            problem("replaced")
        if position >= 1:
            first = first or (position, writer, seq, action, prev_hash)
        if position > newest:
            newest, newest_hash = position, own_hash

    found += [(max(a, through + 1), "missing", None, None, None) for a, b in gaps if b > through]
    if first and first[0] <= through:
        found.append((first[0], "inserted", *first[1:4]))
    elif first and through and first[0] == through + 1 and first[2] == 1:
        if first[4] not in [tip[1] for tip in removed.values()]:
            found.append((first[0], "unlinked", *first[1:4]))
    for writer, (position, seq, prev_hash, action) in begins.items():
        if seq < 1 or not through or removed.get(writer, (seq - 1, prev_hash)) != (seq - 1, prev_hash):
            found.append((position, "sequence", writer, seq, action))
    for writer, last, last_hash, last_position in closed:
        seq, own_hash, position = tips.get(writer, (0, None, None))
        if seq > last:
            found.append((position, "inserted", writer, seq, None))
        elif seq < last and (writer in tips or last_position is None or last_position > through):
            found.append((last_position, "cut", writer, last, None))
        elif seq == last and writer in tips and own_hash != last_hash:
            found.append((position, "replaced", writer, seq, None))
    found += [(p, "cut", w, s, None) for p, (w, s, _) in awaited.items() if p > through]
    return found


def verify(database, checkpoint=None):
    tips = json.loads(Path(checkpoint).read_text("utf-8"))["writers"] if checkpoint else []
    awaited = {tip["position"]: (tip["id"], tip["seq"], tip["hash"]) for tip in tips}
    connection = sqlite3.connect(Path(database).absolute().as_uri() + "?mode=ro", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        connection.execute("BEGIN")
        return walk(connection.execute(RECORDS), connection.execute(WRITERS).fetchall(), awaited)
    finally:
        connection.close()


if __name__ == "__main__":
    try:
        problems = verify(*sys.argv[1:])
    except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(print(f"cannot be read: {error}", file=sys.stderr) or 2)
    for position, what, writer, seq, action in sorted(problems, key=lambda p: (p[0] is None, p[0] or 0)):
        print(f"position {position}: {what} (writer {writer}, number {seq}, action {action})")
    sys.exit(1 if problems else 0)
