#include "check.h"

/* InfoNCE with dot products. The gradient is that of its definition, −E[xx̂ᵀ] + E_x E_{y∼F weighed by exp(xᵀMy)}[xyᵀ]: y is of component k with probability p_k(x), and
 * then m_k + Mx on average, so that
 *
 *     ∇f(M) = sym(E x (Σ_k p_k(x)m_k)ᵀ + (I + C)M) − T.
 */
typedef struct {
    const plane *p;
    slong a, b;
} entry;

/* product: ½(x_a m_kb + x_b m_ka). */
static void product(acb_t out, slong k, acb_srcptr x, void *context, slong precision)
{
    const entry *e = context;
    acb_mul_arb(out, x + e->a, arb_mat_entry(e->p->means, k, e->b), precision);
    acb_addmul_arb(out, x + e->b, arb_mat_entry(e->p->means, k, e->a), precision);
    acb_mul_2exp_si(out, out, -1);
}

/* pull encloses sym E x(Σ_k p_k(x)m_k)ᵀ. */
void pull(arb_mat_t h, const softmax *f, double tolerance)
{
    const plane *p = f->p;
    for (slong a = 0; a < p->s; a++)
        for (slong b = 0; b <= a; b++) {
            entry e = {p, a, b};
            mean_over(arb_mat_entry(h, a, b), f, product, &e, p->reach * (p->reach + 1), tolerance);
            arb_set(arb_mat_entry(h, b, a), arb_mat_entry(h, a, b));
        }
}

static void gradient(arb_mat_t g, const plane *p, const arb_mat_t m, const fmpq_mat_t n, double tolerance)
{
    slong s = p->s;
    arb_mat_t slopes, bend;
    fmpq_mat_t exact;
    softmax f;
    arb_ptr offsets = _arb_vec_init(p->K);
    for (slong k = 0; k < p->K; k++)
        arb_log(offsets + k, p->weights + k, PRECISION);
    arb_mat_init(slopes, p->K, s);
    arb_mat_mul(slopes, p->means, m, PRECISION); /* Mm_k */
    times(exact, p->b, n);                       /* Nb_k, of which R makes Mm_k */
    softmax_of(&f, p, slopes, offsets, exact);
    pull(g, &f, tolerance);
    arb_mat_init(bend, s, s);
    arb_mat_mul(bend, p->C, m, PRECISION);
    arb_mat_add(bend, bend, m, PRECISION);
    symmetrise(bend);
    arb_mat_add(g, g, bend, PRECISION);
    arb_mat_sub(g, g, p->T, PRECISION);
}

void check_infonce(const certificate *c)
{
    plane p;
    fmpq_mat_t n;
    arb_mat_t m, g, one;
    arb_t radius;
    double margin;
    only(c->object, "claim statement verdict basis minimiser witness precision accuracy sha256");
    plane_of(&p, &c->law);
    check_basis(&p, c->object);
    if (decided_exactly(&p, c, (symmetries){.swap = true, .level = true}))
        return;
    square(n, json_object_get(c->object, "minimiser"), p.s, "minimiser");
    whitened(m, &p, n);
    arb_mat_init(one, p.s, p.s);
    arb_mat_one(one);
    arb_mat_init(g, p.s, p.s);
    arb_init(radius);
    margin_of(&margin, &p, c, m, one);
    const double rough = 64, fine = 1 << 22;
    for (double part = rough; part <= fine; part *= fine / rough) {
        gradient(g, &p, m, n, margin / part);
        norm(radius, g);
        if (decides(&p, c, m, one, radius))
            break;
    }
    decide(&p, c, m, one, radius);
    say_norm("gradient", g);
}
