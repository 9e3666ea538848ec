#include "logistic.h"

#include <math.h>

/* Means of the triplet and the sigmoid loss, sums of weight · E log(1 + e^{±t}), t = xᵀMv + b, over labels, given which x ∼ N(α, I) and v ∼ N(β, τI) are independent. The logistic
 * function is a Mellin–Barnes integral over a line beside the poles of its kernel, and so are σ − 1, on the other side of the pole at 0, and σ′:
 *
 *     σ(t) = (1/2πi) ∫ π e^{st}/sin πs ds  (0 < Re s < 1; σ(t) − 1 for −1 < Re s < 0),     σ′(t) = (1/2πi) ∫ πs e^{st}/sin πs ds  (|Re s| < 1),
 *
 * so that a mean of σ(t) times a polynomial is ∫_0^∞ Re[E e^{st}(…)/sin πs] dω, s = c + iω, where e^{st} leaves x and v Gaussian (tilt.c). |sin πs| ≥ sinh πω bounds the rest.
 */
/* unknown: of symmetric matrices in an orthonormal basis, diagonal ones first, then the bias. */
static bool off_diagonal(const logistic *f, slong i, slong *a, slong *b)
{
    slong s = f->p->s;
    *a = *b = i;
    if (i < s)
        return false;
    for (i -= s, *a = 1; i >= *a; i -= *a, ++*a)
        ;
    *b = i;
    return true;
}

static bool is_bias(const logistic *f, slong i) { return f->free && i == f->unknowns - 1; }

/* quadratic: A with zᵀAz = ∂t/∂(unknown i), 2s × 2s: x_av_a, or (x_av_b + x_bv_a)/√2. */
static void quadratic(arb_mat_t out, const logistic *f, slong i)
{
    slong s = f->p->s, a, b;
    arb_t x;
    arb_init(x);
    arb_mat_zero(out);
    bool off = off_diagonal(f, i, &a, &b);
    arb_set_ui(x, off ? 8 : 4);
    arb_rsqrt(x, x, PRECISION); /* ½ on both sides of the diagonal; ½/√2 */
    arb_set(arb_mat_entry(out, a, s + b), x);
    arb_set(arb_mat_entry(out, b, s + a), x);
    arb_set(arb_mat_entry(out, s + b, a), x);
    arb_set(arb_mat_entry(out, s + a, b), x);
    arb_clear(x);
}

/* mean_form: tr AP⁻¹ + z̄ᵀAz̄, the mean of zᵀAz. */
static void mean_form(acb_t out, const logistic *f, const acb_mat_t a, slong precision)
{
    slong n = 2 * f->p->s;
    acb_t x;
    acb_init(x);
    acb_zero(out);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++) {
            if (acb_is_zero(acb_mat_entry(a, i, j)))
                continue;
            acb_set(x, acb_mat_entry(f->t.covariance, i, j));
            acb_addmul(x, f->t.mean + i, f->t.mean + j, precision);
            acb_addmul(out, x, acb_mat_entry(a, i, j), precision);
        }
    acb_clear(x);
}

/* mean_product: of zᵀAz · zᵀBz, E zᵀAz · E zᵀBz + 2 tr AP⁻¹BP⁻¹ + 4 z̄ᵀAP⁻¹Bz̄. */
static void mean_product(acb_t out, const logistic *f, const acb_mat_t a, const acb_mat_t b, slong precision)
{
    slong n = 2 * f->p->s;
    acb_mat_t left, right, both;
    acb_t x, y;
    acb_init(x);
    acb_init(y);
    acb_mat_init(left, n, n);
    acb_mat_init(right, n, n);
    acb_mat_init(both, n, n);
    mean_form(x, f, a, precision);
    mean_form(y, f, b, precision);
    acb_mul(out, x, y, precision);
    acb_mat_mul(left, a, f->t.covariance, precision);
    acb_mat_mul(right, b, f->t.covariance, precision);
    acb_mat_mul(both, left, right, precision);
    acb_mat_trace(x, both, precision);
    acb_mul_2exp_si(x, x, 1);
    acb_add(out, out, x, precision);
    acb_mat_mul(both, left, b, precision);
    acb_zero(x);
    for (slong i = 0; i < n; i++) {
        acb_dot(y, NULL, 0, both->rows[i], 1, f->t.mean, 1, n, precision);
        acb_addmul(x, y, f->t.mean + i, precision);
    }
    acb_mul_2exp_si(x, x, 2);
    acb_add(out, out, x, precision);
    acb_clear(x);
    acb_clear(y);
    acb_mat_clear(left);
    acb_mat_clear(right);
    acb_mat_clear(both);
}

/* polynomial: the mean of ∂t/∂(unknown i), or of that times the j-th. */
static void polynomial(acb_t out, const logistic *f, acb_mat_struct *forms, slong precision)
{
    bool one = is_bias(f, f->i), other = f->j < 0 || is_bias(f, f->j);
    if (one && other)
        acb_one(out);
    else if (one || other)
        mean_form(out, f, one ? forms + 1 : forms, precision);
    else
        mean_product(out, f, forms, forms + 1, precision);
}

