#include "harness/explore/schedule.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TIMES_MAX = 1000000 };

/* A number without a sign; -1 where there is none, or too large a one. */
static int number(const char **text)
{
	int value = 0;

	if (!isdigit((unsigned char)**text))
		return -1;
	for (; isdigit((unsigned char)**text); (*text)++) {
		value = value * 10 + (**text - '0');
		if (value > TIMES_MAX)
			return -1;
	}
	return value;
}

static int take_times(const char **text, struct stretch *stretch)
{
	int times;

	if (!isdigit((unsigned char)**text))
		return 0;
	times = number(text);
	if (times < 1)
		return -EINVAL;
	stretch->times = (unsigned)times;
	return 0;
}

static int take_way(const char **text, struct stretch *stretch)
{
	int way;

	(*text)++;
	way = number(text);
	if (way < 0 || way >= WAY_FLUSH)
		return -EINVAL;
	stretch->move.way = (uint8_t)way;
	return 0;
}

static int take_steps(const char **text, struct stretch *stretch)
{
	switch (**text) {
	case '*':
		stretch->times = SCHEDULE_TO_END;
		break;
	case '~':
		stretch->move.way = WAY_SPURIOUS;
		break;
	case '/':
		return take_way(text, stretch);
	default:
		return take_times(text, stretch);
	}
	(*text)++;
	return 0;
}

int schedule_next(const char **text, struct stretch *stretch)
{
	char letter = **text;

	*stretch = (struct stretch){ .times = 1 };
	if (letter == '\0' || letter == ':')
		return -ENODATA;
	if (letter >= 'A' && letter <= 'Z') {
		(*text)++;
		stretch->move.worker = (uint8_t)(letter - 'A');
		return take_steps(text, stretch);
	}
	if (letter >= 'a' && letter <= 'z') {
		(*text)++;
		stretch->move.worker = (uint8_t)(letter - 'a');
		stretch->move.way = WAY_FLUSH;
		return take_times(text, stretch);
	}
	return -EINVAL;
}

bool schedule_put(char *text, size_t size, size_t *used,
                  const struct stretch *stretch)
{
	struct move move = stretch->move;
	char item[24];
	int length;

	if (move.way == WAY_SPURIOUS)
		length = snprintf(item, sizeof(item), "%c~", 'A' + move.worker);
	else if (stretch->times == SCHEDULE_TO_END)
		length = snprintf(item, sizeof(item), "%c*", 'A' + move.worker);
	else if (move.way && move.way != WAY_FLUSH)
		length = snprintf(item, sizeof(item), "%c/%u",
		                  'A' + move.worker, move.way + 0u);
	else if (stretch->times == 1)
		length = snprintf(item, sizeof(item), "%c",
		                  (move.way ? 'a' : 'A') + move.worker);
	else
		length = snprintf(item, sizeof(item), "%c%u",
		                  (move.way ? 'a' : 'A') + move.worker,
		                  stretch->times);
	if (*used + (size_t)length + 1 > size)
		return false;
	memcpy(text + *used, item, (size_t)length + 1);
	*used += (size_t)length;
	return true;
}
