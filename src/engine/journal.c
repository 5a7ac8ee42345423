/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/journal.h"

#include "base/clock.h"
#include "engine/state_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[] = "innkeeper-task 1";

struct journal {
	int fd, dir_fd;
	char id[64];
	off_t size;   /* of whole lines */
	bool is_torn; /* half a line is behind them: another would grow together with it */
};

/* ---- writing ---- */

static bool refuse(struct err *err)
{
	return err_set_errno(err, errno, _("cannot write the task journal; nothing is sent without it"));
}

/* What was not written whole, or not to the disk, is not to be read: nothing is sent for it. errno stays. */
static bool take_back(struct journal *journal, off_t size, struct err *err)
{
	const int why = errno;

	journal->size = size;
	journal->is_torn = ftruncate(journal->fd, size) < 0;
	errno = why;
	return refuse(err);
}

/* Frees the words. */
static bool put(struct journal *journal, char *words, struct err *err)
{
	const size_t len = strlen(words);
	const bool refused = journal->is_torn || journal->size + (off_t)len > JOURNAL_FILE_MAX;
	size_t written = 0;
	ssize_t n = 1;

	errno = journal->is_torn ? EIO : EFBIG;
	while (!refused && written < len && (n > 0 || (n < 0 && errno == EINTR))) {
		n = write(journal->fd, words + written, len - written);
		written += n > 0 ? (size_t)n : 0;
	}
	if (refused)
		refuse(err);
	else if (written < len)
		take_back(journal, journal->size, err);
	else
		journal->size += (off_t)len;
	free(words);
	return written == len && !refused;
}

/* "word value" with the time before a change of state; one write, one line, on disk when it returns. */
static bool append(struct journal *journal, const char *word, const char *value, struct err *err)
{
	const off_t size = journal->size;
	char when[24];

	clock_format_utc(clock_wall(), when, sizeof(when));
	if (!put(journal, mem_printf("%s %s %s\n", word, when, value), err))
		return false;
	return state_sync(journal->fd) || take_back(journal, size, err);
}

static void close_files(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	if (journal->dir_fd >= 0)
		close(journal->dir_fd);
	free(journal);
}

static const char *folder_of(bool is_simulated)
{
	return is_simulated ? STATE_DIR_DEMO "/tasks" : "tasks";
}

struct journal *journal_create(const struct journal_plan *plan, struct err *err)
{
	static atomic_uint last;
	struct journal *journal = mem_zalloc(sizeof(*journal));
	char new_name[sizeof(journal->id) + 1], when[32];
	time_t now = clock_wall();
	struct tm tm = { 0 };
	const bool has_reason = plan->reason && *plan->reason;
	char *head;
	bool ok;

	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	snprintf(journal->id, sizeof(journal->id), "%s-%ld-%u", when, (long)getpid(), atomic_fetch_add(&last, 1) + 1);
	snprintf(new_name, sizeof(new_name), ".%s", journal->id);
	journal->fd = -1;
	journal->dir_fd = state_dir_open(folder_of(plan->is_simulated), true, err);
	if (journal->dir_fd < 0)
		goto fail;
	journal->fd = openat(journal->dir_fd, new_name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			     0600);
	if (journal->fd < 0) {
		err_set_errno(err, errno, _("cannot create the task journal; nothing is sent without it"));
		goto fail;
	}
	/* The lock is held as long as we live: how a reader tells an interrupted task from a running one. */
	if (flock(journal->fd, LOCK_EX | LOCK_NB) < 0) {
		refuse(err);
		goto remove;
	}
	head = mem_printf("%s\nverb %s\nhost %s\nuri %s\nvm %s\nuuid %s\nby %s\n%s%s%s", magic, plan->operation,
			  plan->host, plan->uri, plan->vm, plan->uuid, plan->by, has_reason ? "reason " : "",
			  has_reason ? plan->reason : "", has_reason ? "\n" : "");
	ok = put(journal, head, err) && append(journal, "planned", "-", err);
	/* It gets its name once the plan is whole, so that no reader ever meets half of one. */
	if (ok && renameat(journal->dir_fd, new_name, journal->dir_fd, journal->id) == 0 && state_sync(journal->dir_fd))
		return journal;
	if (ok)
		refuse(err);
remove:
	unlinkat(journal->dir_fd, new_name, 0);
	unlinkat(journal->dir_fd, journal->id, 0);
fail:
	close_files(journal);
	return NULL;
}

