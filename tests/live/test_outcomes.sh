#!/usr/bin/env bash
# Every other outcome of the contract, each on a guest that is so. What a guest's agent was told is counted
# inside the guest: nothing that may have been carried out is ever sent a second time.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

# VM ENDS-WITH ERROR [OPTION...]
a_log_off_fails_helper()
{
	local guest=$1 exit=$2 error=$3
	shift 3
	logoff "$guest" "$@"
	ends_with "$exit"
	says ".[0] | .complete and .error_name == \"$error\" and (.error_description | length > 20)"
}

a_vm_that_is_off_is_said_to_be_not_running()
{
	a_log_off_fails_helper off 4 VM_E_VM_NOT_RUNNING
}

a_paused_vm_is_said_to_be_paused()
{
	a_log_off_fails_helper paused 4 VM_E_VM_PAUSED
}

a_vm_that_does_not_exist_is_unknown()
{
	innkeeper logoff --yes --json no-such-vm
	ends_with 3
}

a_vm_without_the_channel_lacks_the_feature()
{
	a_log_off_fails_helper no-channel 5 VM_E_ADDITIONS_FEATURE_NOT_AVAIL
}

a_vm_without_an_agent_lacks_the_agent()
{
	a_log_off_fails_helper no-agent 5 VM_E_ADDITIONS_NOT_AVAIL
}

an_agent_that_refuses_guest_exec_lacks_the_feature()
{
	guest_is_up blocked
	a_log_off_fails_helper blocked 5 VM_E_ADDITIONS_FEATURE_NOT_AVAIL
	is_told_times blocked ENDS-A-SESSION 0
}

an_agent_too_old_for_guest_exec_lacks_the_feature()
{
	guest_is_up old
	a_log_off_fails_helper old 5 VM_E_ADDITIONS_FEATURE_NOT_AVAIL
}

a_frozen_guest_is_told_nothing()
{
	guest_is_up frozen
	a_log_off_fails_helper frozen 5 VM_E_ADDITIONS_FEATURE_NOT_AVAIL
	is_told_times frozen 'guest-exec ' 0
}

a_guest_where_nobody_is_logged_on_ends_neutrally()
{
	guest_is_up nobody
	logoff nobody
	ends_with 8
	says '.[0] | .error_name == "ERROR_NO_SUCH_LOGON_SESSION" and .result == 0'
}

an_agent_that_never_answers_times_out()
{
	guest_is_up mute
	a_log_off_fails_helper mute 7 VM_E_TIMED_OUT --timeout 20
}

an_agent_that_syncs_and_then_stalls_times_out()
{
	guest_is_up stall
	a_log_off_fails_helper stall 7 VM_E_TIMED_OUT --timeout 20
}

an_agent_that_stalls_when_told_to_end_a_session_is_told_once()
{
	anew stall-at-end
	a_log_off_fails_helper stall-at-end 7 VM_E_TIMED_OUT --timeout 30
	is_told_times stall-at-end ENDS-A-SESSION 1
	is_told_times stall-at-end '^ended' 0
}

a_session_that_ended_though_the_answer_was_lost_counts_as_ended_and_is_told_once()
{
	anew lose-answer
	logoff lose-answer --timeout 60
	ends_with 0
	says '.[0] | .sessions_before == 1 and .sessions_after == 0'
	is_told_times lose-answer ENDS-A-SESSION 1
	is_told_times lose-answer '^ended' 1
}

# Told once at the most, and done only where the guest itself says that it ended.
is_honest_helper()
{
	local guest=$1 told ended
	told=$(count_told "$guest" ENDS-A-SESSION)
	ended=$(count_told "$guest" '^ended')
	says '.[0].complete'
	[ "$told" -le 1 ] || wrong "$guest was told $told times"
	[ "$status" != 0 ] || [ "$ended" = 1 ] || wrong "it is said to be done, and in $guest nobody was logged off"
}

no_ones_answer_is_shown_for_another_vm()
{
	lab fresh twice mixed late
	for _ in 1 2 3; do
		innkeeper users twice mixed late --json
		says 'all(.[]; .user == null or .user == ({twice: "tom", mixed: "mia", late: "lea"}[.vm]))'
	done
	says 'any(.[]; .user == "lea")'
}

an_agent_that_gives_each_answer_twice_is_told_once_and_ends_as_it_is()
{
	guest_is_up twice
	logoff twice --timeout 60
	is_honest_helper twice
}

an_agent_that_answers_with_another_commands_reply_ends_in_an_honest_outcome()
{
	guest_is_up mixed
	logoff mixed --timeout 40
	is_honest_helper mixed
}

an_answer_that_comes_too_late_is_nobodys_and_the_list_decides()
{
	guest_is_up late
	logoff late --timeout 90
	ends_with 0
	is_honest_helper late
	is_told_times late ENDS-A-SESSION 1
}

an_agent_that_says_done_while_its_user_stays_is_not_believed()
{
	guest_is_up lies
	a_log_off_fails_helper lies 7 VM_E_TIMED_OUT --timeout 15
	says '.[0] | (.error_description | contains("carol")) and .sessions_after == 1'
	is_told_times lies ENDS-A-SESSION 1
}

an_agent_that_takes_two_seconds_for_each_answer_is_waited_for()
{
	anew slow
	logoff slow --timeout 120
	ends_with 0
	is_told_times slow '^ended' 1
}

whoever_is_logged_on_again_at_once_does_not_count_as_left_behind()
{
	anew return
	logoff return --timeout 60
	ends_with 0
	is_told_times return '^ended' 1
}

an_agent_that_talks_no_json_ends_in_an_error_with_words()
{
	anew garbage
	logoff garbage --timeout 20
	says '.[0] | .complete and .result != 0 and (.error_description | length > 20)'
	is_harmless "$work/out"
	is_harmless "$work/err"
}

an_agent_that_floods_the_host_ends_in_an_error_with_words()
{
	anew huge
	logoff huge --timeout 20
	says '.[0] | .complete and .result != 0 and (.error_description | length > 20)'
}

an_agent_that_comes_and_goes_ends_in_an_outcome()
{
	guest_is_up flap
	logoff flap --timeout 20
	says '.[0] | .complete'
}

a_crowd_is_listed_without_end_of_memory_or_patience()
{
	guest_is_up many
	innkeeper users many --json
	ends_with 0
	says 'length > 10'
}

run_cases
