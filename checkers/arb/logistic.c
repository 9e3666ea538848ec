#include "logistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_label(logistic *f, const arb_t weight, arb_srcptr alpha, arb_srcptr beta, int side)
{
    if (arb_is_zero(weight))
        return;
    label *to = f->labels + f->count++;
    to->alpha = (arb_ptr)alpha, to->beta = (arb_ptr)beta, to->side = side;
    arb_init(to->weight);
    arb_set(to->weight, weight);
}

/* pair sets w_j(δ1{j = k} + (1−δ)w_k), the weight of the components of a positive pair. */
static void pair(arb_t out, const plane *p, slong j, slong k)
{
    arb_sub_ui(out, p->delta, 1, PRECISION);
    arb_neg(out, out);
    arb_mul(out, out, p->weights + k, PRECISION);
    if (j == k)
        arb_add(out, out, p->delta, PRECISION);
    arb_mul(out, out, p->weights + j, PRECISION);
    if (j != k && fmpq_is_one(p->law->delta))
        arb_zero(out);
}

/* triplet: x of j, x̂ of k, y of l; t = xᵀM(y − x̂), v = y − x̂ ∼ N(m_l − m_k, 2I). */
static void triplet_labels(logistic *f)
{
    const plane *p = f->p;
    slong K = p->K;
    arb_t x;
    arb_init(x);
    f->tau = 2;
    f->labels = malloc(K * K * K * sizeof *f->labels);
    for (slong k = 0; k < K; k++)
        for (slong l = 0; l < K; l++) {
            arb_ptr beta = _arb_vec_init(p->s);
            _arb_vec_sub(beta, p->means->rows[l], p->means->rows[k], p->s, PRECISION);
            for (slong j = 0; j < K; j++) {
                pair(x, p, j, k);
                arb_mul(x, x, p->weights + l, PRECISION);
                add_label(f, x, p->means->rows[j], beta, 1);
            }
        }
}

/* sigmoid: log(1 + e^{−t}) of positive pairs, and m log(1 + e^t) of independent points. */
static void sigmoid_labels(logistic *f, const fmpq_t negatives)
{
    const plane *p = f->p;
    slong K = p->K;
    arb_t x, m;
    arb_init(x);
    arb_init(m);
    ball(m, negatives);
    f->tau = 1;
    f->labels = malloc(2 * K * K * sizeof *f->labels);
    for (slong j = 0; j < K; j++)
        for (slong k = 0; k < K; k++) {
            pair(x, p, j, k);
            add_label(f, x, p->means->rows[j], p->means->rows[k], -1);
            arb_mul(x, p->weights + j, p->weights + k, PRECISION);
            arb_mul(x, x, m, PRECISION);
            add_label(f, x, p->means->rows[j], p->means->rows[k], 1);
        }
}

/* set_reach: E e^{st} is finite and s between poles where |Re s| < min(1, 1/(√τ‖M‖)); of fractions of that the one with the smallest bound of an integrand. */
static void set_reach(logistic *f)
{
    arb_t x;
    arb_init(x);
    norm(x, f->m);
    double most = 1 / fmax(1, arf_get_d(arb_midref(x), ARF_RND_UP) * sqrt(f->tau)), best = 0, least = INFINITY;
    arb_init(f->reach);
    for (double part = most / 2; part > most / 100; part /= 2) {
        double size = 0;
        arb_set_d(f->reach, part);
        for (int side = -1; side <= 1; side++) {
            logistic_moment(x, f, side);
            size = fmax(size, arf_get_d(arb_midref(x), ARF_RND_UP) / part);
        }
        if (size < least)
            best = part, least = size;
    }
    arb_set_d(f->reach, best);
    arb_clear(x);
}

/* fourth: E|x|⁴ of N(α, τI) in s dimensions, and E|x|². */
static void fourth(arb_t four, arb_t two, arb_srcptr alpha, slong s, slong tau)
{
    arb_t square;
    arb_init(square);
    arb_dot(square, NULL, 0, alpha, 1, alpha, 1, s, PRECISION);
    arb_add_ui(two, square, s * tau, PRECISION);
    arb_mul(four, two, two, PRECISION);
    arb_add_ui(four, four, 2 * s * tau * tau, PRECISION);
    arb_addmul_ui(four, square, 4 * tau, PRECISION);
    arb_clear(square);
}

/* third bounds |D³L[V, V, V]| everywhere, ‖V‖² + β² = 1: |σ″| ≤ 1/(6√3), |xᵀVv + β|² ≤ y = |x|²|v|² + 1 (without the 1 where there is no free bias), and
 * E y^{3/2} ≤ (E y²)^{3/4} of each label. */