bool journal_session(struct journal *journal, const char *id, const char *user, int64_t login_time, struct err *err)
{
	if (login_time < 0)
		return put(journal, mem_printf("session %s %s\n", id, user), err);
	return put(journal, mem_printf("session %s %s\nsince %lld\n", id, user, (long long)login_time), err);
}

bool journal_more(struct journal *journal, size_t count, struct err *err)
{
	return put(journal, mem_printf("more %zu\n", count), err);
}

bool journal_found(struct journal *journal, bool running, bool autostart, struct err *err)
{
	return put(journal, mem_printf("found %d %d\n", running, autostart), err);
}

bool journal_sending(struct journal *journal, const char *what, struct err *err)
{
	return append(journal, "sending", what, err);
}

bool journal_sent(struct journal *journal, struct err *err)
{
	return append(journal, "sent", "-", err);
}

void journal_close(struct journal *journal, const char *outcome, bool keep)
{
	if (!journal)
		return;
	append(journal, "done", outcome, NULL);
	if (!keep)
		unlinkat(journal->dir_fd, journal->id, 0);
	close_files(journal);
}

void journal_leave(struct journal *journal, bool something_sent)
{
	if (!something_sent)
		unlinkat(journal->dir_fd, journal->id, 0);
	close_files(journal);
}

const char *journal_id(const struct journal *journal)
{
	return journal->id;
}

/* ---- reading ---- */

bool journal_id_is_valid(const char *id)
{
	const size_t len = strlen(id);

	return len > 0 && len < sizeof(((struct journal *)0)->id) && strspn(id, "0123456789-") == len;
}

/* It was safe when it was written: escapes in it stay as they are, so that names are those of the guest's list. */
static struct safe_text take(const char *value, size_t len)
{
	return text_format("%.*s", (int)MIN(len, (size_t)TEXT_CAP_LINE), value);
}

static bool is_word(const char *line, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(line, word, len) == 0;
}

static bool parse_number(const char *value, size_t len, int64_t *ret)
{
	enum { DIGITS_MAX = 12 };

	if (!len || len > DIGITS_MAX)
		return false;
	*ret = 0;
	for (size_t i = 0; i < len; i++) {
		if (value[i] < '0' || value[i] > '9')
			return false;
		*ret = *ret * 10 + (value[i] - '0');
	}
	return true;
}

/* Whom it is about, and what was found before anything was sent. */
static void parse_plan(struct journal_entry *entry, const char *word, size_t word_len, const char *value, size_t len)
{
	const char *blank = memchr(value, ' ', len);
	int64_t number;

	if (is_word(word, word_len, "session") && blank) {
		struct journal_session *session = VEC_PUSH(&entry->sessions);

		session->id = take(value, (size_t)(blank - value));
		session->user = take(blank + 1, len - (size_t)(blank - value) - 1);
		session->login_time = -1;
	}
	/* Of the session named last. */
	if (is_word(word, word_len, "since") && entry->sessions.count && parse_number(value, len, &number))
		entry->sessions.at[entry->sessions.count - 1].login_time = number;
	if (is_word(word, word_len, "more"))
		entry->more = parse_number(value, len, &number) ? (size_t)number : 1;
	if (is_word(word, word_len, "found") && len == 3) {
		entry->has_found = true;
		entry->found_running = value[0] == '1';
		entry->found_autostart = value[2] == '1';
	}
}

/*
 * "word value", or with a time before the value where the line changes the state:
 * "sending 2026-11-22T14:56:00Z terminate-session 4".
 */
