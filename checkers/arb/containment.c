#include "own.h"

#include <math.h>

/* convexity: c with S_k ⪰ c for all k, as D²f[D, D] ≥ E Σ_k p_k (Dx)ᵀΣ_k(Dx). */
static void convexity(arb_t c, const own *o)
{
    slong s = o->p.s;
    arb_mat_t one;
    arb_t lambda;
    arb_init(lambda);
    arb_mat_init(one, s, s);
    arb_mat_one(one);
    for (slong k = 0; k < o->p.K; k++) {
        least(lambda, o->spread + k, one);
        if (k == 0 || arb_lt(lambda, c))
            arb_set(c, lambda);
    }
    arb_clear(lambda);
}

/* A ball about M̂ that M_in is in: its radius ρ, and ν = ‖M̂‖ + ρ. */
typedef struct {
    arb_t radius, size;
} ball_of;

/* squares: Σ_j w_j E_j(uᵀx)² Σ_k (vᵀΣ_kv + 2(vᵀμ_k)² + 6|σ_k(v)|²ν²τ_j), τ_j = |m_j|² + tr S_j, at least E(uᵀx)²(vᵀy)² at all M in the ball: p_k ≤ 1, and E_j of products of two
 * squares of Gaussian numbers is at most three times the product of theirs. */
static void squares(arb_t out, const own *o, const direction *u, const direction *v, arb_srcptr tau, const arb_t size)
{
    arb_t x, y, first, inner;
    arb_init(x);
    arb_init(y);
    arb_init(first);
    arb_init(inner);
    arb_zero(out);
    for (slong j = 0; j < o->p.K; j++) {
        arb_mul(first, u->means + j, u->means + j, PRECISION);
        arb_add(first, first, u->variances + j, PRECISION);
        arb_mul(first, first, o->p.weights + j, PRECISION);
        arb_zero(inner);
        for (slong k = 0; k < o->p.K; k++) {
            arb_add(inner, inner, v->variances + k, PRECISION);
            arb_mul(x, v->means + k, v->means + k, PRECISION);
            arb_addmul_ui(inner, x, 2, PRECISION);
            arb_dot(x, NULL, 0, v->sigma->rows[k], 1, v->sigma->rows[k], 1, o->p.s, PRECISION);
            arb_mul(y, size, size, PRECISION);
            arb_mul(x, x, y, PRECISION);
            arb_mul(x, x, tau + j, PRECISION);
            arb_addmul_ui(inner, x, 6, PRECISION);
        }
        arb_addmul(out, first, inner, PRECISION);
    }
    arb_clear(x);
    arb_clear(y);
    arb_clear(first);
    arb_clear(inner);
}

/* drift bounds what uᵀ∇fv changes by on the way from M̂ to M_in: ρ√(E(xᵀUy)² E(xᵀDy)²), U = sym uvᵀ and ‖D‖ = 1, with (xᵀDy)² ≤ |τ|²|y|² on the subspace. */
static void drift(arb_t out, const own *o, const direction *u, const direction *v, const ball_of *near)
{
    slong K = o->p.K, s = o->p.s;
    arb_ptr tau = _arb_vec_init(K), trace = _arb_vec_init(K), length = _arb_vec_init(K);
    arb_t x, y, all;
    arb_init(x);
    arb_init(y);
    arb_init(all);
    for (slong k = 0; k < K; k++) {
        arb_mat_trace(trace + k, o->spread + k, PRECISION);
        arb_dot(length + k, NULL, 0, o->p.means->rows[k], 1, o->p.means->rows[k], 1, s, PRECISION);
        arb_add(tau + k, trace + k, length + k, PRECISION);
    }
    for (slong j = 0; j < K; j++)
        for (slong k = 0; k < K; k++) { /* w_j(τ_j(2|m_k|² + tr S_k) + 6(tr S_k)²ν²τ_j²) */
            arb_mul_2exp_si(x, length + k, 1);
            arb_add(x, x, trace + k, PRECISION);
            arb_mul(x, x, tau + j, PRECISION);
            arb_mul(y, trace + k, near->size, PRECISION);
            arb_mul(y, y, tau + j, PRECISION);
            arb_mul(y, y, y, PRECISION);
            arb_addmul_ui(x, y, 6, PRECISION);
            arb_addmul(all, x, o->p.weights + j, PRECISION);
        }
    squares(x, o, u, v, tau, near->size);
    squares(y, o, v, u, tau, near->size);
    arb_add(x, x, y, PRECISION);
    arb_mul_2exp_si(x, x, -1);
    arb_mul(x, x, all, PRECISION);
    arb_sqrt(x, x, PRECISION);
    arb_mul(out, x, near->radius, PRECISION);
    _arb_vec_clear(tau, K);
    _arb_vec_clear(trace, K);
    _arb_vec_clear(length, K);
    arb_clear(x);
    arb_clear(y);
    arb_clear(all);
}

/* at_best encloses uᵀ∇f(M_in)v. */
static void at_best(arb_t out, const own *o, const direction *u, const direction *v, const ball_of *near, double tolerance)
{
    arb_t moved;
    arb_init(moved);
    slope_between(out, o, u, v, tolerance);
    drift(moved, o, u, v, near);
    arb_add_error(out, moved);
    arb_clear(moved);
}

