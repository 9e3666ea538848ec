#include "check.h"

/* Means under a pair of independent Gaussian vectors x ∼ N(α, I), v ∼ N(β, τI) weighed by exp(θxᵀMv). With z = (x, v) that is one Gaussian of 2s dimensions and the
 * precision P = diag(I, I/τ) − θ[0 M; M 0], a complex symmetric matrix. Where its real part is positive definite, so are those of its Schur complements, and √det P is the
 * product of the principal roots of the pivots. */
void tilt_init(tilt *t, slong s)
{
    t->s = s;
    acb_mat_init(t->precision, 2 * s, 2 * s);
    acb_mat_init(t->covariance, 2 * s, 2 * s);
    acb_mat_init(t->factor, 2 * s, 2 * s);
    acb_init(t->mass);
    acb_init(t->weight);
    t->mean = _acb_vec_init(2 * s);
    t->start = _acb_vec_init(2 * s);
}

void tilt_clear(tilt *t)
{
    acb_mat_clear(t->precision);
    acb_mat_clear(t->covariance);
    acb_mat_clear(t->factor);
    acb_clear(t->mass);
    acb_clear(t->weight);
    _acb_vec_clear(t->mean, 2 * t->s);
    _acb_vec_clear(t->start, 2 * t->s);
}

/* at sets θ: the covariance P⁻¹, by the factorisation P = LDLᵀ, and the mass √(det diag(I, I/τ)/det P). Balls in which a pivot might be no pivot make them indeterminate. */
void tilt_at(tilt *t, const arb_mat_t m, const acb_t theta, slong tau, slong precision)
{
    slong s = t->s, n = 2 * s;
    acb_mat_struct *l = t->factor, *p = t->precision;
    acb_t x;
    acb_init(x);
    acb_mat_zero(p);
    for (slong i = 0; i < s; i++) {
        acb_one(acb_mat_entry(p, i, i));
        acb_one(acb_mat_entry(p, s + i, s + i));
        acb_div_si(acb_mat_entry(p, s + i, s + i), acb_mat_entry(p, s + i, s + i), tau, precision);
        for (slong j = 0; j < s; j++) {
            acb_mul_arb(x, theta, arb_mat_entry(m, i, j), precision);
            acb_neg(acb_mat_entry(p, i, s + j), x);
            acb_neg(acb_mat_entry(p, s + j, i), x);
        }
    }
    acb_mat_one(l);
    acb_one(t->mass);
    for (slong k = 0; k < n; k++) { /* p becomes the Schur complements, l the columns of L */
        acb_ptr pivot = acb_mat_entry(p, k, k);
        for (slong i = k + 1; i < n; i++)
            acb_div(acb_mat_entry(l, i, k), acb_mat_entry(p, i, k), pivot, precision);
        for (slong i = k + 1; i < n; i++)
            for (slong j = k + 1; j < n; j++)
                acb_submul(acb_mat_entry(p, i, j), acb_mat_entry(l, i, k), acb_mat_entry(p, k, j), precision);
        acb_sqrt_analytic(x, pivot, 1, precision);
        acb_mul(t->mass, t->mass, x, precision);
    }
    acb_inv(t->mass, t->mass, precision);
    arb_t root;
    arb_init(root);
    arb_set_si(root, tau);
    arb_rsqrt(root, root, precision);
    for (slong i = 0; i < s; i++)
        acb_mul_arb(t->mass, t->mass, root, precision);
    arb_clear(root);

    /* P⁻¹ = L⁻ᵀD⁻¹L⁻¹, l becoming L⁻¹. */
    for (slong j = 0; j < n; j++)
        for (slong i = n - 1; i > j; i--) {
            acb_neg(x, acb_mat_entry(l, i, j));
            acb_set(acb_mat_entry(l, i, j), x);
        }
    acb_mat_t inverse;
    acb_mat_init(inverse, n, n);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j <= i; j++) {
            acb_ptr entry = acb_mat_entry(inverse, i, j);
            if (i == j) {
                acb_one(entry);
                continue;
            }
            for (slong k = j; k < i; k++)
                acb_addmul(entry, acb_mat_entry(l, i, k), acb_mat_entry(inverse, k, j), precision);
        }
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j <= i; j++) {
            acb_ptr entry = acb_mat_entry(t->covariance, i, j);
            acb_zero(entry);
            for (slong k = i; k < n; k++) {
                acb_mul(x, acb_mat_entry(inverse, k, i), acb_mat_entry(inverse, k, j), precision);
                acb_div(x, x, acb_mat_entry(p, k, k), precision);
                acb_add(entry, entry, x, precision);
            }
            acb_set(acb_mat_entry(t->covariance, j, i), entry);
        }
    acb_mat_clear(inverse);
    acb_clear(x);
}

/* from sets α and β: the mean P⁻¹(α, β/τ), and the weight E exp(θxᵀMv) = mass · exp(½ hᵀP⁻¹h − ½(|α|² + |β|²/τ)), h = (α, β/τ). */
void tilt_from(tilt *t, arb_srcptr alpha, arb_srcptr beta, slong tau, slong precision)
{
    slong s = t->s;
    acb_t exponent, x;
    arb_t y;
    acb_init(exponent);
    acb_init(x);
    arb_init(y);
    for (slong i = 0; i < s; i++) {
        acb_set_arb(t->start + i, alpha + i);
        acb_set_arb(t->start + s + i, beta + i);
        acb_div_si(t->start + s + i, t->start + s + i, tau, precision);
    }
    for (slong i = 0; i < 2 * s; i++)
        acb_dot(t->mean + i, NULL, 0, t->covariance->rows[i], 1, t->start, 1, 2 * s, precision);
    acb_dot(exponent, NULL, 0, t->start, 1, t->mean, 1, 2 * s, precision);
    for (slong i = 0; i < s; i++) {
        arb_mul(y, alpha + i, alpha + i, precision);
        acb_sub_arb(exponent, exponent, y, precision);
        arb_mul(y, beta + i, beta + i, precision);
        arb_div_si(y, y, tau, precision);
        acb_sub_arb(exponent, exponent, y, precision);
    }
    acb_mul_2exp_si(exponent, exponent, -1);
    acb_exp(exponent, exponent, precision);
    acb_mul(t->weight, t->mass, exponent, precision);
    acb_clear(exponent);
    acb_clear(x);
    arb_clear(y);
}

/* tilt_product: the mean of ½(x_a v_b + x_b v_a), once weighed. */
void tilt_product(acb_t out, const tilt *t, slong a, slong b, slong precision)
{
    slong s = t->s;
    acb_mul(out, t->mean + a, t->mean + s + b, precision);
    acb_addmul(out, t->mean + b, t->mean + s + a, precision);
    acb_add(out, out, acb_mat_entry(t->covariance, a, s + b), precision);
    acb_add(out, out, acb_mat_entry(t->covariance, b, s + a), precision);
    acb_mul_2exp_si(out, out, -1);
}