static void parse_line(struct journal_entry *entry, const char *line, size_t len)
{
	const struct {
		const char *word;
		struct safe_text *to;
	} plain[] = {
		{ "verb", &entry->operation }, { "host", &entry->host }, { "uri", &entry->uri },
		{ "vm", &entry->vm },          { "uuid", &entry->uuid }, { "by", &entry->by },
		{ "reason", &entry->reason },
	};
	const struct {
		const char *word;
		struct safe_text *to;
		enum journal_state state;
	} changes[] = {
		{ "planned", NULL, JOURNAL_NOT_SENT },
		{ "sending", &entry->what, JOURNAL_UNKNOWN },
		{ "sent", NULL, JOURNAL_SENT },
		{ "done", &entry->outcome, JOURNAL_DONE },
	};

	const char *value = memchr(line, ' ', len), *blank;
	const size_t word_len = value ? (size_t)(value - line) : len;
	size_t first;

	if (!value)
		return;
	value++;
	len -= word_len + 1;
	blank = memchr(value, ' ', len);
	first = blank ? (size_t)(blank - value) : len;
	parse_plan(entry, line, word_len, value, len);
	if (is_word(line, word_len, "sending") && blank)
		*VEC_PUSH(&entry->sends) = take(blank + 1, len - first - 1);
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (is_word(line, word_len, plain[i].word))
			text_set(plain[i].to, take(value, len));
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		if (!is_word(line, word_len, changes[i].word))
			continue;
		entry->state = changes[i].state;
		text_set(&entry->changed_at, take(value, first));
		if (changes[i].to)
			text_set(changes[i].to, blank ? take(blank + 1, len - first - 1) : (struct safe_text){ 0 });
	}
	if (is_word(line, word_len, "planned"))
		text_set(&entry->planned_at, text_copy(entry->changed_at));
}

bool journal_parse(const char *bytes, size_t len, struct journal_entry *ret)
{
	const size_t magic_len = sizeof(magic) - 1;
	const char *end = bytes + len;
	const char *line = bytes + magic_len + 1;

	memset(ret, 0, sizeof(*ret));
	if (len <= magic_len || memcmp(bytes, magic, magic_len) != 0 || bytes[magic_len] != '\n')
		return false;
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		if (!newline)
			break; /* torn by a crash: as if it had not been written */
		parse_line(ret, line, (size_t)(newline - line));
		line = newline + 1;
	}
	return true;
}

/* Owned by the caller; NULL where it is no file of ours, or cannot be read. */
static char *read_bytes(int fd, size_t *ret_len, struct err *err)
{
	struct stat st;
	char *bytes;
	ssize_t n = 1;

	*ret_len = 0;
	if (fstat(fd, &st) < 0) {
		err_set_errno(err, errno, "%s", _("cannot read it"));
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > JOURNAL_FILE_MAX) {
		err_set(err, ERR_SYSTEM, "%s",
			S_ISREG(st.st_mode) ? _("it is larger than a journal can be") : _("it is not a regular file"));
		return NULL;
	}
	bytes = mem_zalloc((size_t)st.st_size);
	while (*ret_len < (size_t)st.st_size && (n > 0 || (n < 0 && errno == EINTR))) {
		n = read(fd, bytes + *ret_len, (size_t)st.st_size - *ret_len);
		*ret_len += n > 0 ? (size_t)n : 0;
	}
	if (n >= 0)
		return bytes;
	err_set_errno(err, errno, "%s", _("cannot read it"));
	free(bytes);
	return NULL;
}

