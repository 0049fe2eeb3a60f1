-- The store of lookback. Everything in it stays on this computer.
-- Times are seconds since 1970-01-01 UTC; NULL means unknown. Texts that are
-- unknown are ''. The views at the end show times as dates and are the
-- easiest way in: SELECT * FROM flagged_posts.

-- One row for each account of a person on a platform.
CREATE TABLE accounts (
  id        INTEGER PRIMARY KEY,
  platform  TEXT NOT NULL,               -- x, facebook, mastodon, ...
  native_id TEXT NOT NULL DEFAULT '',    -- the platform's own id of the account
  handle    TEXT NOT NULL DEFAULT '',    -- without @
  name      TEXT NOT NULL DEFAULT '',
  earlier   TEXT NOT NULL DEFAULT '[]',  -- JSON list of handles it had before, oldest first
  created   INTEGER,                     -- when the account was opened
  as_of     INTEGER NOT NULL DEFAULT 0   -- date of the archive that the names are from
) STRICT;
CREATE UNIQUE INDEX accounts_native ON accounts(platform, native_id) WHERE native_id <> '';

-- One row for each export archive that was read.
CREATE TABLE archives (
  id         INTEGER PRIMARY KEY,
  account_id INTEGER REFERENCES accounts(id) ON DELETE SET NULL,  -- the first account in it
  platform   TEXT NOT NULL,
  name       TEXT NOT NULL,               -- base name of the file or folder
  digest     TEXT NOT NULL,               -- SHA-256 of what was read
  size       INTEGER NOT NULL,            -- bytes
  layout     TEXT NOT NULL DEFAULT '',    -- era or form of the export
  messages   INTEGER NOT NULL DEFAULT 0,  -- 1: private messages were read too
  reader     TEXT NOT NULL DEFAULT '',    -- version of lookback that read it
  generated  INTEGER,                     -- when the platform made it
  imported   INTEGER NOT NULL,            -- when it was read
  as_of      INTEGER NOT NULL DEFAULT 0,  -- generated, or else the time of its newest post
  state      TEXT NOT NULL,               -- 'reading' until all of it is in, then 'done'
  partial    INTEGER NOT NULL DEFAULT 0,  -- 1: known not to be whole
  incomplete INTEGER NOT NULL DEFAULT 0,  -- 1: something in it could not be read
  notes      TEXT NOT NULL DEFAULT '[]',  -- JSON list of {code, member, text}
  posts      INTEGER NOT NULL DEFAULT 0,  -- posts in it
  added      INTEGER NOT NULL DEFAULT 0,  -- posts that it brought
  updated    INTEGER NOT NULL DEFAULT 0,  -- posts that it changed
  skipped    INTEGER NOT NULL DEFAULT 0   -- records that could not be read
) STRICT;
CREATE INDEX archives_digest ON archives(digest);

