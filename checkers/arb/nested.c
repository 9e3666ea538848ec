#include "check.h"

#include <math.h>

/* Integrals over boxes low_i ≤ t_i ≤ high_i, one acb_calc_integrate within the other, the last variable outermost. */
typedef struct {
    integrand f;
    void *context;
    bool gaussian; /* times exp(−½|t|²) */
    slong variables, level; /* t_level, …, are given */
    acb_ptr t;
    arb_srcptr low, high;
    double tolerance;
    slong calls;
} nest;

/* MOST_CALLS of the integrand in one integral: about a minute of work. */
enum { MOST_CALLS = 3000000 };

static void integrate(acb_t out, nest *n, slong precision);

/* slice is the integrand of one variable. All functions here are meromorphic, and a quotient by what may be 0 is no finite ball, so that order needs no look. */
static int slice(acb_ptr out, const acb_t t, void *context, slong order, slong precision)
{
    (void)order;
    nest *n = context;
    acb_t weight;
    n->level--;
    acb_set(n->t + n->level, t);
    if (n->level > 0)
        integrate(out, n, precision);
    else {
        if (++n->calls > MOST_CALLS)
            unserved("an integral takes too much work");
        n->f(out, n->t, n->context, precision);
    }
    n->level++;
    if (!n->gaussian)
        return 0;
    acb_init(weight);
    acb_mul(weight, t, t, precision);
    acb_mul_2exp_si(weight, weight, -1);
    acb_neg(weight, weight);
    acb_exp(weight, weight, precision);
    acb_mul(out, out, weight, precision);
    acb_clear(weight);
    return 0;
}

bool wide(const acb_t t)
{
    enum { NARROW = -24 };
    return mag_cmp_2exp_si(arb_radref(acb_realref(t)), NARROW) > 0 || mag_cmp_2exp_si(arb_radref(acb_imagref(t)), NARROW) > 0;
}

/* bound encloses the integral over [low, high] by the sum of what the integrand takes on pieces, each halved up to depth times while it is not finite. */
static void bound(acb_t out, nest *n, const arb_t low, const arb_t high, int depth, slong precision)
{
    acb_t piece, value;
    arb_t middle;
    acb_init(piece);
    acb_init(value);
    arb_init(middle);
    arb_union(acb_realref(piece), low, high, precision);
    slice(value, piece, n, 1, precision);
    if (acb_is_finite(value)) {
        arb_sub(middle, high, low, precision);
        acb_addmul_arb(out, value, middle, precision);
    } else if (depth == 0)
        acb_indeterminate(out);
    else {
        arb_add(middle, low, high, precision);
        arb_mul_2exp_si(middle, middle, -1);
        bound(out, n, low, middle, depth - 1, precision);
        if (acb_is_finite(out))
            bound(out, n, middle, high, depth - 1, precision);
    }
    acb_clear(piece);
    acb_clear(value);
    arb_clear(middle);
}

/* integrate is over the variable below n->level. Where one above is no point but a ball, acb_calc_integrate asks for a bound only. */
static void integrate(acb_t out, nest *n, slong precision)
{
    enum { PIECES = 24, HALVINGS = 3 };
    arb_srcptr low = n->low + n->level - 1, high = n->high + n->level - 1;
    bool rough = false;
    for (slong i = n->level; i < n->variables; i++)
        rough = rough || wide(n->t + i);
    if (rough) {
        arb_t from, to, step;
        arb_init(from);
        arb_init(to);
        arb_init(step);
        arb_sub(step, high, low, precision);
        arb_div_si(step, step, PIECES, precision);
        acb_zero(out);
        for (slong i = 0; i < PIECES && acb_is_finite(out); i++) {
            arb_set(from, low);
            arb_addmul_si(from, step, i, precision);
            arb_add(to, from, step, precision);
            bound(out, n, from, to, HALVINGS, precision);
        }
        arb_clear(from);
        arb_clear(to);
        arb_clear(step);
    } else {
        mag_t error;
        acb_t from, to;
        mag_init(error);
        acb_init(from);
        acb_init(to);
        mag_set_d(error, n->tolerance);
        arb_set(acb_realref(from), low);
        arb_set(acb_realref(to), high);
        acb_calc_integrate(out, slice, n, from, to, precision, error, NULL, precision);
        acb_clear(from);
        acb_clear(to);
        mag_clear(error);
    }
}

