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

/* parts: E[x₁₊ | k] and E[x₁₋ | k]. */
static void parts(arb_t plus, arb_t minus, const arb_t a)
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

/* One cell's law q of y ∝ F e^{θ·ζ(y)}, ζ = (y₊, y₋): its mean, and KL(q‖F) = θ·mean − log E e^{θ·ζ}. */
static void tilted(arb_ptr mean, arb_t divergence, const line *l, arb_srcptr theta)
{
    acb_t t, g;
    arb_t m, total, x, y;
    acb_init(t);
    acb_init(g);
    arb_init(m);
    arb_init(total);
    arb_init(x);
    arb_init(y);
    _arb_vec_zero(mean, 2);
    for (int side = 0; side < 2; side++)
        for (slong k = 0; k < l->K; k++) {
            arb_set(m, l->a + k);
            if (side)
                arb_neg(m, m);
            acb_set_arb(t, theta + side);
            gaussian_tail(g, t, m, PRECISION);
            arb_addmul(total, l->weights + k, acb_realref(g), PRECISION);
            /* ∂G/∂t = (m + t)G + φ(m): φ(m) = e^{tm + t²/2}φ(m + t) */
            arb_add(x, m, theta + side, PRECISION);
            phi(y, m);
            arb_addmul(y, x, acb_realref(g), PRECISION);
            arb_addmul(mean + side, l->weights + k, y, PRECISION);
        }
    arb_log(x, total, PRECISION);
    _arb_vec_scalar_div(mean, mean, 2, total, PRECISION);
    arb_dot(divergence, NULL, 0, theta, 1, mean, 1, 2, PRECISION);
    arb_sub(divergence, divergence, x, PRECISION);
    acb_clear(t);
    acb_clear(g);
    arb_clear(m);
    arb_clear(total);
    arb_clear(x);
    arb_clear(y);
}

/* cell sets P(cell) and E[|x₁|; cell] of low ≤ |x₁| ≤ high on a side; no high where it is the last. */
static void cell(arb_t mass, arb_t first, const line *l, int side, const arb_t low, const arb_t high)
{
    arb_t m, x, p, d;
    arb_init(m);
    arb_init(x);
    arb_init(p);
    arb_init(d);
    arb_zero(mass);
    arb_zero(first);
    for (slong k = 0; k < l->K; k++) {
        arb_set(m, l->a + k);
        if (side)
            arb_neg(m, m);
        arb_sub(x, m, low, PRECISION);
        probability(p, x);
        phi(d, x);
        if (high) {
            arb_t q;
            arb_init(q);
            arb_sub(x, m, high, PRECISION);
            probability(q, x);
            arb_sub(p, p, q, PRECISION);
            phi(q, x);
            arb_sub(d, d, q, PRECISION);
            arb_clear(q);
        }
        arb_addmul(mass, l->weights + k, p, PRECISION);
        arb_addmul(d, m, p, PRECISION);
        arb_addmul(first, l->weights + k, d, PRECISION);
    }
    arb_clear(m);
    arb_clear(x);
    arb_clear(p);
    arb_clear(d);
}

