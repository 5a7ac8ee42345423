/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Windows: quser's words are localised and its columns shift, and Home editions lack it; WTSEnumerateSessionsW and
 * WTSLogoffSession are everywhere, called from PowerShell 2 and later (learn.microsoft.com, wtsapi32.h). Where policy
 * forbids that (Constrained Language Mode) explorer.exe's owners are listed, and logoff.exe ends them. The
 * first line of each script says what it does: "# innkeeper list", "# innkeeper end 3", "# innkeeper disconnect 3",
 * "# innkeeper warn". Ids are used again, so a script compares the user before it acts on a session; logoff.exe cannot,
 * and gets ids of a fresh list. This was never run on a real Windows guest, only against a simulation.
 */
#include "backend/guest/session_query.h"
#include "backend/guest/session_usage.h"
#include "base/base64.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

/* A cold PowerShell on a busy guest. */
enum { POWERSHELL_TIMEOUT_MS = 60000 };

#define NATIVE(name)     "C:\\Windows\\System32\\" name
#define REDIRECTED(name) "C:\\Windows\\Sysnative\\" name

/*
 * PowerShell 2 has to understand it all, and `catch` has to work where no method may be called (Constrained Language
 * Mode), so there the fall-back prints plain properties. Add-Type would start the C# compiler, which leaves a DLL in
 * %TEMP%: the functions are declared in memory (learn.microsoft.com: AssemblyBuilder, CustomAttributeBuilder,
 * DllImportAttribute). No quotation marks: the agent and PowerShell need not agree on how to escape them. Names travel
 * as base64 of UTF-8, because the console's code page is anything.
 */
static const char wts_types[] =
	"$ErrorActionPreference='Stop'\n"
	"try{$t=[AppDomain]::CurrentDomain.DefineDynamicAssembly((New-Object Reflection.AssemblyName "
	"'innkeeper'),'Run')"
	".DefineDynamicModule('innkeeper').DefineType('WTS','Public')\n"
	"$h=[IntPtr];$hr=$h.MakeByRefType();$n=[int];$nr=$n.MakeByRefType()\n"
	"function D($name,$returns,$types){$a=[Runtime.InteropServices.DllImportAttribute]\n"
	"$m=$t.DefineMethod($name,'Public,Static,PinvokeImpl',$returns,[Type[]]$types)\n"
	"$m.SetCustomAttribute((New-Object Reflection.Emit.CustomAttributeBuilder($a.GetConstructor([string]),"
	"[Object[]]@('wtsapi32.dll'),[Reflection.FieldInfo[]]@($a.GetField('SetLastError'),$a.GetField('CharSet')),"
	"[Object[]]@($true,[Runtime.InteropServices.CharSet]::Unicode))))}\n"
	"D WTSEnumerateSessionsW ([bool]) ($h,$n,$n,$hr,$nr)\n"
	"D WTSFreeMemory ([void]) (,$h)\n"
	"D WTSQuerySessionInformationW ([bool]) ($h,$n,$n,$hr,$nr)\n"
	"D WTSLogoffSession ([bool]) ($h,$n,[bool])\n"
	"D WTSDisconnectSession ([bool]) ($h,$n,[bool])\n"
	"D WTSSendMessageW ([bool]) ($h,$n,[string],$n,[string],$n,$n,$n,$nr,[bool])\n"
	"$api=$t.CreateType()}catch{'R';";
static const char wts_ready[] = "}\n$mar=[Runtime.InteropServices.Marshal];$nul=[IntPtr]::Zero\n";

static const char explorer_owners[] = "Get-Process explorer -IncludeUserName -ErrorAction SilentlyContinue|"
				      "ForEach-Object{'E '+$_.SessionId+' '+$_.UserName};'Z';exit 0";

