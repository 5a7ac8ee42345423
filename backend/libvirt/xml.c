/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/xml.h"

#include "base/utf8.h"
#include "model/tags.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <pthread.h>

#define OSINFO_NAMESPACE "http://libosinfo.org/xmlns/libvirt/domain/1.0"

/* --- reading a document --- */

static void refuse(xmlParserCtxtPtr parser)
{
	parser->wellFormed = 0;
	xmlStopParser(parser);
}

/* libxml2 calls it before it reads what the DOCTYPE declares. libvirt writes none; all it could bring is entities. */
static void on_doctype(void *parser, const xmlChar *name UNUSED, const xmlChar *external_id UNUSED,
		       const xmlChar *system_id UNUSED)
{
	refuse(parser);
}

static void on_start(void *parser, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace,
		     int namespace_count, const xmlChar **namespaces, int attribute_count, int default_count,
		     const xmlChar **attributes)
{
	if (((xmlParserCtxtPtr)parser)->nodeNr == XML_DEPTH_MAX)
		refuse(parser);
	else
		xmlSAX2StartElementNs(parser, name, prefix, namespace, namespace_count, namespaces, attribute_count,
				      default_count, attributes);
}

/* An element without a prefix where namespace is NULL. */
static bool is_element(const xmlNode *node, const char *name, const char *namespace)
{
	const xmlNs *ns = node->ns;

	if (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0)
		return false;
	return namespace ? ns && strcmp((const char *)ns->href, namespace) == 0 : !ns || !ns->prefix;
}

static void document_free(xmlDocPtr *doc)
{
	xmlFreeDoc(*doc); /* NULL is fine */
}

/* NULL: no such document. OWN(document) */
static xmlDocPtr read_document(const char *xml, size_t len, const char *root)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	/* Neither XML_PARSE_NOENT nor _DTDLOAD nor _HUGE: libxml2 fetches nothing, and keeps its own limits, too. */
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
	const char *encoding = "UTF-8";
	xmlParserCtxtPtr parser;
	xmlDocPtr doc;
	uint32_t c;

	for (size_t at = 0, step = 0; at < len; at += step) {
		step = utf8_decode(xml + at, len - at, &c);
		if (step)
			continue;
		/* libvirt passes on a title in any encoding: such a document is read as Latin-1, not refused. */
		encoding = "ISO-8859-1";
		break;
	}
	pthread_once(&once, xmlInitParser);
	parser = len <= XML_SIZE_MAX ? xmlNewParserCtxt() : NULL;
	if (!parser)
		return NULL;
	parser->sax->internalSubset = on_doctype;
	parser->sax->startElementNs = on_start;
	doc = xmlCtxtReadMemory(parser, xml, (int)len, NULL, encoding, options);
	xmlFreeParserCtxt(parser);
	if (!doc || is_element(xmlDocGetRootElement(doc), root, NULL))
		return doc;
	xmlFreeDoc(doc);
	return NULL;
}

/* --- what is in an element; NULL: there is none --- */

static const xmlNode *child(const xmlNode *parent, const char *name, const char *namespace)
{
	const xmlNode *node = parent ? parent->children : NULL;

	while (node && !is_element(node, name, namespace))
		node = node->next;
	return node;
}

/* libxml2's bytes, or the fallback, as bytes of ours. */
static char *take_bytes(xmlChar *bytes, const char *fallback)
{
	char *text = mem_strdup(bytes ? (const char *)bytes : fallback);

	xmlFree(bytes);
	return text;
}

/* Owned; "" where it is not there. */
static char *content(const xmlNode *node)
{
	return take_bytes(node ? xmlNodeGetContent(node) : NULL, "");
}

/* Owned; fallback where it is not there. */
static char *attribute(const xmlNode *node, const char *name, const char *fallback)
{
	return take_bytes(node ? xmlGetNoNsProp(node, BAD_CAST name) : NULL, fallback);
}

static bool attribute_is(const xmlNode *node, const char *name, const char *value)
{
	OWN(bytes) char *found = attribute(node, name, "");

	return strcmp(found, value) == 0;
}

/* Frees the text. -1: no number, or more than max. */
static int64_t take_number(char *bytes, int64_t max)
{
	OWN(bytes) char *text = bytes;
	static const char blank[] = " \t\r\n";
	const char *digits = text + strspn(text, blank);
	long long value;
	char *end;

	errno = 0;
	value = strtoll(digits, &end, 10);
	return *digits < '0' || *digits > '9' || end[strspn(end, blank)] || errno || value > max ? -1 : value;
}

/* --- a domain --- */

/* KiB is also what it means without a unit. */
static int64_t kib_of(const xmlNode *memory)
{
	OWN(bytes) char *unit = attribute(memory, "unit", "KiB");

	return strcmp(unit, "KiB") == 0 ? take_number(content(memory), INT64_MAX / 1024) : -1;
}

/* Owned. */
static struct safe_text text_of(const xmlNode *node, const char *name)
{
	OWN(bytes) char *value = attribute(node, name, "");

	return text_sanitize_str(value, TEXT_CAP_LINE);
}

