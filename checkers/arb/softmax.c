#include "check.h"

#include <stdlib.h>

/* softmax_of places p_k(x) ∝ exp(offset_k + x·slope_k), slope_k the rows of slopes. exact has, in rationals, one row per k whose differences have the linear
 * relations of those of the slopes: it says in how many dimensions the softmax varies, which balls can't. */
void softmax_of(softmax *f, const plane *p, const arb_mat_t slopes, arb_srcptr offsets, const fmpq_mat_t exact)
{
    slong K = p->K, s = p->s;
    fmpq_mat_t differences;
    f->p = p;
    fmpq_mat_init(differences, fmpq_mat_ncols(exact), K);
    for (slong k = 0; k < K; k++)
        for (slong i = 0; i < fmpq_mat_ncols(exact); i++)
            fmpq_sub(fmpq_mat_entry(differences, i, k), fmpq_mat_entry(exact, k, i), fmpq_mat_entry(exact, 0, i));
    slong *chosen = malloc(K * sizeof *chosen);
    f->q = pivots(chosen, differences);

    /* Gram and Schmidt: columns of the frame, from the chosen differences of slopes. */
    arb_mat_init(f->frame, s, f->q);
    arb_ptr column = _arb_vec_init(s), other = _arb_vec_init(s);
    arb_t product;
    arb_init(product);
    for (slong i = 0; i < f->q; i++) {
        _arb_vec_sub(column, slopes->rows[chosen[i]], slopes->rows[0], s, PRECISION);
        for (slong j = 0; j < i; j++) {
            for (slong a = 0; a < s; a++)
                arb_set(other + a, arb_mat_entry(f->frame, a, j));
            arb_dot(product, NULL, 1, column, 1, other, 1, s, PRECISION); /* −column·other */
            _arb_vec_scalar_addmul(column, other, s, product, PRECISION);
        }
        arb_dot(product, NULL, 0, column, 1, column, 1, s, PRECISION);
        arb_rsqrt(product, product, PRECISION);
        for (slong a = 0; a < s; a++)
            arb_mul(arb_mat_entry(f->frame, a, i), column + a, product, PRECISION);
    }
    arb_mat_init(f->along, K, f->q);
    arb_mat_mul(f->along, slopes, f->frame, PRECISION);
    arb_mat_init(f->level, K, K);
    for (slong j = 0; j < K; j++)
        for (slong k = 0; k < K; k++)
            arb_dot(arb_mat_entry(f->level, j, k), offsets + k, 0, p->means->rows[j], 1, slopes->rows[k], 1, s, PRECISION);
    free(chosen);
}

/* averaging is one integral over t, with room for its values. */
typedef struct {
    const softmax *f;
    valued value;
    void *context;
    acb_ptr moved, x, p; /* frame·t; that + m_j; the softmax */
} averaging;

/* highest is the component of the largest logit about the middle of t: exp of the others less that does not overflow. */
static slong highest(const softmax *f, slong j, acb_srcptr t)
{
    slong best = 0;
    double most = 0;
    for (slong k = 0; k < f->p->K; k++) {
        double logit = arf_get_d(arb_midref(arb_mat_entry(f->level, j, k)), ARF_RND_NEAR);
        for (slong i = 0; i < f->q; i++)
            logit += arf_get_d(arb_midref(arb_mat_entry(f->along, k, i)), ARF_RND_NEAR) * arf_get_d(arb_midref(acb_realref(t + i)), ARF_RND_NEAR);
        if (k == 0 || logit > most)
            best = k, most = logit;
    }
    return best;
}

static void softmax_at(averaging *a, slong j, acb_srcptr t, slong precision)
{
    const softmax *f = a->f;
    slong K = f->p->K, top = highest(f, j, t);
    acb_t sum;
    arb_t slope;
    acb_init(sum);
    arb_init(slope);
    for (slong k = 0; k < K; k++) {
        acb_ptr p = a->p + k;
        acb_zero(p);
        if (k != top) {
            arb_sub(acb_realref(p), arb_mat_entry(f->level, j, k), arb_mat_entry(f->level, j, top), precision);
            for (slong i = 0; i < f->q; i++) {
                arb_sub(slope, arb_mat_entry(f->along, k, i), arb_mat_entry(f->along, top, i), precision);
                acb_addmul_arb(p, t + i, slope, precision);
            }
        }
        acb_exp(p, p, precision);
        acb_add(sum, sum, p, precision);
    }
    acb_inv(sum, sum, precision);
    _acb_vec_scalar_mul(a->p, a->p, K, sum, precision);
    acb_clear(sum);
    arb_clear(slope);
}

static void average(acb_t out, acb_srcptr t, void *context, slong precision)
{
    averaging *a = context;
    const softmax *f = a->f;
    const plane *p = f->p;
    acb_t term, inner;
    acb_init(term);
    acb_init(inner);
    for (slong i = 0; i < p->s; i++) {
        acb_zero(a->moved + i);
        for (slong l = 0; l < f->q; l++)
            acb_addmul_arb(a->moved + i, t + l, arb_mat_entry(f->frame, i, l), precision);
    }
    acb_zero(out);
    for (slong j = 0; j < p->K; j++) {
        for (slong i = 0; i < p->s; i++)
            acb_add_arb(a->x + i, a->moved + i, arb_mat_entry(p->means, j, i), precision);
        softmax_at(a, j, t, precision);
        acb_zero(inner);
        for (slong k = 0; k < p->K; k++) {
            a->value(term, k, a->x, a->context, precision);
            acb_addmul(inner, term, a->p + k, precision);
        }
        acb_addmul_arb(out, inner, p->weights + j, precision);
    }
    acb_clear(term);
    acb_clear(inner);
}

void mean_over(arb_t out, const softmax *f, valued value, void *context, double growth, double tolerance)
{
    slong s = f->p->s, K = f->p->K;
    averaging a = {f, value, context, _acb_vec_init(s), _acb_vec_init(s), _acb_vec_init(K)};
    gaussian_integral(out, average, &a, f->q, growth, tolerance);
    _acb_vec_clear(a.moved, s);
    _acb_vec_clear(a.x, s);
    _acb_vec_clear(a.p, K);
}
