#include "check.h"

#include <math.h>
#include <stdlib.h>

/* The Fisher subspace in coordinates of its own. With Σ = LLᵀ and L⁻¹W = QR, Q orthonormal, x ↦ QᵀL⁻¹x takes the mixture to Σ w_k N(m_k, I) in s dimensions, and M̂ =
 * Σ⁻¹WNWᵀΣ⁻¹ to RNRᵀ. As g = WᵀΣ⁻¹W = RᵀR, R is Cholesky's factor of g, and m_k = R⁻ᵀWᵀΣ⁻¹μ_k: neither L nor Q is needed. */
void plane_of(plane *p, const mixture *law)
{
    slong K = law->components, d = law->dimension;
    fmpq_mat_t columns, inverse, image, all;
    p->law = law, p->K = K;
    fmpq_mat_init(columns, d, K);
    fmpq_mat_transpose(columns, law->means);
    p->basis = malloc(K * sizeof *p->basis);
    p->s = pivots(p->basis, columns);

    slong s = p->s;
    fmpq_mat_init(inverse, d, d);
    fmpq_mat_inv(inverse, law->covariances);
    times(image, inverse, columns); /* Σ⁻¹μ_k */
    times(all, law->means, image);  /* μ_jᵀΣ⁻¹μ_k */
    fmpq_mat_init(p->gram, s, s);
    fmpq_mat_init(p->b, K, s);
    for (slong i = 0; i < s; i++) {
        for (slong k = 0; k < K; k++)
            fmpq_set(fmpq_mat_entry(p->b, k, i), fmpq_mat_entry(all, k, p->basis[i]));
        for (slong j = 0; j < s; j++)
            fmpq_set(fmpq_mat_entry(p->gram, i, j), fmpq_mat_entry(all, p->basis[i], p->basis[j]));
    }
    fmpq_mat_t solved;
    fmpq_mat_init(solved, s, s);
    if (s > 0)
        fmpq_mat_inv(solved, p->gram);
    times(p->c, p->b, solved);

    arb_mat_t g, factor, right;
    balls(g, p->gram);
    arb_mat_init(factor, s, s);
    arb_mat_init(p->root, s, s);
    if (s > 0 && !arb_mat_cho(factor, g, PRECISION))
        unserved("means that are nearly dependent");
    arb_mat_transpose(p->root, factor);
    fmpq_mat_t turned;
    fmpq_mat_init(turned, s, K);
    fmpq_mat_transpose(turned, p->b);
    balls(right, turned);
    arb_mat_solve_tril(right, factor, right, 0, PRECISION); /* RᵀX = b */
    arb_mat_init(p->means, K, s);
    arb_mat_transpose(p->means, right);

    p->weights = _arb_vec_init(K);
    p->mean = _arb_vec_init(s);
    arb_ptr zero = _arb_vec_init(s);
    arb_init(p->delta);
    ball(p->delta, law->delta);
    p->reach = 0;
    for (slong k = 0; k < K; k++) {
        ball(p->weights + k, law->weights + k);
        _arb_vec_scalar_addmul(p->mean, p->means->rows[k], s, p->weights + k, PRECISION);
        arb_t length;
        arb_init(length);
        arb_dot(length, NULL, 0, p->means->rows[k], 1, p->means->rows[k], 1, s, PRECISION);
        upper(length);
        double size = sqrt(arf_get_d(arb_midref(length), ARF_RND_UP)) * (1 + 1e-9);
        p->reach = size > p->reach ? size : p->reach;
    }
    arb_mat_init(p->C, s, s);
    arb_mat_init(p->T, s, s);
    scatter(p->C, p->weights, p->means, zero);
    arb_t rest;
    arb_init(rest);
    arb_sub_ui(rest, p->delta, 1, PRECISION);
    arb_neg(rest, rest);
    for (slong i = 0; i < s; i++)
        for (slong j = 0; j < s; j++) {
            arb_ptr entry = arb_mat_entry(p->T, i, j);
            arb_mul(entry, p->mean + i, p->mean + j, PRECISION);
            arb_mul(entry, entry, rest, PRECISION);
            arb_addmul(entry, p->delta, arb_mat_entry(p->C, i, j), PRECISION);
        }
}