/* Nothing where it fails, with the error in $z: 2 and 7022 are that there is no such session (any more). */
static const char wts_query[] = "function Q($id,$class){$q=$nul;$n=0;$global:z=0\n"
				"if($api::WTSQuerySessionInformationW($nul,$id,$class,[ref]$q,[ref]$n)){"
				"$t=$mar::PtrToStringUni($q);$api::WTSFreeMemory($q);$t}"
				"else{$global:z=$mar::GetLastWin32Error()}}\n";

/*
 * struct WTS_SESSION_INFOW is {int id; pointer name; int state} padded to three pointers. Id 65536 is the listener.
 * A session with somebody in it, active or disconnected, whose name cannot be had is counted: "U <id>".
 */
static const char wts_loop[] =
	"$p=$nul;$c=0;$w=[IntPtr]::Size\n"
	"if(-not $api::WTSEnumerateSessionsW($nul,0,1,[ref]$p,[ref]$c)){'F '+$mar::GetLastWin32Error();exit 3}\n"
	"for($j=0;$j -lt $c;$j++){$e=[IntPtr]($p.ToInt64()+$j*3*$w)\n"
	"$i=$mar::ReadInt32($e);$s=$mar::ReadInt32($e,2*$w)\n"
	"if($i -le 0 -or $i -ge 65536){continue}\n"
	"$u=Q $i 5;if(-not $u){if($z -and $z -ne 2 -and $z -ne 7022 -and ($s -eq 0 -or $s -eq 4)){'U '+$i};"
	"continue}\n";

/*
 * WTSINFOEX: level, then at offset 8 {id, state, flags}; flags 0 is locked and 1 is not, but the other way
 * round in Windows 7 and 2008 R2 (Microsoft's own note on WTSINFOEX_LEVEL1). Told of active sessions alone:
 * a disconnected one has nobody in front of it who could have locked it. Of its times (100 ns since 1601; 0: never)
 * LogonTime is at 168, DisconnectTime at 184, LastInputTime at 192 and CurrentTime at 200. The console's last input
 * may be 0, or always now, and is then no input that was seen.
 */
static const char wts_print[] =
	"$l='-';$k='- - -';$q=$nul;$n=0\n"
	"if($api::WTSQuerySessionInformationW($nul,$i,25,[ref]$q,[ref]$n)){"
	"$f=$mar::ReadInt32($q,16);if($n -ge 208){$t=168,184,192,200|ForEach-Object{$mar::ReadInt64($q,$_)}\n"
	"$b=116444736000000000;$now=$t[3];$on='-';$off='-';$idle='-'\n"
	"if($t[0] -gt $b){$on=[Int64](($t[0]-$b)/1e7)}\n"
	"if($s -eq 4 -and $t[1] -gt $b){$off=[Int64](($now-$t[1])/1e7);"
	"if($t[2] -le 0){$t[2]=$t[1]}}\n"
	"if($t[2] -gt 0 -and $t[2] -lt $now){$idle=[Int64](($now-$t[2])/1e7)}\n"
	"$k=''+$on+' '+$idle+' '+$off}\n"
	"$api::WTSFreeMemory($q)\n"
	"$v=[Environment]::OSVersion.Version;if($v.Major -eq 6 -and $v.Minor -eq 1){$f=1-$f}\n"
	"if($s -eq 0 -and $f -eq 0){$l='1'}elseif($s -eq 0 -and $f -eq 1){$l='0'}}\n"
	"$d=Q $i 7;'S '+$i+' '+$s+' '+[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes(''+$d+'\\'+$u))+' "
	"'+$l+' '+$k}\n"
	"'Z'\n";

/* script: taken over. A command has no file, so the execution policy does not apply to it. */
static void powershell_program(struct session_program *ret, enum backend_intent intent, char *script)
{
	static const char *const args[] = { "-NoLogo", "-NoProfile", "-NonInteractive", "-Command" };

	session_program_describe(ret, "powershell.exe", NULL, intent, POWERSHELL_TIMEOUT_MS);
	memcpy(ret->args, args, sizeof(args));
	ret->owned = script;
	ret->args[ARRAY_SIZE(args)] = script;
}

