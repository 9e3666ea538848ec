#include "check.h"

/* InfoNCE with −½D as scores, D(x, y) = (x − y)ᵀM(x − y). The gradient is half of the second moment of x − x̂ less that of x − y, y weighed by exp(−½D(x, y)): of component k
 * with probability p_k(x), and then y ∼ N(G⁻¹(m_k + Mx), G⁻¹), G = I + M, so that x − y has the mean G⁻¹(x − m_k). With centred means
 *
 *     2∇L(M) = 2I + 2(1−δ)C − G⁻¹ − G⁻¹RG⁻¹,     R = E Σ_k p_k(x)(x − m_k)(x − m_k)ᵀ.
 */
typedef struct {
    const plane *p;
    slong a, b;
} entry;

static void square_of_difference(acb_t out, slong k, acb_srcptr x, void *context, slong precision)
{
    const entry *e = context;
    acb_t y;
    acb_init(y);
    acb_sub_arb(out, x + e->a, arb_mat_entry(e->p->means, k, e->a), precision);
    acb_sub_arb(y, x + e->b, arb_mat_entry(e->p->means, k, e->b), precision);
    acb_mul(out, out, y, precision);
    acb_clear(y);
}

/* softmax_at_distances: the logits are log w_k − ½ (x − m_k)ᵀK(x − m_k), K = MG⁻¹, without what all share. */
static void softmax_at_distances(softmax *f, const plane *p, const arb_mat_t m, const arb_mat_t inverse, const fmpq_mat_t n)
{
    arb_mat_t slopes, pull;
    fmpq_mat_t exact;
    arb_t half;
    arb_ptr offsets = _arb_vec_init(p->K);
    arb_init(half);
    arb_mat_init(pull, p->s, p->s);
    arb_mat_mul(pull, m, inverse, PRECISION);
    symmetrise(pull);
    arb_mat_init(slopes, p->K, p->s);
    arb_mat_mul(slopes, p->means, pull, PRECISION);
    for (slong k = 0; k < p->K; k++) {
        arb_dot(half, NULL, 0, slopes->rows[k], 1, p->means->rows[k], 1, p->s, PRECISION);
        arb_mul_2exp_si(half, half, -1);
        arb_log(offsets + k, p->weights + k, PRECISION);
        arb_sub(offsets + k, offsets + k, half, PRECISION);
    }
    times(exact, p->b, n); /* Km_k = G⁻¹Mm_k: the relations of Nb_k */
    softmax_of(f, p, slopes, offsets, exact);
}

static void second_moment(arb_mat_t r, const softmax *f, double tolerance)
{
    const plane *p = f->p;
    arb_mat_t across, turned;
    arb_mat_init(across, p->s, p->s);
    arb_mat_init(turned, f->q, p->s);
    arb_mat_transpose(turned, f->frame);
    arb_mat_mul(across, f->frame, turned, PRECISION);
    for (slong a = 0; a < p->s; a++)
        for (slong b = 0; b <= a; b++) {
            entry e = {p, a, b};
            arb_ptr entry_of = arb_mat_entry(r, a, b);
            mean_over(entry_of, f, square_of_difference, &e, 8 * p->reach * p->reach + 2, tolerance);
            arb_sub(entry_of, entry_of, arb_mat_entry(across, a, b), PRECISION); /* what the softmax doesn't see has the variance I − frame·frameᵀ */
            if (a == b)
                arb_add_ui(entry_of, entry_of, 1, PRECISION);
            arb_set(arb_mat_entry(r, b, a), entry_of);
        }
}

void check_distance(const certificate *of)
{
    certificate c = *of;
    plane p;
    fmpq_mat_t n;
    arb_mat_t m, one, metric, inverse, g, r, factor, turned;
    arb_t radius, x;
    softmax f;
    double margin;
    only(c.object, "statement verdict loss score basis minimiser witness precision accuracy sha256");
    centre(&c.law);
    plane_of(&p, &c.law);
    check_basis(&p, c.object);
    if (decided_exactly(&p, &c, (symmetries){0}))
        return;
    square(n, json_object_get(c.object, "minimiser"), p.s, "minimiser");
    whitened(m, &p, n);
    slong s = p.s;
    arb_mat_init(one, s, s);
    arb_mat_one(one);
    arb_mat_init(metric, s, s);
    arb_mat_add(metric, one, m, PRECISION);
    arb_mat_init(factor, s, s);
    arb_mat_init(inverse, s, s);
    if (!arb_mat_cho(factor, metric, PRECISION) || !arb_mat_inv(inverse, metric, PRECISION))
        refuse("the loss is infinite at the minimiser, which is not above −1");
    symmetrise(inverse);
    margin_of(&margin, &p, &c, m, metric);
    arb_init(x);
    norm(x, metric);
    double size = arf_get_d(arb_midref(x), ARF_RND_UP);
    arb_mat_init(r, s, s);
    softmax_at_distances(&f, &p, m, inverse, n);
    norm(x, inverse);
    double back = arf_get_d(arb_midref(x), ARF_RND_UP);
    second_moment(r, &f, margin / (1 + margin) / 4096 / size / (back * back));
    arb_mat_init(g, s, s);
    arb_mat_mul(g, inverse, r, PRECISION);
    arb_mat_mul(g, g, inverse, PRECISION);
    symmetrise(g);
    arb_mat_add(g, g, inverse, PRECISION);
    arb_mat_scalar_mul_2exp_si(g, g, -1);
    arb_mat_neg(g, g);
    arb_mat_add(g, g, one, PRECISION);
    arb_mat_add(g, g, p.C, PRECISION);
    arb_mat_sub(g, g, p.T, PRECISION); /* centred: T = δC */

    /* ε ≥ ‖FᵀgF‖, FFᵀ = G, and the radius 2ε/(1 − 2ε). */
    arb_init(radius);
    arb_mat_init(turned, s, s);
    arb_mat_transpose(turned, factor);
    arb_mat_mul(g, turned, g, PRECISION);
    arb_mat_mul(g, g, factor, PRECISION);
    norm(radius, g);
    say_norm("gradient", g);
    arb_mul_2exp_si(radius, radius, 1);
    arb_sub_ui(x, radius, 1, PRECISION);
    arb_neg(x, x);
    if (!arb_is_positive(x))
        refuse("the gradient at the minimiser may be %s, too much for any radius", arb_get_str(radius, 5, 0));
    arb_div(radius, radius, x, PRECISION);
    upper(radius);
    decide(&p, &c, m, metric, radius);
}
