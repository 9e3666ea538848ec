#include "check.h"

#include <math.h>
#include <stdlib.h>

/* The net a x₁₊ + b x₁₋ + c x₂₊ + e x₂₋: its loss by the definition. log E_y exp(sf(y)) is Λ(s) = log Σ_k w_k [G(sa, a_k) + G(sb, −a_k)] + log [G(sc, 0) + G(se, 0)], G(t, m) =
 * E[e^{ty}; y > 0], and E Λ(f(x)) an integral over each quadrant, with no majorant. */
typedef struct {
    const line *l;
    arb_ptr net;      /* a, b, c, e */
    int right, above; /* the quadrant */
} quadrant;

/* exponent: Λ(s); its logarithms are principal ones on balls of positive real part, or none. */
static void exponent(acb_t out, const acb_t s, const quadrant *q, slong precision)
{
    const line *l = q->l;
    acb_t t, sum, x;
    arb_t m;
    acb_init(t);
    acb_init(sum);
    acb_init(x);
    arb_init(m);
    for (int i = 0; i < 2; i++)
        for (slong k = 0; k < l->K; k++) {
            acb_mul_arb(t, s, q->net + i, precision);
            arb_set(m, l->a + k);
            if (i)
                arb_neg(m, m);
            gaussian_tail(x, t, m, precision);
            acb_addmul_arb(sum, x, l->weights + k, precision);
        }
    acb_log_analytic(out, sum, 1, precision);
    acb_zero(sum);
    arb_zero(m);
    for (int i = 2; i < 4; i++) {
        acb_mul_arb(t, s, q->net + i, precision);
        gaussian_tail(x, t, m, precision);
        acb_add(sum, sum, x, precision);
    }
    acb_log_analytic(sum, sum, 1, precision);
    acb_add(out, out, sum, precision);
    acb_clear(t);
    acb_clear(sum);
    acb_clear(x);
    arb_clear(m);
}

/* density at |x₁| = t_1 and |x₂| = t_0, times Λ there. */
static void weighed(acb_t out, acb_srcptr t, void *context, slong precision)
{
    const quadrant *q = context;
    acb_t s, x, density;
    arb_t m;
    acb_init(s);
    acb_init(x);
    acb_init(density);
    arb_init(m);
    acb_mul_arb(s, t + 1, q->net + !q->right, precision);
    acb_addmul_arb(s, t, q->net + 2 + !q->above, precision);
    exponent(out, s, q, precision);
    for (slong k = 0; k < q->l->K; k++) { /* exp(−½((t_1 ∓ a_k)² + t_0²))/2π */
        arb_set(m, q->l->a + k);
        if (!q->right)
            arb_neg(m, m);
        acb_sub_arb(x, t + 1, m, precision);
        acb_mul(x, x, x, precision);
        acb_addmul(x, t, t, precision);
        acb_mul_2exp_si(x, x, -1);
        acb_neg(x, x);
        acb_exp(x, x, precision);
        acb_addmul_arb(density, x, q->l->weights + k, precision);
    }
    acb_mul(out, out, density, precision);
    acb_const_pi(x, precision);
    acb_mul_2exp_si(x, x, 1);
    acb_div(out, out, x, precision);
    acb_clear(s);
    acb_clear(x);
    acb_clear(density);
    arb_clear(m);
}

/* value_at_most: the loss but for what lies beyond |x₁| ≤ edge + max|a_k| or |x₂| ≤ edge, where Λ(f) ≤ log 4 + ½max a_k² + ℓ⁴|x|², as G(t, m) ≤ e^{m²/2 + t²}; with |x|² ≤
 * 2(1 + max a_k²)(1 + |t|²), t the Gaussian part of x, E[(1 + |t|²); beyond] is the tail of two dimensions. */
static void value_at_most(arb_t out, const line *l, arb_ptr net, double tolerance)
{
    arb_t x, y, reach, growth;
    arb_ptr f = _arb_vec_init(l->K), low = _arb_vec_init(2), high = _arb_vec_init(2);
    const double edge = 9;
    arb_init(x);
    arb_init(y);
    arb_init(reach);
    arb_init(growth);
    for (slong k = 0; k < l->K; k++) {
        parts(x, y, l->a + k);
        arb_mul(f + k, x, net, PRECISION);
        arb_addmul(f + k, y, net + 1, PRECISION);
        arb_zero(x);
        phi(y, x);
        arb_addmul(f + k, y, net + 2, PRECISION);
        arb_addmul(f + k, y, net + 3, PRECISION);
        arb_abs(x, l->a + k);
        arb_max(reach, reach, x, PRECISION);
    }
    pairs_product(out, l, f);
    arb_neg(out, out);
    arb_set_d(high, edge);
    arb_add(high + 1, reach, high, PRECISION);
    upper(high + 1);
    for (int i = 0; i < 4; i++) {
        quadrant q = {l, net, i & 1, i & 2};
        box_integral(x, weighed, &q, 2, low, high, tolerance, 64);
        arb_add(out, out, x, PRECISION);
    }
    arb_dot(x, NULL, 0, net, 1, net, 1, 4, PRECISION);
    arb_mul(x, x, x, PRECISION); /* ℓ⁴ */
    arb_mul(y, reach, reach, PRECISION);
    arb_add_ui(growth, y, 1, PRECISION);
    arb_mul_2exp_si(growth, growth, 1);
    arb_mul(growth, growth, x, PRECISION);
    arb_mul_2exp_si(y, y, -1);
    arb_add(growth, growth, y, PRECISION);
    arb_set_ui(x, 4);
    arb_log(x, x, PRECISION);
    arb_add(growth, growth, x, PRECISION);
    arb_set_d(x, edge);
    tail_moment(y, x, 2);
    arb_addmul(out, growth, y, PRECISION);
    upper(out);
}

void check_relu(const certificate *c)
{
    static const char *const keys[] = {"right", "left", "up", "down"};
    const json_t *net = json_object_get(c->object, "net");
    line l;
    fmpq_t x, most, least;
    arb_t outside, inside;
    arb_ptr weights = _arb_vec_init(4);
    only(c->object, "claim property statement verdict map activation biases net majorant tilts loss_at_most inside_at_least sha256");
    only(net, "right left up down");
    only(json_object_get(c->object, "tilts"), "step cells matrices");
    only(json_object_get(c->object, "majorant"), "step along across");
    line_of(&l, c);
    fmpq_init(x);
    fmpq_init(most);
    fmpq_init(least);
    for (int i = 0; i < 4; i++) {
        number(x, json_object_get(net, keys[i]), keys[i]);
        ball(weights + i, x);
    }
    number(most, json_object_get(c->object, "loss_at_most"), "loss_at_most");
    number(least, json_object_get(c->object, "inside_at_least"), "inside_at_least");
    arb_init(outside);
    arb_init(inside);
    relu_inside(inside, &l, json_object_get(c->object, "tilts"));
    fmpq_sub(x, least, most);
    value_at_most(outside, &l, weights, fabs(fmpq_get_d(x)) * 1e-4 + 1e-12);
    between(c, outside, inside, false);
}