static bool is_session_number(const char *id)
{
	size_t digits = strspn(id, "0123456789");

	return !id[digits] && digits > 0 && digits <= 5 && *id != '0' && strtol(id, NULL, 10) < 65536;
}

/*
 * --- the list script prints: "S <id> <state> <base64 of domain\user> <locked: 0 1 -> <logged on> <idle>
 * <disconnected>", times in seconds or "-"; "E <id> <owner>", "R" where types may not be added, "U <id>", and "Z" at
 * its end ---
 */

static const char *const wts_states[] = { "active", "connected", "connect-query", "shadow", "disconnected",
					  "idle",   "listen",    "reset",         "down",   "init" };
enum { WTS_DISCONNECTED = 4 };

struct word {
	const char *at;
	size_t len;
};

static struct word next_word(const char **at, const char *end)
{
	struct word word = { *at, 0 };

	while (word.at < end && *word.at == ' ')
		word.at++;
	while (word.at + word.len < end && word.at[word.len] != ' ')
		word.len++;
	*at = word.at + word.len;
	return word;
}

/* -1: no number. */
static int64_t number_of(struct word word)
{
	int64_t number = word.len ? 0 : -1;

	for (size_t i = 0; i < word.len && number >= 0; i++)
		number = isdigit((unsigned char)word.at[i]) && i < 15 ? number * 10 + (word.at[i] - '0') : -1;
	return number;
}

static void set_owner(struct session *session, const char *name, size_t len)
{
	const char *backslash = len ? memchr(name, '\\', len) : NULL;
	const size_t domain_len = backslash ? (size_t)(backslash - name) : 0;
	const size_t skip = backslash ? domain_len + 1 : 0;

	session->domain = text_sanitize(name, domain_len, TEXT_CAP_USER);
	session->user = text_sanitize(name + skip, len - skip, TEXT_CAP_USER);
	session->class_name = text_format("user");
}

/* False: no id. *ret: a place for it, NULL where the list has it, or is full. */
static bool add_session(struct session_list *list, struct word word, struct session **ret)
{
	char id[SESSION_ID_SIZE] = "";

	memcpy(id, word.at, MIN(word.len, sizeof(id) - 1));
	if (word.len >= sizeof(id) || !is_session_number(id))
		return false;
	*ret = session_list_find(list, id) ? NULL : sessions_add(list);
	if (*ret)
		memcpy((*ret)->id, id, sizeof(id));
	return true;
}

static bool parse_session(const char *at, const char *end, struct session_list *list)
{
	const struct word id = next_word(&at, end), state = next_word(&at, end), owner = next_word(&at, end),
			  locked = next_word(&at, end), since = next_word(&at, end), idle = next_word(&at, end),
			  disconnected = next_word(&at, end);
	struct session *session;
	size_t name_len;
	char *name;
	bool cut;

	if (!add_session(list, id, &session) || state.len != 1 || !isdigit((unsigned char)*state.at) || !owner.len ||
	    !base64_decode(owner.at, owner.len, 2 * TEXT_CAP_USER, &name, &name_len, &cut))
		return false;
	if (session) {
		set_owner(session, name, name_len);
		session->account = text_sanitize(owner.at, owner.len, TEXT_CAP_LINE);
		session->state = text_format("%s", wts_states[*state.at - '0']);
		session->disconnected = *state.at - '0' == WTS_DISCONNECTED;
		session->locked = locked.len == 1 && *locked.at == '1';
		session->login_time = number_of(since);
		session->idle_s = number_of(idle);
		session->disconnected_s = session->disconnected ? number_of(disconnected) : -1;
	}
	free(name);
	return true;
}

static bool parse_explorer(const char *at, const char *end, struct session_list *list)
{
	const struct word id = next_word(&at, end);
	struct session *session;

	if (!add_session(list, id, &session))
		return false;
	while (at < end && *at == ' ')
		at++;
	if (session)
		set_owner(session, at, (size_t)(end - at));
	return true;
}