void box_integral(arb_t out, integrand f, void *context, slong variables, arb_srcptr low, arb_srcptr high, double tolerance, slong precision)
{
    nest n = {.f = f, .context = context, .variables = variables, .level = variables, .low = low, .high = high, .tolerance = tolerance / 8};
    acb_t value;
    acb_init(value);
    n.t = _acb_vec_init(variables);
    integrate(value, &n, precision);
    arb_set(out, acb_realref(value));
    if (!arb_is_finite(out))
        unserved("an integral that is not enclosed");
    acb_clear(value);
    _acb_vec_clear(n.t, variables);
}

/* tail_moment: E[1 + |t|²; |t_i| > edge for an i] ≤ Σ_i (1 + (q−1)) P(|t_i| > edge) + E[t_i²; |t_i| > edge] = q((q + 1) erfc(edge/√2) + 2 edge φ(edge)). */
void tail_moment(arb_t out, const arb_t edge, slong q)
{
    arb_t x;
    arb_init(x);
    arb_const_sqrt_pi(x, PRECISION);
    arb_t two;
    arb_init(two);
    arb_set_ui(two, 2);
    arb_sqrt(two, two, PRECISION);
    arb_div(x, edge, two, PRECISION);
    arb_hypgeom_erfc(out, x, PRECISION);
    arb_mul_ui(out, out, q + 1, PRECISION);
    arb_mul(x, x, x, PRECISION);
    arb_neg(x, x);
    arb_exp(x, x, PRECISION);
    arb_mul(x, x, edge, PRECISION);
    arb_t normal;
    arb_init(normal);
    arb_const_pi(normal, PRECISION);
    arb_mul_2exp_si(normal, normal, 1);
    arb_sqrt(normal, normal, PRECISION);
    arb_div(x, x, normal, PRECISION);
    arb_addmul_ui(out, x, 2, PRECISION);
    arb_mul_ui(out, out, q, PRECISION);
    arb_clear(x);
    arb_clear(two);
    arb_clear(normal);
}

/* gaussian_integral: E f(t), t ∼ N(0, I_q), over |t_i| ≤ edge, and a bound of the rest. */
void gaussian_integral(arb_t out, integrand f, void *context, slong variables, double growth, double tolerance)
{
    nest n = {.f = f, .context = context, .gaussian = true, .variables = variables, .level = variables, .tolerance = tolerance / 8};
    double bits = log2(fmax(1, growth / tolerance));
    slong precision = 40 + (slong)bits;
    acb_t value;
    acb_init(value);
    n.t = _acb_vec_init(variables + 1);
    if (variables == 0)
        f(value, n.t, context, precision);
    else {
        arb_ptr ends = _arb_vec_init(2 * variables);
        arb_t rest, scale;
        arb_init(rest);
        arb_init(scale);
        for (slong i = 0; i < variables; i++) {
            arb_set_d(ends + variables + i, ceil(4 * sqrt(2 * log(2) * (bits + 8))) / 4);
            arb_neg(ends + i, ends + variables + i);
        }
        n.low = ends, n.high = ends + variables;
        integrate(value, &n, precision);
        arb_const_pi(scale, PRECISION);
        arb_mul_2exp_si(scale, scale, 1);
        arb_rsqrt(scale, scale, PRECISION);
        arb_pow_ui(scale, scale, variables, PRECISION);
        acb_mul_arb(value, value, scale, PRECISION);
        tail_moment(rest, ends + variables, variables);
        arb_set_d(scale, growth);
        arb_mul(rest, rest, scale, PRECISION);
        arb_add_error(acb_realref(value), rest);
        arb_clear(rest);
        arb_clear(scale);
        _arb_vec_clear(ends, 2 * variables);
    }
    arb_set(out, acb_realref(value));
    if (!arb_is_finite(out))
        unserved("an integral that is not enclosed");
    acb_clear(value);
    _acb_vec_clear(n.t, variables + 1);
}