static void kernel(acb_t out, acb_srcptr omega, void *context, slong precision)
{
    logistic *f = context;
    slong n = 2 * f->p->s;
    acb_t s, x, y;
    acb_mat_struct forms[2];
    arb_mat_t a;
    acb_init(s);
    acb_init(x);
    acb_init(y);
    arb_mat_init(a, n, n);
    for (int i = 0; i < 2; i++) {
        slong unknown = i ? f->j : f->i;
        acb_mat_init(forms + i, n, n);
        if (unknown >= 0 && !is_bias(f, unknown)) {
            quadratic(a, f, unknown);
            acb_mat_set_arb_mat(forms + i, a);
        }
    }
    acb_mul_onei(s, omega);
    (f->side < 0 ? acb_sub_arb : acb_add_arb)(s, s, f->reach, precision);
    tilt_at(&f->t, f->m, s, f->tau, precision);
    acb_zero(out);
    for (slong k = 0; k < f->count; k++) {
        label *of = f->labels + k;
        if (f->side && of->side != f->side)
            continue;
        tilt_from(&f->t, of->alpha, of->beta, f->tau, precision);
        polynomial(x, f, forms, precision);
        acb_mul(x, x, f->t.weight, precision);
        acb_addmul_arb(out, x, of->weight, precision);
    }
    if (f->bias) {
        acb_mul_arb(x, s, f->bias, precision);
        acb_exp(x, x, precision);
        acb_mul(out, out, x, precision);
    }
    if (f->j >= 0)
        acb_mul(out, out, s, precision);
    acb_sin_pi(x, s, precision);
    acb_div(out, out, x, precision);
    acb_clear(s);
    acb_clear(x);
    acb_clear(y);
    arb_mat_clear(a);
    acb_mat_clear(forms);
    acb_mat_clear(forms + 1);
}

/* logistic_moment: E e^{Re s t}(1 + |z|² + |z|⁴) over labels of a side, z = (x, v), which bounds E|e^{st}(…)| on the line, as |x_av_b| ≤ ½|z|². */
void logistic_moment(arb_t out, logistic *f, int side)
{
    slong n = 2 * f->p->s;
    acb_t s, sum, x;
    acb_mat_t one;
    acb_init(s);
    acb_init(sum);
    acb_init(x);
    acb_mat_init(one, n, n);
    acb_mat_one(one);
    acb_set_arb(s, f->reach);
    if (side < 0)
        acb_neg(s, s);
    tilt_at(&f->t, f->m, s, f->tau, PRECISION);
    arb_zero(out);
    for (slong k = 0; k < f->count; k++) {
        label *of = f->labels + k;
        if (side && of->side != side)
            continue;
        tilt_from(&f->t, of->alpha, of->beta, f->tau, PRECISION);
        mean_form(sum, f, one, PRECISION);
        mean_product(x, f, one, one, PRECISION);
        acb_add(sum, sum, x, PRECISION);
        acb_add_ui(sum, sum, 1, PRECISION);
        acb_mul(sum, sum, f->t.weight, PRECISION);
        arb_addmul(out, acb_realref(sum), of->weight, PRECISION);
    }
    if (f->bias) {
        acb_mul_arb(x, s, f->bias, PRECISION);
        acb_exp(x, x, PRECISION);
        arb_mul(out, out, acb_realref(x), PRECISION);
    }
    upper(out);
    acb_clear(s);
    acb_clear(sum);
    acb_clear(x);
    acb_mat_clear(one);
}

/* one_line: the integral over 0 ≤ ω ≤ Ω, and ∫_Ω^∞ (1 + ω) moment/sinh πω dω ≤ 2 moment e^{−πΩ}((1 + Ω)/π + 1/π²)/(1 − e^{−2πΩ}), as |s| ≤ 1 + ω. */
static void one_line(arb_t out, logistic *f, double tolerance)
{
    arb_t moment, low, high, pi, x, y;
    arb_init(moment);
    arb_init(low);
    arb_init(high);
    arb_init(pi);
    arb_init(x);
    arb_init(y);
    logistic_moment(moment, f, f->side);
    double size = arf_get_d(arb_midref(moment), ARF_RND_UP);
    if (!(size < 1e200))
        unserved("the moments of a weighed score are too large");
    double bits = log2(fmax(size, 1) / tolerance);
    arb_set_d(high, ceil((bits * log(2) + 5) / M_PI));
    box_integral(out, kernel, f, 1, low, high, tolerance, 40 + (slong)bits);
    arb_const_pi(pi, PRECISION);
    arb_inv(x, pi, PRECISION);
    arb_add(y, high, x, PRECISION);
    arb_add_ui(y, y, 1, PRECISION);
    arb_mul(y, y, x, PRECISION);
    arb_mul(x, pi, high, PRECISION);
    arb_neg(x, x);
    arb_exp(x, x, PRECISION);
    arb_mul(y, y, x, PRECISION);
    arb_mul(x, x, x, PRECISION);
    arb_sub_ui(x, x, 1, PRECISION);
    arb_neg(x, x);
    arb_div(y, y, x, PRECISION);
    arb_mul_2exp_si(y, y, 1);
    arb_mul(y, y, moment, PRECISION);
    arb_add_error(out, y);
    arb_clear(moment);
    arb_clear(low);
    arb_clear(high);
    arb_clear(pi);
    arb_clear(x);
    arb_clear(y);
}

/* logistic_integral encloses ∂L/∂(unknown i), or where j ≥ 0 the second derivative. Of the gradient log(1 + e^{−t}) has the slope σ(t) − 1. */
void logistic_integral(arb_t out, logistic *f, slong i, slong j, double tolerance)
{
    f->i = i, f->j = j;
    if (j >= 0) {
        f->side = 0;
        one_line(out, f, tolerance);
        return;
    }
    arb_t x;
    arb_init(x);
    arb_zero(out);
    for (f->side = -1; f->side <= 1; f->side += 2) {
        bool any = false;
        for (slong k = 0; k < f->count; k++)
            any = any || f->labels[k].side == f->side;
        if (!any)
            continue;
        one_line(x, f, tolerance / 2);
        arb_add(out, out, x, PRECISION);
    }
    arb_clear(x);
}
