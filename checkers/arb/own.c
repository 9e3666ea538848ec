#include "own.h"

#include <math.h>

/* own_of: coordinates τ of S_F = span{Σ̄⁻¹μ_k} in which Σ̄ is I: with V = Σ̄⁻¹W, g = VᵀΣ̄V = RᵀR and U = VR⁻¹, τ = Uᵀx, given k of the mean m_k = Uᵀμ_k and the covariance
 * S_k = UᵀΣ_kU, and M̂ = VNVᵀ = U(RNRᵀ)Uᵀ. */
void own_of(own *o, const mixture *law)
{
    slong K = law->components, d = law->dimension;
    mixture pooled = *law;
    fmpq_mat_t mean, scaled, w;
    arb_mat_t inverse;
    fmpq_mat_init(mean, d, d);
    fmpq_mat_init(scaled, d, d);
    for (slong k = 0; k < K; k++) {
        fmpq_mat_scalar_mul_fmpq(scaled, law->covariances + k, law->weights + k);
        fmpq_mat_add(mean, mean, scaled);
    }
    pooled.covariances = mean;
    pooled.own = false;
    plane_of(&o->p, &pooled);
    o->p.law = o->law = law;
    o->logarithms = _arb_vec_init(K);
    for (slong k = 0; k < K; k++)
        arb_log(o->logarithms + k, o->p.weights + k, PRECISION);
    slong s = o->p.s;
    fmpq_mat_init(w, d, s);
    for (slong i = 0; i < d; i++)
        for (slong a = 0; a < s; a++)
            fmpq_set(fmpq_mat_entry(w, i, a), fmpq_mat_entry(law->means, o->p.basis[a], i));
    fmpq_mat_inv(scaled, mean);
    times(o->v, scaled, w);
    balls(o->u, o->v);
    arb_mat_init(inverse, s, s);
    if (!arb_mat_inv(inverse, o->p.root, PRECISION))
        unserved("means that are nearly dependent");
    arb_mat_mul(o->u, o->u, inverse, PRECISION);
    for (slong k = 0; k < K; k++) { /* S_k and its Cholesky factor */
        arb_mat_t sigma, turned;
        balls(sigma, law->covariances + k);
        arb_mat_init(turned, s, d);
        arb_mat_transpose(turned, o->u);
        arb_mat_init(o->spread + k, s, s);
        arb_mat_init(o->factor + k, s, s);
        arb_mat_mul(turned, turned, sigma, PRECISION);
        arb_mat_mul(o->spread + k, turned, o->u, PRECISION);
        symmetrise(o->spread + k);
        if (!arb_mat_cho(o->factor + k, o->spread + k, PRECISION))
            unserved("a covariance that is nearly singular on the subspace");
    }
}

/* invariant: Σ_kV lies in the span of W for all k, that is Σ_kV = Wg⁻¹VᵀΣ_kV. */
bool invariant(const own *o)
{
    slong d = o->law->dimension, s = o->p.s;
    for (slong k = 0; k < o->law->components; k++) {
        fmpq_mat_t image, both;
        times(image, o->law->covariances + k, o->v);
        fmpq_mat_init(both, d, 2 * s);
        for (slong i = 0; i < d; i++)
            for (slong a = 0; a < s; a++) {
                fmpq_set(fmpq_mat_entry(both, i, a), fmpq_mat_entry(o->law->means, o->p.basis[a], i));
                fmpq_set(fmpq_mat_entry(both, i, s + a), fmpq_mat_entry(image, i, a));
            }
        slong columns[2 * s + 1];
        if (pivots(columns, both) > s)
            return false;
    }
    return true;
}

