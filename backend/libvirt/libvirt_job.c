/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host is at with a domain: how far it is, and that it shall stop. */
#include "backend/libvirt/libvirt_error.h"
#include "backend/libvirt/libvirt_calls.h"

#include <libvirt/virterror.h>

static int operation_in(virTypedParameterPtr params, int count)
{
	int operation = VIR_DOMAIN_JOB_OPERATION_UNKNOWN;

	virTypedParamsGetInt(params, count, VIR_DOMAIN_JOB_OPERATION, &operation);
	return operation;
}

/* A migration, or a backup of somebody else's, says nothing about our task. */
static bool is_of_ours(virTypedParameterPtr params, int count)
{
	switch (operation_in(params, count)) {
	case VIR_DOMAIN_JOB_OPERATION_SAVE:
	case VIR_DOMAIN_JOB_OPERATION_SNAPSHOT:
	case VIR_DOMAIN_JOB_OPERATION_SNAPSHOT_REVERT:
		return true;
	default:
		return false;
	}
}

static int percent_in(virTypedParameterPtr params, int count)
{
	unsigned long long total = 0, left = 0;

	if (!is_of_ours(params, count) ||
	    virTypedParamsGetULLong(params, count, VIR_DOMAIN_JOB_DATA_TOTAL, &total) != 1 || !total ||
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
		libvirt_err_last(conn, err);
	virTypedParamsFree(params, count);
	virDomainFree(dom);
	return ok;
}

/* What waits for another one's migration must not end that. */
static bool is_saving(virDomainPtr dom, struct err *err)
{
	int type = VIR_DOMAIN_JOB_NONE, count = 0, operation;
	virConnectPtr conn = virDomainGetConnect(dom);
	virTypedParameterPtr params = NULL;

	if (virDomainGetJobStats(dom, &type, &params, &count, 0) != 0)
		return libvirt_err_last(conn, err);
	operation = type == VIR_DOMAIN_JOB_NONE ? VIR_DOMAIN_JOB_OPERATION_UNKNOWN : operation_in(params, count);
	virTypedParamsFree(params, count);
	return operation == VIR_DOMAIN_JOB_OPERATION_SAVE ||
	       err_set(err, ERR_BUSY, _("the host is not at what was asked for, so there is nothing to stop"));
}

bool libvirt_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err)
{
	virDomainPtr dom = libvirt_slot_domain_to_change(be, slot, uuid, err);
	virConnectPtr conn;
	bool ok;

	if (!dom)
		return false;
	conn = virDomainGetConnect(dom);
	ok = is_saving(dom, err);
	if (ok && virDomainAbortJob(dom) != 0)
		ok = libvirt_err_last(conn, err);
	virDomainFree(dom);
	return ok;
}
