#include "harness/target/pure.h"

#include <string.h>

/* Also with an f or an l at the end. Not lgamma and nan: see their pages. */
static const char *const of_numbers[] = {
	"acos",         "acosh",     "asin",      "asinh",
	"atan",         "atan2",     "atanh",     "cbrt",
	"ceil",         "copysign",  "cos",       "cosh",
	"drem",         "erf",       "erfc",      "exp",
	"exp10",        "exp2",      "expm1",     "fabs",
	"fdim",         "finite",    "floor",     "fma",
	"fmax",         "fmin",      "fmod",      "hypot",
	"ilogb",        "isinf",     "isnan",     "j0",
	"j1",           "jn",        "ldexp",     "llogb",
	"llrint",       "llround",   "log",       "log10",
	"log1p",        "log2",      "logb",      "lrint",
	"lround",       "nearbyint", "nextafter", "nexttoward",
	"pow",          "remainder", "rint",      "round",
	"roundeven",    "scalb",     "scalbln",   "scalbn",
	"significand",  "sin",       "sinh",      "sqrt",
	"tan",          "tanh",      "tgamma",    "trunc",
	"y0",           "y1",        "yn",        "__finite",
	"__fpclassify", "__isinf",   "__isnan",   "__issignaling",
	"__signbit",    "__iseqsig",
};

static const char *const exact[] = {
	/* what calls and jumps go by in position-independent code */
	"_GLOBAL_OFFSET_TABLE_",
	/* stdlib.h, inttypes.h, strings.h, arpa/inet.h */
	"abs",
	"labs",
	"llabs",
	"imaxabs",
	"div",
	"ldiv",
	"lldiv",
	"imaxdiv",
	"ffs",
	"ffsl",
	"ffsll",
	"htonl",
	"htons",
	"ntohl",
	"ntohs",
	/* ctype.h; the tables are constant */
	"isalnum",
	"isalpha",
	"isascii",
	"isblank",
	"iscntrl",
	"isdigit",
	"isgraph",
	"islower",
	"isprint",
	"ispunct",
	"isspace",
	"isupper",
	"isxdigit",
	"toascii",
	"tolower",
	"toupper",
	"__ctype_b_loc",
	"__ctype_tolower_loc",
	"__ctype_toupper_loc",
	/* attributes of pthread objects */
	"pthread_mutexattr_init",
	"pthread_mutexattr_destroy",
	"pthread_mutexattr_getpshared",
	"pthread_mutexattr_setpshared",
	"pthread_mutexattr_gettype",
	"pthread_mutexattr_settype",
	"pthread_mutexattr_getrobust",
	"pthread_mutexattr_setrobust",
	"pthread_mutexattr_getprotocol",
	"pthread_mutexattr_setprotocol",
	"pthread_mutexattr_getprioceiling",
	"pthread_mutexattr_setprioceiling",
	"pthread_condattr_init",
	"pthread_condattr_destroy",
	"pthread_condattr_getpshared",
	"pthread_condattr_setpshared",
	"pthread_condattr_getclock",
	"pthread_condattr_setclock",
	"pthread_rwlockattr_init",
	"pthread_rwlockattr_destroy",
	"pthread_rwlockattr_getpshared",
	"pthread_rwlockattr_setpshared",
	"pthread_rwlockattr_getkind_np",
	"pthread_rwlockattr_setkind_np",
	"pthread_barrierattr_init",
	"pthread_barrierattr_destroy",
	"pthread_barrierattr_getpshared",
	"pthread_barrierattr_setpshared",
	/* signal.h: sets */
	"sigemptyset",
	"sigfillset",
	"sigaddset",
	"sigdelset",
	"sigismember",
	/* arithmetic of libgcc, which is linked into the object */
	"__divti3",
	"__modti3",
	"__udivti3",
	"__umodti3",
	"__udivmodti4",
	"__divmodti4",
	"__multi3",
	"__ashlti3",
	"__ashrti3",
	"__lshrti3",
	"__mulsc3",
	"__muldc3",
	"__mulxc3",
	"__divsc3",
	"__divdc3",
	"__divxc3",
	"__powisf2",
	"__powidf2",
	"__powixf2",
	"__popcountdi2",
	"__clzdi2",
	"__ctzdi2",
	"__paritydi2",
	"__bswapdi2",
	"__fixsfti",
	"__fixdfti",
	"__fixxfti",
	"__fixunssfti",
	"__fixunsdfti",
	"__fixunsxfti",
	"__floattisf",
	"__floattidf",
	"__floattixf",
	"__floatuntisf",
	"__floatuntidf",
	"__floatuntixf",
	/* libatomic: flags of the processor's own */
	"__atomic_feraiseexcept",
};

static bool listed(const char *name, size_t length, const char *const *list,
                   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strncmp(name, list[i], length) == 0 &&
		    list[i][length] == '\0')
			return true;
	}
	return false;
}

bool pure_is(const char *name)
{
	static const size_t numbers_count =
	        sizeof(of_numbers) / sizeof(of_numbers[0]);
	size_t length = strlen(name);

	if (listed(name, length, exact, sizeof(exact) / sizeof(exact[0])) ||
	    listed(name, length, of_numbers, numbers_count))
		return true;
	return length > 1 && strchr("fl", name[length - 1]) &&
	       listed(name, length - 1, of_numbers, numbers_count);
}