/* along sets what is needed of a direction u: uᵀμ_k, σ_k = UᵀΣ_ku and uᵀΣ_ku. */
void along(direction *to, const own *o, const arb_mat_t u)
{
    slong K = o->p.K, d = o->law->dimension, s = o->p.s;
    to->means = _arb_vec_init(K);
    to->variances = _arb_vec_init(K);
    arb_mat_init(to->sigma, K, s);
    arb_mat_init(to->solved, K, s);
    for (slong k = 0; k < K; k++) {
        arb_mat_t sigma, image, turned, part, mean;
        balls(sigma, o->law->covariances + k);
        arb_mat_init(image, d, 1);
        arb_mat_mul(image, sigma, u, PRECISION);
        arb_mat_init(turned, s, d);
        arb_mat_transpose(turned, o->u);
        arb_mat_init(part, s, 1);
        arb_mat_mul(part, turned, image, PRECISION);
        for (slong a = 0; a < s; a++)
            arb_set(arb_mat_entry(to->sigma, k, a), arb_mat_entry(part, a, 0));
        arb_mat_solve_tril(part, o->factor + k, part, 0, PRECISION);
        for (slong a = 0; a < s; a++)
            arb_set(arb_mat_entry(to->solved, k, a), arb_mat_entry(part, a, 0));
        arb_dot(to->variances + k, NULL, 0, u->entries, 1, image->entries, 1, d, PRECISION);
        balls(mean, o->law->means);
        arb_dot(to->means + k, NULL, 0, u->entries, 1, mean->rows[k], 1, d, PRECISION);
    }
}

/* The integral of uᵀ∇f v: τ = m_j + C_jξ given j, C_jC_jᵀ = S_j. */
typedef struct {
    const own *o;
    const direction *u, *v;
    acb_ptr tau, pulled, p; /* τ; M̂τ; the softmax */
} integral;

static void softmax_at(integral *of, slong precision)
{
    const own *o = of->o;
    slong K = o->p.K, s = o->p.s, top = 0;
    double most = 0;
    acb_t x, y;
    acb_init(x);
    acb_init(y);
    for (slong k = 0; k < K; k++) { /* log w_k + τᵀM̂m_k + ½ τᵀM̂S_kM̂τ */
        acb_ptr p = of->p + k;
        acb_set_arb(p, o->logarithms + k);
        for (slong a = 0; a < s; a++) {
            acb_mul_arb(x, of->pulled + a, arb_mat_entry(o->p.means, k, a), precision);
            acb_add(p, p, x, precision);
            acb_zero(y);
            for (slong b = 0; b < s; b++)
                acb_addmul_arb(y, of->pulled + b, arb_mat_entry(o->spread + k, a, b), precision);
            acb_mul(x, y, of->pulled + a, precision);
            acb_mul_2exp_si(x, x, -1);
            acb_add(p, p, x, precision);
        }
        double size = arf_get_d(arb_midref(acb_realref(p)), ARF_RND_NEAR);
        if (k == 0 || size > most)
            top = k, most = size;
    }
    acb_set(y, of->p + top);
    acb_zero(x);
    for (slong k = 0; k < K; k++) {
        acb_sub(of->p + k, of->p + k, y, precision);
        if (k == top)
            acb_one(of->p + k);
        else
            acb_exp(of->p + k, of->p + k, precision);
        acb_add(x, x, of->p + k, precision);
    }
    acb_inv(x, x, precision);
    _acb_vec_scalar_mul(of->p, of->p, K, x, precision);
    acb_clear(x);
    acb_clear(y);
}

/* seen: Σ_k p_k (vᵀμ_k + σ_k(v)ᵀM̂τ), the mean of vᵀy. */
static void seen(acb_t out, const integral *of, const direction *v, slong precision)
{
    acb_t x;
    acb_init(x);
    acb_zero(out);
    for (slong k = 0; k < of->o->p.K; k++) {
        acb_set_arb(x, v->means + k);
        for (slong a = 0; a < of->o->p.s; a++)
            acb_addmul_arb(x, of->pulled + a, arb_mat_entry(v->sigma, k, a), precision);
        acb_addmul(out, x, of->p + k, precision);
    }
    acb_clear(x);
}

/* given: E[uᵀx | τ, j] = uᵀμ_j + σ_j(u)ᵀS_j⁻¹C_jξ = uᵀμ_j + (C_j⁻¹σ_j(u))ᵀξ. */
static void given(acb_t out, const integral *of, const direction *u, slong j, acb_srcptr xi, slong precision)
{
    acb_set_arb(out, u->means + j);
    for (slong a = 0; a < of->o->p.s; a++)
        acb_addmul_arb(out, xi + a, arb_mat_entry(u->solved, j, a), precision);
}

