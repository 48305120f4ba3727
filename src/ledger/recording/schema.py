"""The tables of the log and what protects them, for both backends.

Rule: nothing is ever changed or taken away. Triggers refuse DELETE, TRUNCATE and every UPDATE of `facts` but one: the
blanking of a private part (private and salt to NULL, nothing else). On SQLite they also refuse INSERT OR REPLACE, which
deletes without firing a delete trigger. The head never goes backwards.

Table `facts` is what the hash tree covers; `frontiers` keeps the tree's edge every 256 facts; `commands` remembers
command ids for ever; `touched` says where a guard key was last changed; `head` is the one row every writer locks.
"""

from __future__ import annotations

COLUMNS = (
    "position", "recorded_at", "stream", "version", "name", "actor", "mandat", "command_id",
    "public", "private", "salt", "private_digest", "leaf",
)  # fmt: skip

#: Facts that post outcome. They are most of the log; who looks for decisions skips them through a partial index.
POSTINGS = ("verifikation_posted", "utfall_reported", "utfall_corrected")

#: True of facts that are no postings, in any version. A query must say it in exactly these words to use the index.
IS_NO_POSTING = " AND ".join(f"substr(name, 1, {len(name) + 1}) <> '{name}.'" for name in POSTINGS)

#: How the names of facts with outcome rows begin: those above, and corrections of vouchers, which are looked for too.
WITH_ROWS = tuple(f"{name}." for name in (*POSTINGS, "verifikation_corrected"))

NEVER_DELETED = "Fakta tas aldrig bort. En felregistrering rättas med ett nytt faktum."
NEVER_CHANGED = "Fakta ändras aldrig. Endast den privata delen får raderas (private och salt sätts till NULL)."
NEVER_REPLACED = "Platsen i loggen eller i strömmen är redan tagen. Fakta ersätts aldrig."
NEVER_BACK = "Loggens huvud går aldrig bakåt."
NEVER_FORGOTTEN = "Registrerade kommandon och kontrollpunkter ändras och tas aldrig bort."


def _blanking(same: str) -> str:
    """The condition that an UPDATE only blanks the private part; `same` compares two row values, NULL equal to NULL."""
    kept = [column for column in COLUMNS if column not in {"private", "salt"}]
    new, old = (", ".join(f"{side}.{column}" for column in kept) for side in ("NEW", "OLD"))
    return f"NEW.private IS NULL AND NEW.salt IS NULL AND ({new}) {same} ({old})"


SQLITE = (
    """CREATE TABLE facts (
        position INTEGER PRIMARY KEY, recorded_at TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL,
        name TEXT NOT NULL, actor TEXT NOT NULL, mandat TEXT NOT NULL, command_id TEXT NOT NULL,
        public BLOB NOT NULL, private BLOB, salt BLOB, private_digest BLOB, leaf BLOB NOT NULL,
        UNIQUE (stream, version))""",
    f"CREATE INDEX facts_decisions ON facts (position) WHERE {IS_NO_POSTING}",
    """CREATE TABLE frontiers (position INTEGER PRIMARY KEY, frontier BLOB NOT NULL)""",
    """CREATE TABLE commands (
        id TEXT PRIMARY KEY, fields TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE touched (key TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, recorded_at TEXT NOT NULL,
        frontier BLOB NOT NULL)""",
    "INSERT INTO head VALUES (1, 0, '', x'')",
    f"""CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts
        BEGIN SELECT RAISE(ABORT, '{NEVER_DELETED}'); END""",
    f"""CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts WHEN NOT ({_blanking("IS")})
        BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END""",
    f"""CREATE TRIGGER facts_no_replace BEFORE INSERT ON facts
        WHEN NEW.position <= (SELECT size FROM head)
          OR EXISTS (SELECT 1 FROM facts WHERE stream = NEW.stream AND version = NEW.version)
        BEGIN SELECT RAISE(ABORT, '{NEVER_REPLACED}'); END""",
    f"""CREATE TRIGGER head_no_delete BEFORE DELETE ON head
        BEGIN SELECT RAISE(ABORT, '{NEVER_BACK}'); END""",
    f"""CREATE TRIGGER head_no_insert BEFORE INSERT ON head
        BEGIN SELECT RAISE(ABORT, '{NEVER_BACK}'); END""",
    f"""CREATE TRIGGER head_forward BEFORE UPDATE ON head WHEN NEW.size < OLD.size
        BEGIN SELECT RAISE(ABORT, '{NEVER_BACK}'); END""",
    *(
        f"""CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}
            BEGIN SELECT RAISE(ABORT, '{NEVER_FORGOTTEN}'); END"""
        for table in ("frontiers", "commands")
        for verb in ("delete", "update")
    ),
    *(
        f"""CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
            BEGIN SELECT RAISE(ABORT, '{NEVER_FORGOTTEN}'); END"""
        for table, key in (("frontiers", "position"), ("commands", "id"))
    ),
)

