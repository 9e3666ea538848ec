#include "check.h"

/* What ReLU networks that see x₁ alone have at least. One without biases is Bζ(x), ζ(x) = (x₁₊, x₁₋), so that the loss is a function L(M) of a 2 × 2 matrix, of two towers any,
 * of one M ⪰ 0. Each cell of x₁ gives y a law q; by Gibbs' inequality log E e^{s(y)} ≥ E_q s − KL(q‖F), and L(M) ≥ ⟨M, Γ⟩ + c for all M. */

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

/* relu_inside: of one matrix, c where sym Γ ≻ 0, for one tower. Of five Σ λ_j c_j with Σ λ_j Γ_j = 0, Σ λ_j = 1 and λ > 0. */
void relu_inside(arb_t out, const line *l, const json_t *tilts)
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