-- Which accounts an archive tells of, and what it holds of them completely.
CREATE TABLE archive_accounts (
  archive_id INTEGER NOT NULL REFERENCES archives(id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  scopes     TEXT NOT NULL DEFAULT '[]',  -- JSON list of key prefixes
  PRIMARY KEY (archive_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_accounts_account ON archive_accounts(account_id);

-- One row for each text: posts, replies, likes, profile texts, ...
CREATE TABLE posts (
  id              INTEGER PRIMARY KEY,
  account_id      INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  archive_id      INTEGER NOT NULL REFERENCES archives(id),  -- the archive that brought it
  kind            TEXT NOT NULL,               -- post, reply, repost, quote, like, dm, bio, alt, comment
  own             INTEGER NOT NULL,            -- 1: the owner wrote the text
  created         INTEGER,
  audience        TEXT NOT NULL DEFAULT '',    -- public, unlisted, followers, friends, group, circle, direct, only-me
  author          TEXT NOT NULL DEFAULT '',    -- who wrote it where own is 0
  place           TEXT NOT NULL DEFAULT '',    -- group, subreddit, server, page or chat
  reply_to        TEXT NOT NULL DEFAULT '',    -- key or URL of what it answers
  text            TEXT NOT NULL,
  key             TEXT NOT NULL,               -- stable within the account
  url             TEXT NOT NULL DEFAULT '',
  reply_to_author TEXT NOT NULL DEFAULT '',
  thread          TEXT NOT NULL DEFAULT '',    -- key of the first post of the thread
  as_of           INTEGER NOT NULL DEFAULT 0,  -- date of the archive that the content is from
  hash            INTEGER NOT NULL,            -- of the content, to see quickly that nothing changed
  content_warning TEXT NOT NULL DEFAULT '',
  precision       TEXT NOT NULL DEFAULT '',    -- of created: '' to the second, minute, day, zone-unknown, none
  quoted          TEXT NOT NULL DEFAULT '',    -- URL of the quoted post
  truncated       INTEGER NOT NULL DEFAULT 0,  -- 1: the archive holds only the beginning
  deleted         INTEGER,                     -- when the owner deleted it
  edited          INTEGER,
  gone_archive    INTEGER REFERENCES archives(id)  -- the first archive that lacked it, NULL while it is there
) STRICT;
CREATE UNIQUE INDEX posts_key ON posts(account_id, key);
CREATE INDEX posts_timeline ON posts(account_id, kind, created);
CREATE INDEX posts_gone ON posts(gone_archive) WHERE gone_archive IS NOT NULL;
-- To find what a reply answers among the liked and shared words of others.
CREATE INDEX posts_others ON posts(url) WHERE own = 0 AND url <> '';

-- Full-text index over posts.text, filled after an import, not by triggers:
-- SELECT * FROM posts WHERE id IN (SELECT rowid FROM posts_fts('word')).
CREATE VIRTUAL TABLE posts_fts USING fts5(
  text, content="posts", content_rowid="id", columnsize=0,
  tokenize="unicode61 remove_diacritics 2"
);
-- Collect 8 MB of words before they are written: fewer pieces to merge.
INSERT INTO posts_fts(posts_fts, rank) VALUES('hashsize', 8388608);

-- Attachments of posts.
CREATE TABLE media (
  id      INTEGER PRIMARY KEY,
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE,
  member  TEXT NOT NULL DEFAULT '',  -- path inside the archive
  type    TEXT NOT NULL DEFAULT '',  -- photo, video, gif, audio, link
  url     TEXT NOT NULL DEFAULT '',
  alt     TEXT NOT NULL DEFAULT ''   -- description
) STRICT;
CREATE INDEX media_post ON media(post_id);

-- Earlier texts of edited posts.
CREATE TABLE versions (
  id      INTEGER PRIMARY KEY,
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE,
  key     TEXT NOT NULL DEFAULT '',
  text    TEXT NOT NULL,
  created INTEGER
) STRICT;
CREATE INDEX versions_post ON versions(post_id);

-- Which posts an archive has: all ids from first_post to last_post.
CREATE TABLE sightings (
  archive_id INTEGER NOT NULL REFERENCES archives(id) ON DELETE CASCADE,
  first_post INTEGER NOT NULL,
  last_post  INTEGER NOT NULL,
  PRIMARY KEY (archive_id, first_post)
) STRICT, WITHOUT ROWID;

-- Records of an archive that could not be read, and why. Never their text.
CREATE TABLE skips (
  id         INTEGER PRIMARY KEY,
  archive_id INTEGER NOT NULL REFERENCES archives(id) ON DELETE CASCADE,
  member     TEXT NOT NULL,
  record     INTEGER NOT NULL,  -- position in the member from 1; 0 for all of it
  reason     TEXT NOT NULL
) STRICT;
CREATE INDEX skips_archive ON skips(archive_id);

-- Sets of rules that posts were scanned with.
CREATE TABLE rulesets (
  id         INTEGER PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  first_scan INTEGER NOT NULL,
  last_scan  INTEGER NOT NULL,
  manifest   TEXT NOT NULL DEFAULT ''  -- the rules in it, for comparing with later ones
) STRICT;

-- Which posts were scanned with which rules; a post without a row was not.
CREATE TABLE scanned (
  post_id    INTEGER PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE,
  ruleset_id INTEGER NOT NULL REFERENCES rulesets(id),
  marks      INTEGER NOT NULL DEFAULT 0  -- bits: 1 says that its author works in care, 2 is judged by who the author is,
                                         -- 4 was judged as by a professional, 8 an answer that approves, 16 one that condemns
) STRICT;

-- What the rules found. A finding is a reason to look, not a verdict.
CREATE TABLE findings (
  id         INTEGER PRIMARY KEY,
  uid        TEXT NOT NULL,     -- public id; the same for the same words in the same post
  post_id    INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE,
  rule       TEXT NOT NULL,
  theme      TEXT NOT NULL,
  standards  TEXT NOT NULL,     -- "5.1,2.12"
  action     TEXT NOT NULL,     -- remove, review
  confidence REAL NOT NULL,     -- 0 to 1
  spans      TEXT NOT NULL,     -- JSON list of {start, end}: bytes of posts.text
  why        TEXT NOT NULL,
  advice     TEXT NOT NULL,
  words_hash TEXT NOT NULL,     -- SHA-256 of the flagged words
  ruleset_id INTEGER NOT NULL REFERENCES rulesets(id),
  version_id INTEGER REFERENCES versions(id) ON DELETE CASCADE,  -- the earlier text that it is about, whose bytes spans then are
  alone      TEXT NOT NULL DEFAULT ''  -- where other posts changed it: JSON of how it is without them; 'none' where they are all it rests on
) STRICT;
CREATE INDEX findings_post ON findings(post_id);
CREATE INDEX findings_version ON findings(version_id) WHERE version_id IS NOT NULL;
CREATE INDEX findings_uid ON findings(uid);

-- Against whom or what a flagged post is directed. Worked out after each scan.
CREATE TABLE targets (
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE,
  family  TEXT NOT NULL,         -- abuse, pursuit
  kind    TEXT NOT NULL,         -- handle, name, group, theme
  name    TEXT NOT NULL,         -- handles and names in lower case, handles without @
  PRIMARY KEY (post_id, family, kind, name)
) STRICT, WITHOUT ROWID;

-- What the person decided. Kept by the words, so that a finding comes back
-- when they change.
CREATE TABLE decisions (
  id         INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  post_key   TEXT NOT NULL,
  theme      TEXT NOT NULL,
  words_hash TEXT NOT NULL,
  choice     TEXT NOT NULL,     -- remove, keep, not-an-issue, done
  reason     TEXT NOT NULL DEFAULT '',  -- why it is kept
  note       TEXT NOT NULL DEFAULT '',
  decided    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX decisions_words ON decisions(account_id, post_key, theme, words_hash);

-- One row for each time that decisions were made or taken back, so that this
-- can be undone, and what changed then; an empty choice stands for none.
CREATE TABLE changes (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  made   INTEGER NOT NULL,
  undone INTEGER              -- when it was undone
) STRICT;
CREATE TABLE history (
  id         INTEGER PRIMARY KEY,
  change_id  INTEGER NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  post_key   TEXT NOT NULL,
  theme      TEXT NOT NULL,
  words_hash TEXT NOT NULL,
  choice     TEXT NOT NULL,
  old_choice TEXT NOT NULL,
  old_reason TEXT NOT NULL,
  old_note   TEXT NOT NULL,
  old_decided INTEGER NOT NULL
) STRICT;
CREATE INDEX history_change ON history(change_id);
CREATE INDEX history_post ON history(account_id, post_key);

-- What the person allows: findings about it stay here and are left out of
-- lists.
CREATE TABLE allowed (
  id    INTEGER PRIMARY KEY,
  kind  TEXT NOT NULL,           -- word, person, account
  value TEXT NOT NULL,           -- in lower case; x:handle for an account
  why   TEXT NOT NULL DEFAULT '',
  added INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX allowed_value ON allowed(kind, value);

-- Which findings are left out because of what is allowed.
CREATE TABLE silenced (
  finding_id INTEGER NOT NULL REFERENCES findings(id) ON DELETE CASCADE,
  allowed_id INTEGER NOT NULL REFERENCES allowed(id) ON DELETE CASCADE,
  PRIMARY KEY (finding_id, allowed_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX silenced_allowed ON silenced(allowed_id);

-- One row for each audit, and which findings there were at the last one.
CREATE TABLE audits (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  made        INTEGER NOT NULL,
  changes     TEXT NOT NULL DEFAULT '{}',  -- JSON: what changed since the one before
  last_change INTEGER NOT NULL DEFAULT 0   -- the last of changes at that time
) STRICT;
CREATE TABLE known (
  uid    TEXT PRIMARY KEY,
  audit  INTEGER NOT NULL,   -- the first audit with it
  gone   INTEGER NOT NULL    -- 1: a newer archive no longer had its post
) STRICT, WITHOUT ROWID;

-- What a judge said: a language model that the person runs and asked with
-- --judge for a second opinion. It stands beside the findings and never in
-- their place. What was answered once is not asked again.
CREATE TABLE opinions (
  id         INTEGER PRIMARY KEY,  -- the highest of a post is the one that holds
  post_id    INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE,
  request    TEXT NOT NULL,     -- hash of all that was asked: the text and its kind, the model, the version of the prompt
  model      TEXT NOT NULL,
  action     TEXT NOT NULL,     -- none, remove, review
  theme      TEXT NOT NULL,     -- '' where action is none
  standards  TEXT NOT NULL,     -- the theme's: "5.1,2.12"
  confidence REAL NOT NULL,     -- 0 to 1, as the judge puts it
  spans      TEXT NOT NULL,     -- JSON list of {start, end}: bytes of posts.text
  why        TEXT NOT NULL,     -- in the judge's words
  given      INTEGER NOT NULL   -- when it was given
) STRICT;
CREATE UNIQUE INDEX opinions_post ON opinions(post_id, request);
CREATE INDEX opinions_request ON opinions(request);

-- Numbers that the store keeps about itself.
CREATE TABLE state (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO state VALUES
  ('indexed', 0),  -- posts up to this id are in posts_fts
  ('purge', 0);    -- 1: something was forgotten, and the file must still be compacted

-- Posts with readable times and their account.
CREATE VIEW all_posts AS
SELECT p.id, a.platform, a.handle, p.kind, datetime(p.created, 'unixepoch') AS created_utc,
  p.audience, p.own, p.author, p.place, p.text, p.url, p.reply_to,
  datetime(p.deleted, 'unixepoch') AS deleted_utc, p.gone_archive IS NOT NULL AS gone, p.key
FROM posts p JOIN accounts a ON a.id = p.account_id;

-- One row for each finding, with its post and what was decided.
CREATE VIEW flagged_posts AS
SELECT f.uid AS finding, f.action, round(f.confidence, 2) AS confidence, f.theme, f.standards, f.rule,
  a.platform, a.handle, p.kind, datetime(p.created, 'unixepoch') AS created_utc, p.text, p.url,
  f.why, f.advice, d.choice AS decision, d.reason, d.note, p.gone_archive IS NOT NULL AS gone, p.id AS post_id
FROM findings f
JOIN posts p ON p.id = f.post_id
JOIN accounts a ON a.id = p.account_id
LEFT JOIN decisions d ON d.account_id = p.account_id AND d.post_key = p.key
  AND d.theme = f.theme AND d.words_hash = f.words_hash;

-- Posts by account, year and kind.
CREATE VIEW coverage AS
SELECT a.platform, a.handle, strftime('%Y', p.created, 'unixepoch') AS year, p.kind, count(*) AS posts
FROM posts p JOIN accounts a ON a.id = p.account_id
GROUP BY 1, 2, 3, 4;

-- Archives with readable times.
CREATE VIEW all_archives AS
SELECT r.id, r.platform, a.handle, r.name, r.layout, datetime(r.generated, 'unixepoch') AS generated_utc,
  datetime(r.imported, 'unixepoch') AS imported_utc, r.state, r.partial, r.incomplete, r.posts, r.added,
  r.updated, r.skipped, (SELECT count(*) FROM posts p WHERE p.gone_archive = r.id) AS gone
FROM archives r LEFT JOIN accounts a ON a.id = r.account_id;
