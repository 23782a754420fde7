#include <criterion/criterion.h>

#include "harness/base/pile.h"

Test(pile, keeps_what_was_pushed_while_it_grows)
{
	struct pile_budget budget = { .limit = 1 << 20 };
	struct pile pile = { 0 };

	for (unsigned i = 0; i < 10000; i++) {
		cr_assert(pile_reserve(&pile, &budget, sizeof(i)), "room");
		*(unsigned *)pile_push(&pile, sizeof(i)) = i;
	}
	for (unsigned i = 0; i < 10000; i++)
		cr_assert_eq(((unsigned *)(void *)pile.bytes)[i], i, "item %u",
		             i);
	pile_free(&pile, &budget);
	cr_expect_eq(budget.bytes, 0, "all is given back");
}

Test(pile, uses_its_budget_to_the_last_byte_and_no_more)
{
	struct pile_budget budget = { .limit = 10000 };
	struct pile one = { 0 }, other = { 0 };

	cr_expect(pile_reserve(&one, &budget, 6000), "most of it");
	cr_expect(pile_reserve(&other, &budget, 4000), "the rest");
	cr_expect_not(pile_reserve(&other, &budget, 4001), "one too many");
	cr_expect_eq(budget.bytes, 10000, "both count");
	pile_free(&one, &budget);
	cr_expect(pile_reserve(&other, &budget, 4001), "after that");
	pile_free(&other, &budget);
}