/* <disk> or <interface>. A source is named by its type: a file, a pool and its volume, a network, a bridge. */
static void read_device(const xmlNode *node, bool is_nic, struct device_list *list)
{
	static const char *const places[] = { "network", "bridge", "file", "dev", "volume", "dir", "name" };
	const xmlNode *source = child(node, "source", NULL), *target = child(node, "target", NULL);
	struct device *device = device_list_add(list);
	OWN(text) struct safe_text front = { 0 }, how = { 0 };
	OWN(bytes) char *mac = NULL;

	if (!device)
		return;
	mac = attribute(child(node, "mac", NULL), "address", "");
	how = is_nic ? text_of(child(node, "model", NULL), "type") : text_of(target, "bus");
	front = text_of(is_nic ? node : source, is_nic ? "type" : "protocol");
	device->is_nic = is_nic;
	mac_read(mac, device->mac);
	device->name = text_of(target, "dev");
	for (size_t i = 0; i < ARRAY_SIZE(places) && text_is_empty(device->source); i++)
		text_set(&device->source, text_of(source, places[i]));
	if (!text_is_empty(front))
		text_set(&device->source, text_format("%s %s", text_str(front), text_str(device->source)));
	text_set(&front, text_of(node, "device"));
	device->model = text_is_empty(front) || attribute_is(node, "device", "disk")
				? text_copy(how)
				: text_format("%s %s", text_str(how), text_str(front));
}

bool xml_read_domain(const char *xml, size_t len, struct vm_info *info)
{
	OWN(document) xmlDocPtr doc = read_document(xml, len, "domain");
	const xmlNode *domain, *devices, *vcpu;
	OWN(bytes) char *title = NULL, *tags = NULL;
	int64_t vcpus;

	if (!doc)
		return false;
	domain = xmlDocGetRootElement(doc);
	devices = child(domain, "devices", NULL);
	vcpu = child(domain, "vcpu", NULL);
	title = content(child(domain, "title", NULL));
	tags = content(child(child(domain, "metadata", NULL), "tags", TAGS_NAMESPACE));
	info->channel = CHANNEL_ABSENT;
	device_list_free(&info->devices);
	for (const xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
		const xmlNode *target = is_element(node, "channel", NULL) ? child(node, "target", NULL) : NULL;

		if (is_element(node, "disk", NULL) || is_element(node, "interface", NULL))
			read_device(node, is_element(node, "interface", NULL), &info->devices);
		if (info->channel != CHANNEL_ABSENT || !attribute_is(target, "type", "virtio") ||
		    !attribute_is(target, "name", "org.qemu.guest_agent.0"))
			continue;
		info->channel = attribute_is(target, "state", "connected") ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED;
	}
	text_set(&info->title, text_sanitize_str(title, TEXT_CAP_NAME));
	text_set(&info->tags, tags_from_outside(tags, strlen(tags)));
	text_set(&info->os_declared,
		 text_of(child(child(child(domain, "metadata", NULL), "libosinfo", OSINFO_NAMESPACE), "os",
			       OSINFO_NAMESPACE),
			 "id"));
	/* Those in use: an attribute, where some are not. */
	vcpus = take_number(attribute(vcpu, "current", ""), INT32_MAX);
	info->vcpus = (int)(vcpus >= 0 ? vcpus : take_number(content(vcpu), INT32_MAX));
	info->memory_kib = kib_of(child(domain, "currentMemory", NULL));
	info->max_memory_kib = kib_of(child(domain, "memory", NULL));
	return true;
}

/* --- a snapshot --- */

bool xml_read_snapshot(const char *xml, size_t len, struct snapshot *snapshot)
{
	/* The states of a VM by libvirt's names; "disk-snapshot" is none. */
	static const enum vm_state states[] = {
		VM_STATE_RUNNING, VM_STATE_PAUSED, VM_STATE_SHUTOFF, VM_STATE_CRASHED, VM_STATE_PMSUSPENDED,
	};
	OWN(document) xmlDocPtr doc = read_document(xml, len, "domainsnapshot");
	const xmlNode *root, *parent_name;
	OWN(bytes) char *description = NULL, *state = NULL;
	size_t line_len;

	if (!doc)
		return false;
	root = xmlDocGetRootElement(doc);
	parent_name = child(child(root, "parent", NULL), "name", NULL);
	/* Several lines become one. */
	description = content(child(root, "description", NULL));
	line_len = strlen(description);
	for (char *blank = description; *(blank += strcspn(blank, "\t\r\n"));)
		*blank = ' ';
	while (line_len && description[line_len - 1] == ' ')
		line_len--;
	text_set(&snapshot->description, text_sanitize(description, line_len, TEXT_CAP_LINE));
	free(snapshot->parent_key);
	snapshot->parent_key = parent_name ? content(parent_name) : NULL;
	snapshot->created = take_number(content(child(root, "creationTime", NULL)), INT64_MAX);
	state = content(child(root, "state", NULL));
	snapshot->state = strcmp(state, "blocked") == 0 ? VM_STATE_IDLE : VM_STATE_UNKNOWN;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (strcmp(state, vm_state_name(states[i])) == 0)
			snapshot->state = states[i];
	snapshot->disks_only = strcmp(state, "disk-snapshot") == 0;
	return true;
}

char *xml_escape(const char *text)
{
	size_t len;
	char *escaped;
	FILE *stream = mem_stream(&escaped, &len);

	for (; *text; text++) {
		if (strchr("<>&\"'", *text))
			fprintf(stream, "&#%d;", *text);
		else
			fputc(*text, stream);
	}
	fclose(stream);
	return escaped;
}
