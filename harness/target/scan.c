#include "harness/target/scan.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

#include "harness/target/joined.h"
#include "harness/target/listing.h"
#include "harness/target/target.h"

enum kind { SEEN, FENCE, UNSEEN_BY_HAND, UNSEEN, THREAD_LOCAL, JOINED };

/* A hint to the processor, also as its two statements; by hand nothing else. */
static const char *const hints[] = { "pause", "yield", "rep nop", "rep",
	                             "nop" };

/*
 * What compilers write for a builtin function that they give no hook: patterns
 * of fnmatch(3). String instructions are not among them: gcc copies structures
 * with them, and announces that.
 */
static const char *const unseen[] = {
#if defined(__x86_64__) || defined(__i386__)
	"lock*",       "xacquire*", "xrelease*", "lfence",    "sfence",
	"xbegin",      "xend",      "xabort",    "xtest",     "cmpxchg*",
	"xadd*",       "movnt*",    "vmovnt*",   "movdir*",   "maskmov*",
	"vmaskmovdqu", "clflush*",  "clwb",      "cldemote",  "clzero",
	"rdtsc*",      "rdpmc",     "rdpid",     "rdrand*",   "rdseed*",
	"cpuid",       "xgetbv",    "rdfsbase*", "rdgsbase*", "wrfsbase*",
	"wrgsbase*",   "rdpkru",    "wrpkru",    "fxsave*",   "fxrstor*",
	"xsave*",      "xrstor*",   "monitor*",  "mwait*",    "umonitor*",
	"umwait*",     "tpause*",   "enqcmd*",   "syscall",   "sysenter",
	"int",         "int1",      "int3",      "into",      "hlt",
	"in[bwl]",     "out[bwl]",  "ins[bwl]",  "outs[bwl]"
#elif defined(__aarch64__)
	"ldx*",   "ldax*",   "stx*",    "stlx*",   "ldar*",   "ldapr*",
	"stlr*",  "cas*",    "swp*",    "ldadd*",  "ldclr*",  "ldeor*",
	"ldset*", "ldsmax*", "ldsmin*", "ldumax*", "ldumin*", "stadd*",
	"stclr*", "steor*",  "stset*",  "dmb*",    "dsb*",    "isb*",
	"svc*",   "brk*",    "hlt*",    "wfe*",    "wfi*",    "mrs*",
	"msr*"
#else
	"lock*"
#endif
};

enum {
	HINTS = sizeof(hints) / sizeof(hints[0]),
	UNSEEN_PATTERNS = sizeof(unseen) / sizeof(unseen[0]),
};

/* --- what it is ----------------------------------------------------------- */

/* Those that change no kind of access; lock is not one of them. */
static bool is_prefix(const char *text, size_t length)
{
	static const char *const prefixes[] = { "rep",     "repe",  "repz",
		                                "repne",   "repnz", "data16",
		                                "notrack", "bnd",   "rex64" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strlen(prefixes[i]) == length &&
		    strncmp(text, prefixes[i], length) == 0)
			return true;
	}
	return false;
}

/* Copies the instruction's name; returns what follows it. */
static const char *operation(const char *text, char *name, size_t size)
{
	size_t length = strcspn(text, " ");

	while (text[length] && is_prefix(text, length)) {
		text += length + 1;
		length = strcspn(text, " ");
	}
	(void)snprintf(name, size, "%.*s", (int)length, text);
	return text + length;
}

/* An exchange with memory locks it, with or without the prefix. */
static bool locks(const char *name, const char *operands)
{
	const char *second = strchr(operands, ',');

	if (strncmp(name, "xchg", 4) != 0 || !second)
		return false;
	operands += *operands == ' ';
	second += second[1] == ' ' ? 2 : 1;
	return *operands != '%' || *second != '%' || strchr(operands, '(');
}

static bool is_thread_local(const char *text)
{
	static const char *const marks[] = {
		"%fs:",    "%gs:",      "@tls",       "@tpoff",
		"@dtpoff", "@gottpoff", "@gotntpoff", ":tls",
		":tprel",  ":gottprel", "tpidr_el0"
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (strstr(text, marks[i]))
			return true;
	}
	return false;
}

