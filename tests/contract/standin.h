/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * standin.h - stands in for libvirt's agent channel: what the libvirt backend sends goes to the scripted guest of
 * logoff_run.h, and what goes wrong there comes back as libvirt words it: code, text, and the time that it takes.
 *
 * standin_operation: what the host is at with the domain, as virDomainGetJobStats() tells; standin_aborts counts.
 *
 * Linked with --wrap of virDomainQemuAgentCommand, virSaveLastError, virConnectGetLibVersion, virDomainGetState,
 * virDomainGetJobStats, virDomainAbortJob, and virDomainGetXMLDesc (a channel is added, with an agent on it); all other
 * calls are libvirt's own, by its test driver. Clock: the scripted guest's.
 */
#pragma once

enum standin_version {
	STANDIN_9_0,        /* one code for an agent that is not there, is silent, or was told and is silent */
	STANDIN_11_2,       /* tells whether the command was sent */
	STANDIN_9_0_GERMAN, /* the words of libvirt-l10n; one that it lacks is made up */
};

extern enum standin_version standin_version;
extern int standin_operation, standin_aborts; /* operation -1: nothing */
extern int standin_state, standin_reason;     /* virDomainGetState()'s; 0: as it is */
