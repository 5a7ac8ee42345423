/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The job that a host runs with a domain: how far it is, and how it is aborted. */
#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_calls.h"

#include <libvirt/virterror.h>

static int operation_in(virTypedParameterPtr params, int count)
{
	int operation = VIR_DOMAIN_JOB_OPERATION_UNKNOWN;

	virTypedParamsGetInt(params, count, VIR_DOMAIN_JOB_OPERATION, &operation);
	return operation;
}

/* -1 unknown. A migration, or somebody else's backup, says nothing about our task. */
static int percent_in(virTypedParameterPtr params, int count)
{
	const int operation = operation_in(params, count);
	unsigned long long total = 0, left = 0;

	if (operation != VIR_DOMAIN_JOB_OPERATION_SAVE && operation != VIR_DOMAIN_JOB_OPERATION_SNAPSHOT &&
	    operation != VIR_DOMAIN_JOB_OPERATION_SNAPSHOT_REVERT)
		return -1;
	if (virTypedParamsGetULLong(params, count, VIR_DOMAIN_JOB_DATA_TOTAL, &total) != 1 || !total ||
	    virTypedParamsGetULLong(params, count, VIR_DOMAIN_JOB_DATA_REMAINING, &left) != 1 || left > total)
		return -1;
	return (int)(100.0 * (double)(total - left) / (double)total);
}

bool libvirt_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain(be, slot, uuid, err);
	int type = VIR_DOMAIN_JOB_NONE, count = 0;
	virTypedParameterPtr params = NULL;
	virConnectPtr conn;
	bool ok;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	ok = virDomainGetJobStats(dom, &type, &params, &count, 0) == 0;
	if (ok)
		*ret_percent = type == VIR_DOMAIN_JOB_NONE ? -1 : percent_in(params, count);
	else
		domain_err_last(dom, conn, NULL, err);
	virTypedParamsFree(params, count);
	virDomainFree(dom);
	return ok;
}

bool libvirt_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain_to_change(be, slot, uuid, err);
	int type = VIR_DOMAIN_JOB_NONE, count = 0;
	virTypedParameterPtr params = NULL;
	virConnectPtr conn;
	bool ok;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	if (virDomainGetJobStats(dom, &type, &params, &count, 0) != 0)
		ok = domain_err_last(dom, conn, NULL, err);
	else if (type == VIR_DOMAIN_JOB_NONE || operation_in(params, count) != VIR_DOMAIN_JOB_OPERATION_SAVE)
		/* Somebody else's migration is not ours to end. */
		ok = err_set(err, ERR_BUSY, _("the host is not running the requested job; nothing to cancel"));
	else
		ok = virDomainAbortJob(dom) == 0 || domain_err_last(dom, conn, NULL, err);
	virTypedParamsFree(params, count);
	virDomainFree(dom);
	return ok;
}