# Every name is qualified: {s} is the ledger's schema.
POSTGRES = (
    """CREATE TABLE {s}.facts (
        position bigint PRIMARY KEY, recorded_at text NOT NULL, stream text COLLATE "C" NOT NULL,
        version bigint NOT NULL, name text COLLATE "C" NOT NULL, actor text NOT NULL, mandat text NOT NULL,
        command_id text NOT NULL, public bytea NOT NULL, private bytea, salt bytea, private_digest bytea,
        leaf bytea NOT NULL, UNIQUE (stream, version))""",
    f"CREATE INDEX facts_decisions ON {{s}}.facts (position) WHERE {IS_NO_POSTING}",
    """CREATE TABLE {s}.frontiers (position bigint PRIMARY KEY, frontier bytea NOT NULL)""",
    """CREATE TABLE {s}.commands (
        id text COLLATE "C" PRIMARY KEY, fields text NOT NULL, first bigint NOT NULL, last bigint NOT NULL)""",
    """CREATE TABLE {s}.touched (key text COLLATE "C" PRIMARY KEY, position bigint NOT NULL)
        WITH (fillfactor = 50)""",
    # Room in the page for the next versions of the one row, so that no index entry is made per commit.
    """CREATE TABLE {s}.head (
        id integer PRIMARY KEY CHECK (id = 1), size bigint NOT NULL, recorded_at text NOT NULL,
        frontier bytea NOT NULL) WITH (fillfactor = 10)""",
    """CREATE FUNCTION {s}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$""",
    f"""CREATE TRIGGER facts_no_delete BEFORE DELETE OR TRUNCATE ON {{s}}.facts
        FOR EACH STATEMENT EXECUTE FUNCTION {{s}}.refuse_change('{NEVER_DELETED}')""",
    f"""CREATE TRIGGER facts_no_update BEFORE UPDATE ON {{s}}.facts
        FOR EACH ROW WHEN (NOT ({_blanking("IS NOT DISTINCT FROM")}))
        EXECUTE FUNCTION {{s}}.refuse_change('{NEVER_CHANGED}')""",
    f"""CREATE TRIGGER head_no_delete BEFORE DELETE OR TRUNCATE ON {{s}}.head
        FOR EACH STATEMENT EXECUTE FUNCTION {{s}}.refuse_change('{NEVER_BACK}')""",
    f"""CREATE TRIGGER head_forward BEFORE UPDATE ON {{s}}.head FOR EACH ROW WHEN (NEW.size < OLD.size)
        EXECUTE FUNCTION {{s}}.refuse_change('{NEVER_BACK}')""",
    *(
        f"""CREATE TRIGGER {table}_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON {{s}}.{table}
            FOR EACH STATEMENT EXECUTE FUNCTION {{s}}.refuse_change('{NEVER_FORGOTTEN}')"""
        for table in ("frontiers", "commands")
    ),
    # Last, so that whoever sees the row sees the whole schema.
    "INSERT INTO {s}.head VALUES (1, 0, '', ''::bytea)",
)