static void third(arb_t out, const logistic *f)
{
    slong s = f->p->s;
    arb_t x4, x2, v4, v2;
    arb_init(x4);
    arb_init(x2);
    arb_init(v4);
    arb_init(v2);
    arb_zero(out);
    for (slong k = 0; k < f->count; k++) {
        fourth(x4, x2, f->labels[k].alpha, s, 1);
        fourth(v4, v2, f->labels[k].beta, s, f->tau);
        arb_mul(x4, x4, v4, PRECISION);
        if (f->free) {
            arb_mul(x2, x2, v2, PRECISION);
            arb_addmul_ui(x4, x2, 2, PRECISION);
            arb_add_ui(x4, x4, 1, PRECISION);
        }
        arb_root_ui(x4, x4, 4, PRECISION);
        arb_pow_ui(x4, x4, 3, PRECISION);
        arb_addmul(out, x4, f->labels[k].weight, PRECISION);
    }
    arb_set_ui(x2, 108); /* (6√3)² */
    arb_rsqrt(x2, x2, PRECISION);
    arb_mul(out, out, x2, PRECISION);
    upper(out);
    arb_clear(x4);
    arb_clear(x2);
    arb_clear(v4);
    arb_clear(v2);
}

/* convexity sets a lower bound of the second derivative at M̂, per ‖V‖² + β². */
static void convexity(arb_t out, logistic *f)
{
    slong n = f->unknowns;
    arb_mat_t hessian, one;
    arb_mat_init(hessian, n, n);
    arb_mat_init(one, n, n);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j <= i; j++) {
            logistic_integral(arb_mat_entry(hessian, i, j), f, i, j, 1e-14);
            arb_set(arb_mat_entry(hessian, j, i), arb_mat_entry(hessian, i, j));
        }
    arb_mat_one(one);
    least(out, hessian, one);
}

/* radius: on the way from M̂ to the minimiser the slope rises by hr − ½τ₃r² at least and is at most 0 there, so that with h² > 2τ₃ε it is within 2ε/(h + √(h² − 2τ₃ε)). */
static void radius_of(arb_t out, const arb_t epsilon, const arb_t h, const arb_t t3)
{
    arb_t x;
    arb_init(x);
    arb_mul(x, t3, epsilon, PRECISION);
    arb_mul_2exp_si(x, x, 1);
    arb_neg(x, x);
    arb_addmul(x, h, h, PRECISION);
    if (!arb_is_positive(x))
        refuse("the gradient at the minimiser may be %s, too much for the curvature %s", arb_get_str(epsilon, 5, 0), arb_get_str(h, 5, 0));
    arb_sqrt(x, x, PRECISION);
    arb_add(x, x, h, PRECISION);
    arb_div(out, epsilon, x, PRECISION);
    arb_mul_2exp_si(out, out, 1);
    upper(out);
    arb_clear(x);
}

void check_logistic(const certificate *c)
{
    plane p;
    fmpq_mat_t n;
    fmpq_t negatives, bias;
    arb_mat_t m, one;
    arb_t h, t3, radius, x, at;
    double margin;
    const char *word_of_bias = word(c->object, "bias");
    bool sigmoid = *word_of_bias, free_bias = sigmoid && !strcmp(word_of_bias, "free");
    only(c->object, "statement verdict loss negatives bias basis minimiser best_bias witness precision accuracy sha256");
    fmpq_init(negatives);
    fmpq_init(bias);
    plane_of(&p, &c->law);
    check_basis(&p, c->object);
    if (sigmoid) {
        number(negatives, json_object_get(c->object, "negatives"), "negatives");
        if (fmpq_sgn(negatives) <= 0)
            refuse("negatives: expected a positive weight");
    }
    if (sigmoid && !free_bias)
        number(bias, json_object_get(c->object, "bias"), "bias");
    if (sigmoid && !free_bias ? decided_with_bias(&p, c, negatives, bias) : decided_exactly(&p, c, (symmetries){.swap = true}))
        return;
    if (free_bias)
        number(bias, json_object_get(c->object, "best_bias"), "best_bias");
    else if (json_object_get(c->object, "best_bias"))
        refuse("a best bias of a loss that has none which is free");
    square(n, json_object_get(c->object, "minimiser"), p.s, "minimiser");
    whitened(m, &p, n);
    arb_mat_init(one, p.s, p.s);
    arb_mat_one(one);
    margin_of(&margin, &p, c, m, one);

    arb_init(at);
    ball(at, bias);
    logistic f = {.p = &p, .m = m, .bias = sigmoid ? at : NULL, .free = free_bias, .unknowns = p.s * (p.s + 1) / 2 + free_bias};
    if (sigmoid)
        sigmoid_labels(&f, negatives);
    else
        triplet_labels(&f);
    tilt_init(&f.t, p.s);
    set_reach(&f);
    arb_init(h);
    arb_init(t3);
    arb_init(radius);
    arb_init(x);
    convexity(h, &f);
    third(t3, &f);
    double curvature = arf_get_d(arb_midref(h), ARF_RND_DOWN), bend = arf_get_d(arb_midref(t3), ARF_RND_UP);
    if (!(curvature > 0))
        refuse("the loss has no provable curvature at the minimiser");
    double tolerance = fmin(curvature * margin, curvature * curvature / bend) / 64;
    for (slong i = 0; i < f.unknowns; i++) {
        logistic_integral(x, &f, i, -1, tolerance);
        arb_mul(x, x, x, PRECISION);
        arb_add(radius, radius, x, PRECISION);
    }
    upper(radius);
    arb_sqrt(radius, radius, PRECISION);
    upper(radius);
    radius_of(radius, radius, h, t3);
    decide(&p, c, m, one, radius);
}
