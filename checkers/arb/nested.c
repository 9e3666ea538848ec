#include "check.h"

#include <math.h>

/* E f(t), t ∼ N(0, I_q), as an integral over the box |t_i| ≤ edge, one acb_calc_integrate within the other, the last variable outermost, and a bound of the rest. */
typedef struct {
    integrand f;
    void *context;
    slong variables, level; /* t_level, …, are given */
    acb_ptr t;
    arb_t edge;
    double tolerance, growth;
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
    acb_init(weight);
    acb_mul(weight, t, t, precision);
    acb_mul_2exp_si(weight, weight, -1);
    acb_neg(weight, weight);
    acb_exp(weight, weight, precision);
    acb_mul(out, out, weight, precision);
    acb_clear(weight);
    return 0;
}

static bool wide(const acb_t t)
{
    enum { NARROW = -24 };
    return mag_cmp_2exp_si(arb_radref(acb_realref(t)), NARROW) > 0 || mag_cmp_2exp_si(arb_radref(acb_imagref(t)), NARROW) > 0;
}

static void integrate(acb_t out, nest *n, slong precision)
{
    slong goal = precision;
    double tolerance = n->tolerance;
    for (slong i = n->level; i < n->variables; i++)
        if (wide(n->t + i)) { /* a bound is wanted, no value */
            goal = 4;
            tolerance = fmax(tolerance, n->growth / 64);
        }
    mag_t error;
    acb_t low, high;
    mag_init(error);
    acb_init(low);
    acb_init(high);
    mag_set_d(error, tolerance);
    arb_neg(acb_realref(low), n->edge);
    arb_set(acb_realref(high), n->edge);
    acb_calc_integrate(out, slice, n, low, high, goal, error, NULL, precision);
    acb_clear(low);
    acb_clear(high);
    mag_clear(error);
}

/* beyond: E[1 + |t|²; |t_i| > edge for an i] ≤ Σ_i (1 + (q−1)) P(|t_i| > edge) + E[t_i²; |t_i| > edge] = q((q + 1) erfc(edge/√2) + 2 edge φ(edge)). */
static void beyond(arb_t out, const arb_t edge, slong q)
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

void gaussian_integral(arb_t out, integrand f, void *context, slong variables, double growth, double tolerance)
{
    nest n = {.f = f, .context = context, .variables = variables, .level = variables, .tolerance = tolerance / 8, .growth = growth};
    double bits = log2(fmax(1, growth / tolerance));
    slong precision = 40 + (slong)bits;
    acb_t value;
    arb_t rest, scale;
    acb_init(value);
    arb_init(rest);
    arb_init(scale);
    arb_init(n.edge);
    n.t = _acb_vec_init(variables + 1);
    if (variables == 0)
        f(value, n.t, context, precision);
    else {
        arb_set_d(n.edge, ceil(4 * sqrt(2 * log(2) * (bits + 8))) / 4);
        integrate(value, &n, precision);
        arb_const_pi(scale, PRECISION);
        arb_mul_2exp_si(scale, scale, 1);
        arb_rsqrt(scale, scale, PRECISION);
        arb_pow_ui(scale, scale, variables, PRECISION);
        acb_mul_arb(value, value, scale, PRECISION);
        beyond(rest, n.edge, variables);
        arb_t by;
        arb_init(by);
        arb_set_d(by, growth);
        arb_mul(rest, rest, by, PRECISION);
        arb_add_error(acb_realref(value), rest);
        arb_clear(by);
    }
    arb_set(out, acb_realref(value));
    if (!arb_is_finite(out))
        unserved("an integral that is not enclosed");
    acb_clear(value);
    arb_clear(rest);
    arb_clear(scale);
    arb_clear(n.edge);
    _acb_vec_clear(n.t, variables + 1);
}