bool sessions_parse_wts(const char *out, size_t len, bool cut, struct session_list *list, bool *ret_refused,
			struct err *err)
{
	const char *at = out, *end = out + len, *line;
	bool ended = false;
	size_t line_len;

	*ret_refused = false;
	while (sessions_next_line(&at, end, &line, &line_len)) {
		const char kind = line_len == 1 || (line_len > 2 && line[1] == ' ') ? *line : '\0';
		const bool is_row = line_len > 2;

		*ret_refused |= !is_row && kind == 'R';
		ended |= !is_row && kind == 'Z';
		list->more += is_row && kind == 'U';
		/* What else PowerShell or a profile printed says nothing about sessions. */
		if (is_row && ((kind == 'S' && !parse_session(line + 2, line + line_len, list)) ||
			       (kind == 'E' && !parse_explorer(line + 2, line + line_len, list))))
			return err_set(err, ERR_AGENT_BROKEN, "%s", _("invalid session list of the guest"));
	}
	list->more += cut;
	return ended || cut || err_set(err, ERR_AGENT_BROKEN, "%s", _("the guest's session list breaks off"));
}

/* --- listing --- */

void wts_list_program(struct session_program *ret)
{
	powershell_program(ret, BACKEND_LOOKS,
			   mem_printf("# innkeeper list\n%s%s%s%s%s%s", wts_types, explorer_owners, wts_ready,
				      wts_query, wts_loop, wts_print));
}

/* --- what sessions use --- */

static void windows_tell_usage(struct session_program *ret)
{
	powershell_program(ret, BACKEND_LOOKS,
			   mem_strdup("# innkeeper usage\n"
				      "Get-Process|Group-Object SessionId|ForEach-Object{$c=0;$m=0\n"
				      "foreach($p in $_.Group){$c+=$p.CPU;$m+=$p.WorkingSet64}\n"
				      "\"P $($_.Name) $([Int64]$c) $([Int64]($m/1024))\"}\n'Z'\n"));
	ret->says = "Z";
}

enum { PART_WTS, PART_CONFIRM }; /* of its list(): the script, and where that may not ask WTS, guest-get-users */

/*
 * The owners of explorer.exe are no list of who is on: it may have crashed, or ended before its session. But the agent
 * itself asks WTS for the names of all users (qga/commands-win32.c). Where that fails it says that there are none, so
 * its list counts only where it has named somebody before, and names everybody whom explorer.exe shows.
 */
static enum query_outcome confirm_by_users(struct session_query *query, const struct agent_target *target,
					   struct err *err)
{
	struct session_list *list = &query->list;
	bool all_named = true, found;
	struct agent_users users;

	if (!agent_users(target, &users, err)) {
		if (!agent_err_is_refusal(err))
			return QUERY_FAILED;
		*err = (struct err){ 0 };
		return session_query_done(query, FAMILY_WINDOWS, false);
	}
	query->profile->names_people |= users.count > 0;
	for (size_t i = 0; i < list->count; i++) {
		found = false;
		for (size_t k = 0; k < users.count && !found; k++)
			found = strcasecmp(text_str(users.at[k].name), text_str(list->at[i].user)) == 0;
		all_named &= found;
	}
	for (size_t i = 0; i < users.count; i++) {
		found = false;
		for (size_t k = 0; k < list->count && !found; k++)
			found = strcasecmp(text_str(users.at[i].name), text_str(list->at[k].user)) == 0;
		if (!found)
			sessions_add_user(list, &users.at[i]);
	}
	list->more += users.more;
	agent_users_free(&users);
	return session_query_done(query, FAMILY_WINDOWS, query->profile->names_people && all_named);
}