/* condition encloses hᵀ∇f(M_in)h, or where there is a y, hᵀ∇f(M_in)VN_iny. With γ = Uᵀ∇f(M̂)U, M̂ ⪰ 0, Z ⪰ 0 and ZM̂ = 0, c‖M_in − M̂‖² ≤ −⟨γ, M_in − M̂⟩ ≤ −⟨γ − Z, M_in − M̂⟩. */
static void condition(arb_t out, own *o, const fmpq_mat_t h, const fmpq_mat_struct *y, const fmpq_mat_t z, double tolerance)
{
    slong s = o->p.s, d = o->law->dimension;
    direction outside, inside[s];
    arb_mat_t column, gamma, inverse, dual, part;
    arb_t c, x;
    ball_of near;
    arb_init(near.radius);
    arb_init(near.size);
    arb_init(c);
    arb_init(x);
    balls(column, h);
    along(&outside, o, column);
    for (slong a = 0; a < s; a++) {
        for (slong i = 0; i < d; i++)
            arb_set(arb_mat_entry(column, i, 0), arb_mat_entry(o->u, i, a));
        along(inside + a, o, column);
    }
    arb_mat_init(inverse, s, s);
    arb_mat_inv(inverse, o->p.root, PRECISION);
    balls(dual, z);
    arb_mat_init(part, s, s);
    arb_mat_transpose(part, inverse);
    arb_mat_mul(dual, part, dual, PRECISION); /* R⁻ᵀZR⁻¹ */
    arb_mat_mul(dual, dual, inverse, PRECISION);
    arb_mat_init(gamma, s, s);
    for (slong a = 0; a < s; a++)
        for (slong b = 0; b <= a; b++) {
            slope_between(arb_mat_entry(gamma, a, b), o, inside + a, inside + b, tolerance);
            arb_set(arb_mat_entry(gamma, b, a), arb_mat_entry(gamma, a, b));
        }
    arb_mat_sub(gamma, gamma, dual, PRECISION);
    norm(near.radius, gamma);
    convexity(c, o);
    arb_div(near.radius, near.radius, c, PRECISION);
    upper(near.radius);
    norm(near.size, o->m);
    arb_add(near.size, near.size, near.radius, PRECISION);
    if (!y) {
        at_best(out, o, &outside, &outside, &near, tolerance);
        return;
    }
    arb_mat_t weights, coefficients;
    balls(weights, y);
    arb_mat_transpose(part, inverse);
    arb_mat_mul(weights, part, weights, PRECISION); /* R⁻ᵀy: V(N_in − N)y = U(M_in − M̂)R⁻ᵀy */
    arb_mat_init(coefficients, s, 1);
    arb_mat_mul(coefficients, o->m, weights, PRECISION);
    arb_mat_mul(column, o->u, coefficients, PRECISION);
    direction image;
    along(&image, o, column);
    at_best(out, o, &outside, &image, &near, tolerance);
    arb_t pull, length;
    arb_init(pull);
    arb_init(length);
    for (slong a = 0; a < s; a++) {
        at_best(x, o, &outside, inside + a, &near, tolerance);
        arb_addmul(pull, x, x, PRECISION);
    }
    upper(pull);
    norm(length, weights);
    arb_sqrt(pull, pull, PRECISION);
    arb_mul(pull, pull, length, PRECISION);
    arb_mul(pull, pull, near.radius, PRECISION);
    arb_add_error(out, pull);
}

static void refuted(const certificate *c, own *o)
{
    slong s = o->p.s, rank;
    const json_t *departure = json_object_get(c->object, "departure"), *list = json_object_get(departure, "along");
    fmpq_mat_t n, z, h, y, stated, zn;
    if (!departure)
        refuse("expected a departure, as the covariances couple the subspace to its complement");
    only(departure, "direction along dual condition");
    if (s > 2)
        unserved("own covariances with a subspace of %ld dimensions", (long)s);
    square(n, json_object_get(c->object, "minimiser"), s, "minimiser");
    square(z, json_object_get(departure, "dual"), s, "dual");
    numbers(h, json_object_get(departure, "direction"), o->law->dimension, "direction");
    numbers(stated, json_object_get(departure, "condition"), 2, "condition");
    if (list)
        numbers(y, list, s, "along");
    times(zn, z, n);
    if (!semidefinite(n, &rank) || !semidefinite(z, &rank) || !fmpq_mat_is_zero(zn))
        refuse("expected a minimiser N ⪰ 0 and a dual Z ⪰ 0 with ZN = 0");
    const fmpq *low = fmpq_mat_entry(stated, 0, 0), *high = fmpq_mat_entry(stated, 1, 0);
    if (fmpq_cmp(low, high) > 0 || !(fmpq_sgn(high) < 0 || (list && fmpq_sgn(low) > 0)))
        refuse("the condition is not violated");
    whitened(o->m, &o->p, n);
    double width = fmpq_get_d(high) - fmpq_get_d(low);
    arb_t enclosed, end;
    arb_init(enclosed);
    arb_init(end);
    for (double part = 1e-2; part > 1e-9; part *= 1e-3) {
        condition(enclosed, o, h, list ? y : NULL, z, fmax(width, 1e-30) * part);
        arb_set_fmpq(end, low, PRECISION);
        bool above = arb_ge(enclosed, end);
        arb_set_fmpq(end, high, PRECISION);
        if (above && arb_le(enclosed, end))
            return;
    }
    refuse("the condition is %s", arb_get_str(enclosed, 15, 0));
}

void check_containment(const certificate *c)
{
    static own o;
    only(c->object, "claim statement verdict property basis minimiser precision accuracy departure sha256");
    if (!c->law.own)
        refuse("expected components with their own covariances");
    own_of(&o, &c->law);
    check_basis(&o.p, c->object);
    if (!informative(&c->law) || invariant(&o)) {
        if (!c->holds || json_object_get(c->object, "departure") || json_object_get(c->object, "minimiser") || json_object_get(c->object, "precision") ||
            json_object_get(c->object, "accuracy"))
            refuse("containment holds, exactly");
        return;
    }
    if (c->holds)
        refuse("the covariances couple the subspace to its complement");
    refuted(c, &o);
}