/* affine_bound sets Γ, 2 × 2, and c of L(M) ≥ ⟨M, Γ⟩ + c. */
static void affine_bound(arb_mat_t gamma, arb_t c, const line *l, const arb_mat_t m, const fmpq_t step, slong cells)
{
    arb_t low, high, middle, mass, first, kl, width;
    arb_ptr theta = _arb_vec_init(2), mean = _arb_vec_init(2), z = _arb_vec_init(4 * l->K);
    arb_init(low);
    arb_init(high);
    arb_init(middle);
    arb_init(mass);
    arb_init(first);
    arb_init(kl);
    arb_init(width);
    ball(width, step);
    arb_mat_zero(gamma);
    arb_zero(c);
    for (int side = 0; side < 2; side++)
        for (slong i = 0; i < cells; i++) {
            bool last = i == cells - 1;
            arb_mul_si(low, width, i, PRECISION);
            arb_add(high, low, width, PRECISION);
            arb_add(middle, low, high, PRECISION);
            arb_mul_2exp_si(middle, middle, -1);
            if (last) {
                arb_set_ui(middle, 10);
                arb_inv(middle, middle, PRECISION);
                arb_add(middle, middle, low, PRECISION);
            }
            for (int j = 0; j < 2; j++)
                arb_mul(theta + j, arb_mat_entry(m, side, j), middle, PRECISION);
            tilted(mean, kl, l, theta);
            cell(mass, first, l, side, low, last ? NULL : high);
            arb_submul(c, mass, kl, PRECISION);
            for (int j = 0; j < 2; j++)
                arb_addmul(arb_mat_entry(gamma, side, j), first, mean + j, PRECISION);
        }
    for (slong k = 0; k < l->K; k++)
        parts(z + k, z + l->K + k, l->a + k);
    for (int i = 0; i < 2; i++) { /* E ζ_iζ̂_i, and E ζ₊ζ̂₋ by polarisation */
        pairs_product(mass, l, z + i * l->K);
        arb_sub(arb_mat_entry(gamma, i, i), arb_mat_entry(gamma, i, i), mass, PRECISION);
    }
    _arb_vec_add(z + 2 * l->K, z, z + l->K, l->K, PRECISION);
    _arb_vec_sub(z + 3 * l->K, z, z + l->K, l->K, PRECISION);
    pairs_product(mass, l, z + 2 * l->K);
    pairs_product(first, l, z + 3 * l->K);
    arb_sub(mass, mass, first, PRECISION);
    arb_mul_2exp_si(mass, mass, -2);
    for (int i = 0; i < 2; i++)
        arb_sub(arb_mat_entry(gamma, i, !i), arb_mat_entry(gamma, i, !i), mass, PRECISION);
}

/* inside_at_least: of one matrix, c where sym Γ ≻ 0, for one tower. Of five Σ λ_j c_j with Σ λ_j Γ_j = 0, Σ λ_j = 1 and λ > 0. */
static void value_at_least(arb_t out, const line *l, const json_t *tilts)
{
    const json_t *list = json_object_get(tilts, "matrices");
    slong count = json_array_size(list), cells = integer(json_object_get(tilts, "cells"), "cells");
    fmpq_t step;
    fmpq_init(step);
    number(step, json_object_get(tilts, "step"), "step");
    if ((count != 1 && count != 5) || cells < 1 || cells > 10000 || fmpq_sgn(step) <= 0)
        refuse("tilts: expected 1 or 5 matrices, cells and a step");
    arb_mat_t system, right, lambda, gamma, m;
    arb_ptr c = _arb_vec_init(count);
    arb_mat_init(system, 5, count);
    arb_mat_init(right, 5, 1);
    arb_mat_init(lambda, 5, 1);
    arb_mat_init(gamma, 2, 2);
    arb_mat_init(m, 2, 2);
    for (slong i = 0; i < count; i++) {
        const json_t *rows = json_array_get(list, i);
        for (int a = 0; a < 2; a++) {
            fmpq_mat_t row;
            numbers(row, json_array_get(rows, a), 2, "matrices");
            for (int b = 0; b < 2; b++)
                ball(arb_mat_entry(m, a, b), fmpq_mat_entry(row, b, 0));
        }
        affine_bound(gamma, c + i, l, m, step, cells);
        for (int j = 0; j < 4; j++)
            arb_set(arb_mat_entry(system, j, i), arb_mat_entry(gamma, j / 2, j % 2));
        arb_one(arb_mat_entry(system, 4, i));
    }
    arb_zero(out);
    if (count == 1) {
        symmetrise(gamma);
        if (!surely_definite(gamma))
            refuse("tilts: the bound falls without end, as its slope is not positive definite");
        arb_set(out, c);
        return;
    }
    arb_one(arb_mat_entry(right, 4, 0));
    if (!arb_mat_solve(lambda, system, right, PRECISION))
        refuse("tilts: the five slopes are dependent");
    for (int i = 0; i < 5; i++) {
        if (!arb_is_positive(arb_mat_entry(lambda, i, 0)))
            refuse("tilts: no mean of the five slopes is 0");
        arb_addmul(out, arb_mat_entry(lambda, i, 0), c + i, PRECISION);
    }
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
    value_at_least(inside, &l, json_object_get(c->object, "tilts"));
    fmpq_sub(x, least, most);
    value_at_most(outside, &l, weights, fabs(fmpq_get_d(x)) * 1e-4 + 1e-12);
    between(c, outside, inside, false);
}