void check_basis(const plane *p, const json_t *object)
{
    const json_t *basis = json_object_get(object, "basis");
    bool same = json_is_array(basis) && (slong)json_array_size(basis) == p->s;
    for (slong i = 0; same && i < p->s; i++)
        same = integer(json_array_get(basis, i), "basis") == p->basis[i];
    if (!same)
        refuse("basis: expected the %ld first independent means", (long)p->s);
}

void whitened(arb_mat_t m, const plane *p, const fmpq_mat_t n)
{
    arb_mat_t middle, turned;
    balls(middle, n);
    arb_mat_init(turned, p->s, p->s);
    arb_mat_init(m, p->s, p->s);
    arb_mat_transpose(turned, p->root);
    arb_mat_mul(m, p->root, middle, PRECISION);
    arb_mat_mul(m, m, turned, PRECISION);
    symmetrise(m);
}

/* witness: R y, which is v = Wy in the plane's coordinates. */
static arb_ptr witness_of(const plane *p, const json_t *object)
{
    const json_t *list = json_object_get(object, "witness");
    fmpq_mat_t y;
    arb_mat_t u, ball_of;
    numbers(y, list, p->s, "witness");
    if (fmpq_mat_is_zero(y))
        refuse("witness: expected numbers that are not all 0");
    balls(ball_of, y);
    arb_mat_init(u, p->s, 1);
    arb_mat_mul(u, p->root, ball_of, PRECISION);
    return u->entries;
}

/* margin_of sets about how far M_u may be from the matrix: of uᵀmu/uᵀ·unit·u for a witness u, else of the least eigenvalue. */
void margin_of(double *out, const plane *p, const certificate *c, const arb_mat_t m, const arb_mat_t unit)
{
    double margin;
    if (!c->holds) {
        arb_t value, length;
        arb_init(value);
        arb_init(length);
        arb_ptr u = witness_of(p, c->object);
        form(value, m, u, u);
        form(length, unit, u, u);
        arb_div(value, value, length, PRECISION);
        margin = -arf_get_d(arb_midref(value), ARF_RND_NEAR);
    } else {
        arb_t lambda;
        arb_init(lambda);
        least(lambda, m, unit);
        margin = arf_get_d(arb_midref(lambda), ARF_RND_NEAR);
    }
    if (!(margin > 1e-60))
        refuse("the minimiser has no margin: it is not %s", c->holds ? "positive definite" : "negative along the witness");
    *out = margin;
}

/* decides tells whether ‖M̂ − M_u‖ ≤ radius proves the verdict, in units of a matrix: |vᵀ(M̂ − M_u)v| ≤ radius vᵀ·unit·v. */
bool decides(const plane *p, const certificate *c, const arb_mat_t m, const arb_mat_t unit, const arb_t radius)
{
    if (c->holds) {
        arb_mat_t rest;
        if (json_object_get(c->object, "witness"))
            refuse("a witness beside the verdict holds");
        arb_mat_init(rest, p->s, p->s);
        arb_mat_scalar_mul_arb(rest, unit, radius, PRECISION);
        arb_mat_sub(rest, m, rest, PRECISION);
        return surely_definite(rest);
    }
    arb_ptr u = witness_of(p, c->object);
    arb_t value, length;
    arb_init(value);
    arb_init(length);
    form(value, m, u, u);
    form(length, unit, u, u);
    arb_addmul(value, length, radius, PRECISION);
    return arb_is_negative(value);
}

/* decide refuses what that does not prove. */
void decide(const plane *p, const certificate *c, const arb_mat_t m, const arb_mat_t unit, const arb_t radius)
{
    if (!decides(p, c, m, unit, radius))
        refuse("M_u is within %s of the minimiser, which leaves open whether it is positive definite", arb_get_str(radius, 5, 0));
}
