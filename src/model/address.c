/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/address.h"

#include <arpa/inet.h>
#include <ctype.h>

bool address_read(const char *text, size_t len, struct address *ret_address)
{
	static const uint8_t zeros[12];
	char copy[ADDRESS_TEXT_MAX] = { 0 };
	struct address address = { 0 };
	struct in6_addr v6;
	struct in_addr v4;
	bool reachable;

	if (len >= sizeof(copy) || memchr(text, '\0', len))
		return false;
	memcpy(copy, text, len);
	if (inet_pton(AF_INET, copy, &v4) == 1) {
		const uint32_t number = ntohl(v4.s_addr), net = number >> 24;

		reachable = net != 0 && net != 127 && net < 224 && number >> 16 != 0xa9fe;
		inet_ntop(AF_INET, &v4, address.text, sizeof(address.text));
	} else if (inet_pton(AF_INET6, copy, &v6) == 1) {
		reachable = !IN6_IS_ADDR_LINKLOCAL(&v6) && !IN6_IS_ADDR_MULTICAST(&v6) && !IN6_IS_ADDR_V4MAPPED(&v6) &&
			    memcmp(v6.s6_addr, zeros, sizeof(zeros)) != 0; /* ::, ::1 and IPv4 ones of old */
		address.is_v6 = true;
		inet_ntop(AF_INET6, &v6, address.text, sizeof(address.text));
	} else {
		return false;
	}
	if (reachable)
		*ret_address = address;
	return reachable;
}

bool mac_read(const char *text, char ret_mac[MAC_SIZE])
{
	ret_mac[0] = '\0';
	if (!text || strlen(text) != MAC_SIZE - 1)
		return false;
	for (size_t i = 0; i < MAC_SIZE - 1; i++)
		if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
			return false;
	for (size_t i = 0; i < MAC_SIZE; i++)
		ret_mac[i] = (char)tolower((unsigned char)text[i]);
	return true;
}

static int rank(const struct address *address)
{
	return 2 * address->is_inner + address->is_v6;
}

void address_list_add(struct address_list *list, const struct address *address)
{
	size_t place = 0;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->at[i].text, address->text) == 0)
			return;
	while (place < list->count && rank(&list->at[place]) <= rank(address))
		place++;
	if (list->count == ADDRESS_LIST_MAX) {
		list->more++;
		if (place == ADDRESS_LIST_MAX)
			return;
		list->count--;
	}
	VEC_PUSH(list);
	memmove(&list->at[place + 1], &list->at[place], (list->count - place - 1) * sizeof(*list->at));
	list->at[place] = *address;
}

void address_set_interface(struct address *address, const char *name, size_t len)
{
	OWN(text) struct safe_text text = text_sanitize(name, len, ADDRESS_INTERFACE_CAP);

	snprintf(address->interface, sizeof(address->interface), "%s", text_str(text));
}

struct safe_text address_list_tell(const struct address_list *list)
{
	struct safe_text words = { NULL };

	for (size_t i = 0; i < list->count; i++) {
		const struct address *address = &list->at[i];
		const bool is_named = *address->interface;

		text_append(&words, ", ", "%s%s%s%s", address->text, is_named ? " (" : "", address->interface,
			    is_named ? ")" : "");
	}
	if (list->more > 0)
		text_set(&words, text_format("%s +%zu", text_str(words), list->more));
	return text_is_empty(words) ? text_format("%s", _("none")) : words;
}

struct safe_text address_list_words(const struct address_list *list)
{
	char words[ADDRESS_LIST_MAX * (ADDRESS_TEXT_MAX + 1) + 32] = "";
	size_t len = 0;

	for (size_t i = 0; i < list->count; i++)
		len += (size_t)snprintf(words + len, sizeof(words) - len, "%s%s", i > 0 ? " " : "", list->at[i].text);
	if (list->more > 0)
		snprintf(words + len, sizeof(words) - len, " +%zu", list->more);
	return text_format("%s", words);
}

void address_list_free(struct address_list *list)
{
	VEC_FREE(list);
	list->more = 0;
}