static void product(acb_t out, acb_srcptr xi, void *context, slong precision)
{
    integral *of = context;
    const own *o = of->o;
    slong s = o->p.s;
    acb_t x, y, z;
    acb_init(x);
    acb_init(y);
    acb_init(z);
    acb_zero(out);
    for (slong j = 0; j < o->p.K; j++) {
        for (slong a = 0; a < s; a++) {
            acb_set_arb(of->tau + a, arb_mat_entry(o->p.means, j, a));
            for (slong b = 0; b <= a; b++)
                acb_addmul_arb(of->tau + a, xi + b, arb_mat_entry(o->factor + j, a, b), precision);
        }
        for (slong a = 0; a < s; a++) {
            acb_zero(of->pulled + a);
            for (slong b = 0; b < s; b++)
                acb_addmul_arb(of->pulled + a, of->tau + b, arb_mat_entry(o->m, a, b), precision);
        }
        softmax_at(of, precision);
        given(x, of, of->u, j, xi, precision);
        seen(y, of, of->v, precision);
        acb_mul(z, x, y, precision);
        given(x, of, of->v, j, xi, precision);
        seen(y, of, of->u, precision);
        acb_addmul(z, x, y, precision);
        acb_mul_2exp_si(z, z, -1);
        acb_addmul_arb(out, z, o->p.weights + j, precision);
    }
    acb_clear(x);
    acb_clear(y);
    acb_clear(z);
}

/* size_of: at least |x|, and a product of such that no underflow makes smaller. */
static double size_of(arb_srcptr x)
{
    arb_t high;
    arb_init(high);
    arb_abs(high, x);
    upper(high);
    double size = arf_get_d(arb_midref(high), ARF_RND_UP);
    arb_clear(high);
    return size;
}

static double product_of(double x, double y)
{
    const double smallest = 1e-290;
    return fmax(x * y, smallest);
}

/* growth: α of |uᵀE[x|τ, j]| ≤ α(1 + |ξ|), and of |seen| likewise. */
static double growth(const own *o, const direction *u, bool tilted)
{
    double most = 0, form = 0, reach = 0;
    for (slong i = 0; i < o->p.s * o->p.s; i++)
        form = hypot(form, size_of(o->m->entries + i));
    for (slong k = 0; k < o->p.K; k++) {
        double trace = 0;
        for (slong a = 0; a < o->p.s; a++)
            trace += size_of(arb_mat_entry(o->spread + k, a, a));
        reach = fmax(reach, o->p.reach + sqrt(trace));
    }
    for (slong k = 0; k < o->p.K; k++) {
        double size = 0;
        for (slong a = 0; a < o->p.s; a++)
            size = hypot(size, size_of(arb_mat_entry(tilted ? u->sigma : u->solved, k, a)));
        if (tilted)
            size = product_of(product_of(size, form), reach);
        most = fmax(most, size + size_of(u->means + k));
    }
    return most * (1 + 1e-6);
}

/* slope encloses uᵀ∇f(M̂)v = sym E (uᵀx)(vᵀy) − uᵀTv. */
void slope_between(arb_t out, const own *o, const direction *u, const direction *v, double tolerance)
{
    slong K = o->p.K, s = o->p.s;
    integral of = {o, u, v, _acb_vec_init(s), _acb_vec_init(s), _acb_vec_init(K)};
    double size = product_of(growth(o, u, false), growth(o, v, true)) + product_of(growth(o, v, false), growth(o, u, true));
    gaussian_integral(out, product, &of, s, 2 * size, tolerance);
    arb_t mean_u, mean_v, both;
    arb_init(mean_u);
    arb_init(mean_v);
    arb_init(both);
    for (slong k = 0; k < K; k++) {
        arb_addmul(mean_u, o->p.weights + k, u->means + k, PRECISION);
        arb_addmul(mean_v, o->p.weights + k, v->means + k, PRECISION);
        arb_t x;
        arb_init(x);
        arb_mul(x, u->means + k, v->means + k, PRECISION);
        arb_addmul(both, x, o->p.weights + k, PRECISION);
        arb_clear(x);
    }
    arb_mul(mean_u, mean_u, mean_v, PRECISION); /* uᵀTv = δ(both − ūv̄) + ūv̄ */
    arb_sub(both, both, mean_u, PRECISION);
    arb_addmul(mean_u, both, o->p.delta, PRECISION);
    arb_sub(out, out, mean_u, PRECISION);
    arb_clear(mean_u);
    arb_clear(mean_v);
    arb_clear(both);
    _acb_vec_clear(of.tau, s);
    _acb_vec_clear(of.pulled, s);
    _acb_vec_clear(of.p, K);
}
