#include "harness/base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Reads digits up to the first other character, which *end points to. */
static int read_digits(const char *text, const char **end, uint64_t *value)
{
	uint64_t sum = 0;
	int err = 0;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (__builtin_mul_overflow(sum, 10u, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum))
			err = -ERANGE;
	}
	*end = text;
	*value = sum;
	return err;
}

int text_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	const char *end = text;
	int err = read_digits(text, &end, value);

	if (err == -EINVAL || *end != '\0')
		return -EINVAL;
	return err || *value < min || *value > max ? -ERANGE : 0;
}

/* Some numbers of a list: FIRST to LAST, one by one or doubling. */
struct stretch {
	uint64_t first, last;
	bool doubling;
};

/* Reads "4", "4-8" or "4..64". */
static int read_stretch(const char *text, const char **end,
                        struct stretch *stretch)
{
	int err = read_digits(text, end, &stretch->first);

	if (err)
		return err;
	stretch->last = stretch->first;
	stretch->doubling = strncmp(*end, "..", 2) == 0;
	if (stretch->doubling)
		return read_digits(*end + 2, end, &stretch->last);
	if (**end != '-')
		return 0;
	return read_digits(*end + 1, end, &stretch->last);
}

/* The one after NUMBER, which is below the last. */
static uint64_t next_of(const struct stretch *stretch, uint64_t number)
{
	uint64_t next =
	        stretch->doubling && number > 0 ? 2 * number : number + 1;

	return next < stretch->last ? next : stretch->last;
}

static int add_stretch(const struct stretch *stretch, unsigned *values,
                       size_t capacity, size_t *count)
{
	uint64_t number = stretch->first;

	for (;; number = next_of(stretch, number)) {
		if (*count == capacity)
			return -E2BIG;
		values[(*count)++] = (unsigned)number;
		if (number == stretch->last)
			return 0;
	}
}

int text_numbers(const char *text, uint64_t min, uint64_t max, unsigned *values,
                 size_t capacity, size_t *count)
{
	struct stretch stretch = { 0 };
	int err;

	*count = 0;
	for (;; text++) {
		err = read_stretch(text, &text, &stretch);
		if (err)
			return err;
		if (*text != ',' && *text != '\0')
			return -EINVAL;
		if (stretch.first < min || stretch.last > max ||
		    stretch.first > stretch.last)
			return -ERANGE;
		err = add_stretch(&stretch, values, capacity, count);
		if (err || *text == '\0')
			return err;
	}
}

bool text_is_label(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "abcdefghijklmnopqrstuvwxyz0123456789"
	                              "._-";
	size_t length = strlen(text);

	return length > 0 && length <= 64 && !strchr("._-", text[0]) &&
	       strspn(text, allowed) == length;
}

const char *text_power(char text[TEXT_SHORT], double value)
{
	char *power;
	size_t idle;

	(void)snprintf(text, TEXT_SHORT, "%.0e", value);
	power = strchr(text, 'e');
	if (!isfinite(value) || !power) {
		(void)snprintf(text, TEXT_SHORT, "-");
		return text;
	}
	/* "3e-09" is 3e-9, "1e+308" 1e308. */
	power += power[1] == '-' ? 2 : 1;
	idle = strspn(power, "+0");
	if (power[idle] == '\0')
		idle--;
	memmove(power, power + idle, strlen(power + idle) + 1);
	return text;
}

const char *text_short(char text[TEXT_SHORT], double value)
{
	static const char suffixes[] = "kMGTPE";
	/* 999.5 E would be rounded to four digits. */
	static const double beyond = 999.5e18;
	char suffix[2] = "";
	int decimals;

	if (!isfinite(value)) {
		(void)snprintf(text, TEXT_SHORT, "-");
		return text;
	}
	if (fabs(value) >= beyond)
		return text_power(text, value);
	/* 999.5 would be rounded to 1000, one digit too many. */
	for (int i = 0; suffixes[i] && fabs(value) >= 999.5; i++) {
		value /= 1000;
		suffix[0] = suffixes[i];
	}
	decimals = fabs(value) < 9.995 ? 2 : fabs(value) < 99.95 ? 1 : 0;
	(void)snprintf(text, TEXT_SHORT, "%.*f%s", decimals, value, suffix);
	return text;
}

const char *text_signal(int signal)
{
	static char text[32];
	const char *name = sigabbrev_np(signal);

	if (name)
		(void)snprintf(text, sizeof(text), "SIG%s", name);
	else
		(void)snprintf(text, sizeof(text), "signal %d", signal);
	return text;
}

const char *text_errno(int err)
{
	static char text[32];
	const char *name = strerrorname_np(err);

	if (name)
		return name;
	(void)snprintf(text, sizeof(text), "errno %d", err);
	return text;
}

int text_first_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	int err = 0;

	if (!file)
		return -errno;
	if (!fgets(line, (int)size, file)) {
		err = ferror(file) ? -EIO : 0;
		line[0] = '\0';
	}
	(void)fclose(file); /* only read from */
	line[strcspn(line, "\n")] = '\0';
	return err;
}
