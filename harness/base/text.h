/*
 * Reading numbers and names from text, strictly, and writing numbers shortly.
 * None of these looks at the locale.
 */
#ifndef HARNESS_BASE_TEXT_H
#define HARNESS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads a whole number in decimal: digits and nothing else, no sign, no blank.
 * Returns 0, -EINVAL where it is not one, -ERANGE outside [min, max].
 */
int text_number(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/*
 * Reads a list such as "1,2,4-8" or "1..64", which doubles: 1, 2, 4 ... and 64.
 * Each number is in [min, max] and a range goes upwards. Stores at most CAPACITY numbers, in the order given, and
 * how many in *count. Returns 0, -EINVAL, -ERANGE, or -E2BIG where they do not
 * fit.
 */
int text_numbers(const char *text, uint64_t min, uint64_t max, unsigned *values,
                 size_t capacity, size_t *count);

/* Whether TEXT may stand in a file name and in a plot: letters, digits, ._- */
bool text_is_label(const char *text);

/* Room for any text_short(). */
enum { TEXT_SHORT = 12 };

/*
 * Writes VALUE in three significant digits: 0.35, 24.1, 997, 25.1k, 4.45M; "-"
 * where it is not finite. What is beyond all suffixes is a power, in one digit.
 */
const char *text_short(char text[TEXT_SHORT], double value);

/* Writes VALUE in one digit and a power of ten: 3e-9, 1e308. */
const char *text_power(char text[TEXT_SHORT], double value);

/* The name of a signal as in SIGKILL, or "signal N"; static storage. */
const char *text_signal(int signal);

/* The name of an errno as in EIDRM; static storage. */
const char *text_errno(int err);

/* Reads a small file's first line, without its newline. Returns 0 or -errno. */
int text_first_line(const char *path, char *line, size_t size);

#endif
