#include "check.h"

/* Affine maps x ↦ Aᵀx + b under InfoNCE, centred means: with c = Ab + Mμ̄ the law of y given x and the loss is the mixture's weighed by exp((Mx + c)·y), so that
 *
 *     ∇_M L = sym(E x (Σ_k p_k(x)m_k)ᵀ + (I + C)M) − T,     ∇_c L = c + E Σ_k p_k(x)m_k,     p_k ∝ w_k exp((Mx + c)·m_k).
 */
typedef struct {
    arb_mat_t form;
    arb_ptr shift;
} place;

static void read_place(place *at, const plane *p, fmpq_mat_t n, const json_t *object)
{
    fmpq_mat_t gamma;
    arb_mat_t column, moved;
    square(n, json_object_get(object, "minimiser"), p->s, "minimiser");
    numbers(gamma, json_object_get(object, "shift"), p->s, "shift");
    whitened(at->form, p, n);
    balls(column, gamma);
    arb_mat_init(moved, p->s, 1);
    arb_mat_mul(moved, p->root, column, PRECISION); /* ĉ = Σ⁻¹Wγ is Rγ */
    at->shift = moved->entries;
}

static void coordinate(acb_t out, slong k, acb_srcptr x, void *context, slong precision)
{
    (void)x;
    (void)precision;
    arb_mat_struct *column = context;
    acb_set_arb(out, arb_mat_entry(column, k, 0));
}

/* slope encloses both gradients. */
static void slope(arb_mat_t g, arb_ptr h, const plane *p, const place *at, const fmpq_mat_t n, double tolerance)
{
    slong s = p->s, K = p->K;
    arb_mat_t slopes, bend, column;
    fmpq_mat_t exact;
    softmax f;
    arb_ptr offsets = _arb_vec_init(K);
    arb_mat_init(slopes, K, s);
    arb_mat_mul(slopes, p->means, at->form, PRECISION);
    for (slong k = 0; k < K; k++) {
        arb_log(offsets + k, p->weights + k, PRECISION);
        arb_dot(offsets + k, offsets + k, 0, at->shift, 1, p->means->rows[k], 1, s, PRECISION);
    }
    times(exact, p->b, n);
    softmax_of(&f, p, slopes, offsets, exact);
    pull(g, &f, tolerance);
    arb_mat_init(bend, s, s);
    arb_mat_mul(bend, p->C, at->form, PRECISION);
    arb_mat_add(bend, bend, at->form, PRECISION);
    symmetrise(bend);
    arb_mat_add(g, g, bend, PRECISION);
    arb_mat_sub(g, g, p->T, PRECISION);
    arb_mat_init(column, K, 1);
    for (slong i = 0; i < s; i++) {
        for (slong k = 0; k < K; k++)
            arb_set(arb_mat_entry(column, k, 0), arb_mat_entry(p->means, k, i));
        mean_over(h + i, &f, coordinate, column, p->reach, tolerance);
        arb_add(h + i, h + i, at->shift + i, PRECISION);
    }
}

/* length: an upper bound of √(‖g‖² + |h|²). */
static void length(arb_t out, const arb_mat_t g, arb_srcptr h)
{
    arb_t x;
    arb_init(x);
    norm(x, g);
    arb_mul(x, x, x, PRECISION);
    arb_dot(out, x, 0, h, 1, h, 1, arb_mat_nrows(g), PRECISION);
    upper(out); /* before the root, as |h|² may be a ball about 0 */
    arb_sqrt(out, out, PRECISION);
    upper(out);
    arb_clear(x);
}

/* mirrored: every centred mean has its image −μ, of the same weight. Means may be listed more than once, so that weights at one place are added. */
static bool mirrored(const mixture *law)
{
    fmpq_t here, there;
    fmpq_init(here);
    fmpq_init(there);
    for (slong k = 0; k < law->components; k++) {
        fmpq_zero(here);
        fmpq_zero(there);
        for (slong l = 0; l < law->components; l++) {
            bool same = true, opposite = true;
            for (slong i = 0; i < law->dimension; i++) {
                fmpq_t image;
                fmpq_init(image);
                fmpq_neg(image, fmpq_mat_entry(law->means, k, i));
                same = same && fmpq_equal(fmpq_mat_entry(law->means, k, i), fmpq_mat_entry(law->means, l, i));
                opposite = opposite && fmpq_equal(image, fmpq_mat_entry(law->means, l, i));
                fmpq_clear(image);
            }
            if (same)
                fmpq_add(here, here, law->weights + l);
            if (opposite)
                fmpq_add(there, there, law->weights + l);
        }
        if (!fmpq_equal(here, there))
            return false;
    }
    return true;
}

/* least_across sets a lower bound λ of the form across its kernel, which v₀ spans: form + tr(form) v₀v₀ᵀ − λ ≻ 0. */
static void least_across(arb_t lambda, const arb_mat_t form_of, arb_srcptr v0)
{
    slong s = arb_mat_nrows(form_of);
    arb_mat_t filled, one;
    arb_t trace;
    arb_init(trace);
    arb_mat_init(filled, s, s);
    arb_mat_init(one, s, s);
    arb_mat_trace(trace, form_of, PRECISION);
    for (slong i = 0; i < s; i++)
        for (slong j = 0; j < s; j++) {
            arb_ptr entry = arb_mat_entry(filled, i, j);
            arb_mul(entry, v0 + i, v0 + j, PRECISION);
            arb_mul(entry, entry, trace, PRECISION);
            arb_add(entry, entry, arb_mat_entry(form_of, i, j), PRECISION);
        }
    arb_mat_one(one);
    least(lambda, filled, one);
}