/* False: it ended meanwhile, and there is no file any more. */
static bool read_entry(int dir_fd, const char *folder, const char *id, struct journal_entry *ret)
{
	int fd = openat(dir_fd, id, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct err err = { 0 };
	char *bytes = NULL, *path;
	size_t len = 0;

	if (fd < 0 && errno == ENOENT)
		return false;
	memset(ret, 0, sizeof(*ret));
	if (fd < 0)
		err_set_errno(&err, errno, "%s", _("cannot open it"));
	else
		bytes = read_bytes(fd, &len, &err);
	if (bytes && journal_parse(bytes, len, ret))
		ret->alive = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	else if (bytes)
		err_set(&err, ERR_SYSTEM, "%s", _("not a journal of this version"));
	if (err.kind != ERR_NONE) {
		path = state_dir_path(folder, id);
		ret->state = JOURNAL_UNREADABLE;
		ret->outcome = text_format("%s: %s", path, text_str(err_text(&err)));
		free(path);
	}
	free(bytes);
	ret->id = mem_strdup(id);
	if (fd >= 0)
		close(fd);
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct journal_entry *x = a, *y = b;

	return strcmp(y->id, x->id);
}

bool journal_read_all(bool is_simulated, struct journal_entries *ret, size_t *ret_unreadable, struct err *err)
{
	struct err why;
	int dir_fd = state_dir_open(folder_of(is_simulated), false, &why);
	struct dirent *item;
	DIR *dir;

	memset(ret, 0, sizeof(*ret));
	*ret_unreadable = 0;
	if (dir_fd < 0 && errno == ENOENT)
		return true; /* no task was ever started */
	if (dir_fd < 0)
		return err_set(err, why.kind, "%s", text_str(err_text(&why)));
	dir = fdopendir(dir_fd);
	if (!dir) {
		close(dir_fd);
		return err_set_errno(err, errno, _("cannot read the task journal"));
	}
	while ((item = readdir(dir))) {
		struct journal_entry entry;

		if (!journal_id_is_valid(item->d_name))
			continue;
		if (!read_entry(dir_fd, folder_of(is_simulated), item->d_name, &entry))
			continue;
		*VEC_PUSH(ret) = entry;
		*ret_unreadable += entry.state == JOURNAL_UNREADABLE;
	}
	closedir(dir);
	if (ret->count)
		qsort(ret->at, ret->count, sizeof(*ret->at), newest_first);
	return true;
}

void journal_entry_free(struct journal_entry *entry)
{
	struct safe_text *const texts[] = { &entry->operation,  &entry->host,       &entry->uri,   &entry->vm,
					    &entry->uuid,       &entry->by,         &entry->what,  &entry->outcome,
					    &entry->planned_at, &entry->changed_at, &entry->reason };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		text_free(texts[i]);
	for (size_t i = 0; i < entry->sessions.count; i++) {
		text_free(&entry->sessions.at[i].id);
		text_free(&entry->sessions.at[i].user);
	}
	VEC_FREE(&entry->sessions);
	for (size_t i = 0; i < entry->sends.count; i++)
		text_free(&entry->sends.at[i]);
	VEC_FREE(&entry->sends);
	free(entry->id);
}

bool journal_entry_sent(const struct journal_entry *entry, const char *what)
{
	for (size_t i = 0; i < entry->sends.count; i++)
		if (strncmp(text_str(entry->sends.at[i]), what, strlen(what)) == 0)
			return true;
	return false;
}

void journal_entries_free(struct journal_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		journal_entry_free(&entries->at[i]);
	VEC_FREE(entries);
}

const char *journal_command(bool is_simulated)
{
	return is_simulated ? "innkeeper --demo tasks" : "innkeeper tasks";
}

bool journal_forget(bool is_simulated, const char *id, struct err *err)
{
	int dir_fd;
	bool ok;

	if (!journal_id_is_valid(id))
		return err_set(err, ERR_USAGE, _("invalid task id '%s'; list them with: %s"), id,
			       journal_command(is_simulated));
	dir_fd = state_dir_open(folder_of(is_simulated), false, err);
	ok = dir_fd >= 0 && unlinkat(dir_fd, id, 0) == 0;
	if (!ok && errno == ENOENT)
		err_set(err, ERR_USAGE, _("no task '%s' in the journal; list them with: %s"), id,
			journal_command(is_simulated));
	else if (dir_fd >= 0 && !ok)
		err_set_errno(err, errno, _("cannot forget task %s"), id);
	if (dir_fd >= 0)
		close(dir_fd);
	return ok;
}

const char *journal_state_name(enum journal_state state)
{
	static const char *const names[] = {
		[JOURNAL_NOT_SENT] = "not sent", [JOURNAL_UNKNOWN] = "unknown",       [JOURNAL_SENT] = "sent",
		[JOURNAL_DONE] = "done",         [JOURNAL_UNREADABLE] = "unreadable",
	};

	return names[state];
}