static enum kind kind_by_hand(const char *text)
{
	for (size_t i = 0; i < HINTS; i++) {
		if (strcmp(text, hints[i]) == 0)
			return SEEN;
	}
	return UNSEEN_BY_HAND;
}

static enum kind kind_of(const struct statement *statement)
{
	const char *operands;
	char name[32];

	if (strcmp(statement->text, "mfence") == 0)
		return FENCE;
	if (statement->by_hand)
		return kind_by_hand(statement->text);
	if (is_thread_local(statement->text))
		return THREAD_LOCAL;
	operands = operation(statement->text, name, sizeof(name));
	for (size_t i = 0; i < UNSEEN_PATTERNS; i++) {
		if (fnmatch(unseen[i], name, 0) == 0)
			return UNSEEN;
	}
	return locks(name, operands) ? UNSEEN : SEEN;
}

/* --- what to say ---------------------------------------------------------- */

static void say_thread_local(const struct statement *statement,
                             const char *place, struct complaint *complaint)
{
	const char *end = memchr(statement->begin, '@',
	                         (size_t)(statement->end - statement->begin));
	const char *begin = end;

	while (begin && begin > statement->begin &&
	       (isalnum((unsigned char)begin[-1]) || begin[-1] == '_'))
		begin--;
	if (begin)
		complain(complaint, place,
		         "%.*s is a thread-local variable, and the explorer "
		         "has one thread for all workers",
		         (int)(end - begin), begin);
	else
		complain(complaint, place,
		         "a thread-local variable, and the explorer has one "
		         "thread for all workers");
	complain_cure(complaint, "make it a static variable: each worker is a "
	                         "process and has its own");
}

static int refuse(enum kind kind, const struct statement *statement,
                  struct complaint *complaint)
{
	char place[96];

	(void)statement_place(statement, place, sizeof(place));
	if (kind == THREAD_LOCAL) {
		say_thread_local(statement, place, complaint);
	} else if (kind == UNSEEN_BY_HAND) {
		complain(complaint, place,
		         "inline assembly, which the explorer cannot see "
		         "into: %s",
		         statement->text);
		complain_cure(complaint,
		              "use <stdatomic.h>; of assembly only a lone "
		              "mfence or pause is understood");
	} else if (kind == JOINED) {
		complain(
		        complaint, place,
		        "a load and a store that the compiler announces as one "
		        "access, as of a bit-field: %s",
		        statement->text);
		complain_cure(complaint, "give it bytes of its own, or compile "
		                         "with --cc=clang");
	} else {
		complain(complaint, place,
		         "an instruction that the explorer cannot see: %s",
		         statement->text);
		complain_cure(complaint,
		              "use <stdatomic.h> in place of builtin functions "
		              "for one processor");
	}
	return -ENOTSUP;
}

/* --------------------------------------------------------------------------- */

static int scan_all(struct listing *listing, const char **copied, FILE *out,
                    struct complaint *complaint)
{
	struct statement statement;
	struct joined joined = { .count = 0 };
	int found;

	while ((found = listing_next(listing, &statement)) > 0) {
		enum kind kind = kind_of(&statement);

		if (kind == SEEN && joined_next(&joined, &statement))
			kind = JOINED;
		if (kind != SEEN && kind != FENCE)
			return refuse(kind, &statement, complaint);
		if (kind != FENCE)
			continue;
		(void)fwrite(*copied, 1, (size_t)(statement.begin - *copied),
		             out);
		/* Not through the linkage table, which may change registers. */
		(void)fputs("call *" TARGET_PREFIX "mfence@GOTPCREL(%rip)",
		            out);
		*copied = statement.end;
	}
	return found;
}

int scan_listing(const char *text, size_t size, FILE *out,
                 struct complaint *complaint)
{
	const char *copied = text;
	struct listing listing;
	int err;

	listing_begin(&listing, text, size);
	err = scan_all(&listing, &copied, out, complaint);
	listing_end(&listing);
	if (!err)
		(void)fwrite(copied, 1, (size_t)(text + size - copied), out);
	return err;
}