static enum query_outcome windows_list(struct session_query *query, const struct agent_target *target,
				       int64_t *ret_wait_ms, struct err *err)
{
	const struct agent_output *output = &query->program.run.output;
	enum query_outcome outcome;

	if (query->part == PART_CONFIRM)
		return confirm_by_users(query, target, err);
	if (!query->program.running)
		wts_list_program(&query->program);
	outcome = session_query_run(query, target, ret_wait_ms, err);
	if (outcome == QUERY_FAILED && session_query_is_not_found(query, err))
		return session_query_try_next(query);
	if (outcome != QUERY_DONE)
		return outcome;
	if (!sessions_parse_wts(output->out, session_query_whole_lines(query), output->truncated, &query->list,
				&query->profile->no_wts, err))
		return QUERY_FAILED;
	if (query->profile->no_wts && query->profile->capabilities.get_users)
		return session_query_go_on(query, PART_CONFIRM);
	return session_query_done(query, FAMILY_WINDOWS, !query->profile->no_wts);
}

/* --- acting --- */

/* Between the list and now the id may have become somebody else's. */
static void act_on_session(struct session_program *ret, const struct session *session, const char *word,
			   const char *function)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
	const char *id = session->id, *told = text_str(session->account);
	char *name, *account;

	if (*told && !told[strspn(told, digits)]) {
		account = mem_strdup(told);
	} else { /* another list showed it */
		name = mem_printf("%s\\%s", text_str(session->domain), text_str(session->user));
		account = base64_encode(name, strlen(name));
		free(name);
	}
	powershell_program(ret, BACKEND_ACTS,
			   mem_printf("# innkeeper %s %s\n$x='%s'\n%sexit 5%s%s"
				      "$u=Q %s 5;$d=Q %s 7\n"
				      "if(-not $u -or [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("
				      "''+$d+'\\'+$u)) -cne $x){'O %s';exit 6}\n"
				      "if($api::%s($nul,%s,$false)){'L %s ok';exit 0}\n"
				      "$c=$mar::GetLastWin32Error()\n"
				      "if($c -eq 5){'Access denied'}else{'%s: error '+$c}\nexit 4\n",
				      word, id, account, wts_types, wts_ready, wts_query, id, id, id, function, id, id,
				      function));
	snprintf(ret->id, sizeof(ret->id), "L %.5s ok", id);
	ret->says = ret->id;
	ret->exit_not_theirs = 6;
	free(account);
}

static void native_program(struct session_program *ret, const struct guest_profile *profile, const char *native,
			   const char *redirected, enum backend_intent intent)
{
	session_program_describe(ret, profile->sysnative ? redirected : native, NULL, intent, AGENT_EXEC_TIMEOUT_MS);
}

static bool windows_end(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
			bool force, struct err *err)
{
	if (force)
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("Windows has no stronger means: its log-off already ends programs"));
	if (!profile->no_wts) {
		act_on_session(ret, session, "end", "WTSLogoffSession");
		return true;
	}
	native_program(ret, profile, NATIVE("logoff.exe"), REDIRECTED("logoff.exe"), BACKEND_ACTS);
	ret->args[0] = session_program_keep(ret, session->id);
	return true;
}

static void windows_warn(struct session_program *ret, const struct guest_profile *profile, const char *text,
			 int seconds)
{
	if (!profile->no_wts) {
		/* The text goes in as base64: nothing in it can end a quotation. 0x30 is MB_ICONWARNING. */
		char *message = base64_encode(text, strlen(text));

		powershell_program(ret, BACKEND_ACTS,
				   mem_printf("# innkeeper warn\n%sexit 5%s"
					      "$m=[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('%s'))\n"
					      "$f=0\n%s%s$r=0;if(-not $api::WTSSendMessageW($nul,$i,$env:COMPUTERNAME,"
					      "2*$env:COMPUTERNAME.Length,$m,2*$m.Length,0x30,%d,[ref]$r,$false)){"
					      "$z=$mar::GetLastWin32Error();if($z -ne 2 -and $z -ne 7022){$f=$z}}}\n"
					      "if($f){'WTSSendMessage: error '+$f;exit 4}\n'W'\n",
					      wts_types, wts_ready, message, wts_query, wts_loop, seconds));
		ret->says = "W";
		free(message);
		return;
	}
	native_program(ret, profile, NATIVE("msg.exe"), REDIRECTED("msg.exe"), BACKEND_ACTS);
	ret->owned = mem_strdup(text);
	snprintf(ret->id, sizeof(ret->id), "/time:%d", seconds);
	ret->args[0] = "*";
	ret->args[1] = ret->id;
	ret->args[2] = ret->owned;
}