/* check_boundary: that c* has a part off the range of M*. */
static void check_boundary(const plane *p, const json_t *boundary)
{
    slong s = p->s, rank;
    place at;
    fmpq_mat_t n, k, gk, zero;
    fmpq_t zeta;
    arb_mat_t column, v, g;
    arb_t epsilon, lambda, t, beta, alpha, x;
    only(boundary, "minimiser shift kernel dual");
    read_place(&at, p, n, boundary);
    numbers(k, json_object_get(boundary, "kernel"), s, "kernel");
    fmpq_init(zeta);
    number(zeta, json_object_get(boundary, "dual"), "dual");
    times(gk, p->gram, k);
    times(zero, n, gk);
    if (!semidefinite(n, &rank) || rank != s - 1 || fmpq_mat_is_zero(k) || !fmpq_mat_is_zero(zero) || fmpq_sgn(zeta) < 0)
        refuse("boundary: expected N ⪰ 0 of rank %ld with Ngk = 0 for the kernel k, and a dual that is not negative", (long)s - 1);
    balls(column, k);
    arb_mat_init(v, s, 1);
    arb_mat_mul(v, p->root, column, PRECISION);

    arb_init(x);
    arb_init(epsilon);
    arb_mat_init(g, s, s);
    arb_ptr h = _arb_vec_init(s);
    slope(g, h, p, &at, n, 1e-6);
    for (int again = 0;; again++) {
        arb_mat_t rest;
        arb_mat_init(rest, s, s);
        ball(x, zeta);
        for (slong i = 0; i < s; i++)
            for (slong j = 0; j < s; j++) {
                arb_t z;
                arb_init(z);
                arb_mul(z, v->entries + i, v->entries + j, PRECISION);
                arb_mul(z, z, x, PRECISION);
                arb_sub(arb_mat_entry(rest, i, j), arb_mat_entry(g, i, j), z, PRECISION);
            }
        length(epsilon, rest, h);
        if (again || arf_cmpabs_2exp_si(arb_midref(epsilon), -16) > 0)
            break;
        slope(g, h, p, &at, n, arf_get_d(arb_midref(epsilon), ARF_RND_UP) * 1e-3 + 1e-12);
    }
    arb_init(lambda);
    arb_init(t);
    arb_init(beta);
    arb_init(alpha);
    arb_dot(x, NULL, 0, v->entries, 1, v->entries, 1, s, PRECISION);
    arb_rsqrt(x, x, PRECISION);
    _arb_vec_scalar_mul(v->entries, v->entries, s, x, PRECISION);
    least_across(lambda, at.form, v->entries);
    arb_div(t, epsilon, lambda, PRECISION);
    upper(t);
    arb_sub_ui(x, t, 1, PRECISION);
    if (!arb_is_finite(t) || !arb_is_negative(x))
        refuse("boundary: the gradient, %s, may turn the kernel of M*", arb_get_str(epsilon, 5, 0));
    arb_dot(beta, NULL, 0, at.shift, 1, v->entries, 1, s, PRECISION);
    arb_dot(alpha, NULL, 0, at.shift, 1, at.shift, 1, s, PRECISION);
    arb_submul(alpha, beta, beta, PRECISION);
    upper(alpha);
    arb_sqrtpos(alpha, alpha, PRECISION);
    arb_mul(x, t, t, PRECISION); /* |β|√(1 − t²) − |α|t − ε */
    arb_sub_ui(x, x, 1, PRECISION);
    arb_neg(x, x);
    arb_sqrtpos(x, x, PRECISION);
    arb_abs(beta, beta);
    arb_mul(x, x, beta, PRECISION);
    arb_submul(x, alpha, t, PRECISION);
    arb_sub(x, x, epsilon, PRECISION);
    if (!arb_is_positive(x))
        refuse("boundary: c* may be in the range of M*");
}

void check_affine(const certificate *of)
{
    certificate c = *of;
    plane p;
    place at;
    fmpq_mat_t n;
    arb_mat_t g, one;
    arb_t radius;
    double margin;
    const json_t *boundary = json_object_get(c.object, "boundary");
    only(c.object, "claim statement verdict property map basis minimiser shift witness precision accuracy boundary sha256");
    centre(&c.law);
    plane_of(&p, &c.law);
    check_basis(&p, c.object);
    if (decided_exactly(&p, &c, (symmetries){0}))
        return;
    read_place(&at, &p, n, c.object);
    arb_mat_init(one, p.s, p.s);
    arb_mat_one(one);
    arb_mat_init(g, p.s, p.s);
    arb_init(radius);
    margin_of(&margin, &p, &c, at.form, one);
    arb_ptr h = _arb_vec_init(p.s);
    const double rough = 64, fine = 1 << 22;
    for (double part = rough; part <= fine; part *= fine / rough) {
        slope(g, h, &p, &at, n, margin / part);
        length(radius, g, h);
        if (decides(&p, &c, at.form, one, radius))
            break;
    }
    decide(&p, &c, at.form, one, radius);
    if (boundary && c.holds)
        refuse("a boundary beside the verdict holds");
    if (boundary)
        check_boundary(&p, boundary);
    else if (!c.holds && !mirrored(&c.law))
        refuse("neither a mixture that is its own mirror image nor a boundary: there may be no minimiser");
}
