#include "check.h"

/* line_of: the one-dimensional plane of p has the coordinates a_k up to a sign: they grow with the first coordinate in which a mean is not 0. */
void line_of(line *l, const certificate *c)
{
    plane p;
    if (c->law.own || c->law.dimension < 2)
        refuse("expected components of one covariance, in at least two dimensions");
    plane_of(&p, &c->law);
    if (p.s != 1)
        refuse("expected means on a line through 0, not all of them there");
    slong first = p.basis[0], i = 0;
    while (fmpq_is_zero(fmpq_mat_entry(c->law.means, first, i)))
        i++;
    l->K = p.K;
    l->weights = p.weights;
    l->a = _arb_vec_init(p.K);
    arb_init(l->delta);
    arb_set(l->delta, p.delta);
    for (slong k = 0; k < p.K; k++) {
        arb_set(l->a + k, arb_mat_entry(p.means, k, 0));
        if (fmpq_sgn(fmpq_mat_entry(c->law.means, first, i)) < 0)
            arb_neg(l->a + k, l->a + k);
    }
}

void pairs_product(arb_t out, const line *l, arb_srcptr f)
{
    arb_t mean, x;
    arb_init(mean);
    arb_init(x);
    arb_zero(out);
    for (slong k = 0; k < l->K; k++) {
        arb_mul(x, l->weights + k, f + k, PRECISION);
        arb_add(mean, mean, x, PRECISION);
        arb_addmul(out, x, f + k, PRECISION);
    }
    arb_mul(mean, mean, mean, PRECISION);
    arb_sub(x, out, mean, PRECISION); /* δ(Σ w f² − f̄²) + f̄² */
    arb_mul(x, x, l->delta, PRECISION);
    arb_add(out, mean, x, PRECISION);
    arb_clear(mean);
    arb_clear(x);
}

void phi(arb_t out, const arb_t x)
{
    arb_t scale;
    arb_init(scale);
    arb_const_pi(scale, PRECISION);
    arb_mul_2exp_si(scale, scale, 1);
    arb_rsqrt(scale, scale, PRECISION);
    arb_mul(out, x, x, PRECISION);
    arb_mul_2exp_si(out, out, -1);
    arb_neg(out, out);
    arb_exp(out, out, PRECISION);
    arb_mul(out, out, scale, PRECISION);
    arb_clear(scale);
}

void probability(arb_t out, const arb_t x)
{
    arb_t root;
    arb_init(root);
    arb_set_ui(root, 2);
    arb_rsqrt(root, root, PRECISION);
    arb_mul(out, x, root, PRECISION);
    arb_neg(out, out);
    arb_hypgeom_erfc(out, out, PRECISION);
    arb_mul_2exp_si(out, out, -1);
    arb_clear(root);
}

/* parts: E[x₁₊ | k] and E[x₁₋ | k]. */
void parts(arb_t plus, arb_t minus, const arb_t a)
{
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    probability(x, a);
    phi(y, a);
    arb_mul(x, x, a, PRECISION);
    arb_add(plus, x, y, PRECISION);
    arb_sub(minus, plus, a, PRECISION);
    arb_clear(x);
    arb_clear(y);
}

/* gaussian_tail: e^{tm + t²/2}Φ(m + t). */
void gaussian_tail(acb_t out, const acb_t t, const arb_t m, slong precision)
{
    acb_t x, root;
    acb_init(x);
    acb_init(root);
    acb_set_ui(root, 2);
    acb_rsqrt(root, root, precision);
    acb_add_arb(x, t, m, precision);
    acb_mul(x, x, root, precision);
    acb_neg(x, x);
    acb_hypgeom_erfc(x, x, precision);
    acb_mul_2exp_si(x, x, -1);
    acb_mul(out, t, t, precision);
    acb_mul_2exp_si(out, out, -1);
    acb_addmul_arb(out, t, m, precision);
    acb_exp(out, out, precision);
    acb_mul(out, out, x, precision);
    acb_clear(x);
    acb_clear(root);
}

void positive(arb_t out, const json_t *object, const char *key)
{
    fmpq_t x;
    fmpq_init(x);
    number(x, json_object_get(object, key), key);
    if (fmpq_sgn(x) <= 0)
        refuse("%s: expected a positive number", key);
    arb_init(out);
    ball(out, x);
}

/* between proves outside ≤ loss_at_most < inside_at_least ≤ inside. Sharp bounds are no farther off than their digits make them. */
void between(const certificate *c, const arb_t outside, const arb_t inside, bool sharp)
{
    fmpq_t most, least;
    arb_t x, gap;
    fmpq_init(most);
    fmpq_init(least);
    arb_init(x);
    arb_init(gap);
    number(most, json_object_get(c->object, "loss_at_most"), "loss_at_most");
    number(least, json_object_get(c->object, "inside_at_least"), "inside_at_least");
    if (fmpq_cmp(most, least) >= 0)
        refuse("loss_at_most is not below inside_at_least");
    for (int i = 0; i < 2; i++) {
        ball(x, i ? least : most);
        arb_sub(gap, i ? inside : x, i ? x : outside, PRECISION);
        if (!arb_is_nonnegative(gap))
            refuse("%s is not proved: it is %s", i ? "inside_at_least" : "loss_at_most", arb_get_str(i ? inside : outside, 40, ARB_STR_MORE));
        if (sharp) { /* within 10⁻²⁷ of the value, relatively */
            arb_mul_2exp_si(x, x, -90);
            arb_abs(x, x);
            arb_sub(gap, gap, x, PRECISION);
            if (!arb_is_negative(gap))
                refuse("%s is not the sharp bound %s", i ? "inside_at_least" : "loss_at_most", arb_get_str(i ? inside : outside, 40, ARB_STR_MORE));
        }
    }
}