static void windows_disconnect(struct session_program *ret, const struct guest_profile *profile,
			       const struct session *session)
{
	if (!profile->no_wts) {
		act_on_session(ret, session, "disconnect", "WTSDisconnectSession");
		return;
	}
	native_program(ret, profile, NATIVE("tsdiscon.exe"), REDIRECTED("tsdiscon.exe"), BACKEND_ACTS);
	ret->args[0] = session_program_keep(ret, session->id);
}

/* Session hosts alone have it (learn.microsoft.com, change logon). */
static void windows_read_logins(struct session_program *ret, const struct guest_profile *profile)
{
	native_program(ret, profile, NATIVE("chglogon.exe"), REDIRECTED("chglogon.exe"), BACKEND_LOOKS);
	ret->args[0] = "/query";
}

static void windows_change_logins(struct session_program *ret, const struct guest_profile *profile,
				  enum guest_logins_change change, const char *message)
{
	static const char *const modes[] = { [LOGINS_ENABLE] = "/enable",
					     [LOGINS_DISABLE] = "/drain",
					     [LOGINS_DISABLE_UNTIL_RESTART] = "/drainuntilrestart" };

	(void)message;
	native_program(ret, profile, NATIVE("chglogon.exe"), REDIRECTED("chglogon.exe"), BACKEND_ACTS);
	ret->args[0] = modes[change];
}

/* Windows' name is not localised. Its desktop editions have chglogon.exe, too, and it fails there. */
static void windows_explain_logins(const struct guest_profile *profile, struct err *err)
{
	const char *name = text_str(profile->os.pretty_name);
	const bool is_missing = agent_err_is_missing_program(err);
	struct safe_text why;

	if (!is_missing && err->kind != ERR_UNEXPECTED)
		return;
	why = text_copy(err_text(err));
	if (is_missing || (*name && !strstr(name, "Server")))
		err_set(err, ERR_UNSUPPORTED,
			_("logins on %s cannot be disabled or enabled: only session hosts (Windows Server) support it; "
			  "log off its users and shut it down, or deny logons in the guest (%s)"),
			*name ? name : "Windows", text_str(why));
	else
		err_set(err, ERR_UNEXPECTED,
			_("Windows did not change its logon mode; check in the guest, as administrator: change logon "
			  "/query (%s)"),
			text_str(why));
	text_free(&why);
}

/* The words of change.exe are localised, so whether a Windows is drained cannot be read. */
const struct guest_os guest_os_windows = {
	.os_id = "mswindows",
	.logoff_timeout_s = 120,
	.list_old_ms = 5000,
	.agent_names_users = true,
	.has_sysnative = true,
	.compare_users = strcasecmp,
	.id_is_valid = is_session_number,
	.not_found =
		N_("the guest has none of loginctl, who and PowerShell, so its sessions cannot be listed or ended"),
	.tell_usage = windows_tell_usage,
	.parse_usage = usage_parse_windows,
	.list = windows_list,
	.end = windows_end,
	.warn = windows_warn,
	.no_lock =
		N_("Windows sessions cannot be locked from outside; disconnect them instead, which locks them as well"),
	.disconnect = windows_disconnect,
	.read_logins = windows_read_logins,
	.change_logins = windows_change_logins,
	.explain_logins = windows_explain_logins,
};
