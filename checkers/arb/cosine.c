#include "check.h"

#include <math.h>
#include <stdlib.h>

/* Representations of length 1 at a temperature 1/κ. Inside S_F all have one loss, of the two values ±u. Outside diag(1, ε) sends x to an angle θ, whose density given k
 * is that of (x₁, εx₂), even in θ; the loss is its definition, −κ E cos(θ − θ̂) + ∫ p(θ) log ∫ p(φ)e^{κ cos(θ − φ)} dφ dθ, one integral in the other. */
enum { KEPT = 1 << 16 };

typedef struct {
    bool used;
    acb_t angle, density;
} memory;

typedef struct {
    const line *l;
    arb_t kappa, square; /* κ and ε⁻² */
    slong component; /* whose mean cosine is integrated */
    acb_t theta;     /* at which Z is */
    double tolerance;
    memory *kept;
    slong count;
} angular;

/* density of θ given k, ∫_0^∞ r exp(−½((r cos θ − a)² + ε⁻²r² sin²θ))/(2πε) dr, with A = cos²θ + ε⁻² sin²θ and D = a cos θ/√A:
 * e^{−a²/2}(1 + √(2π)D e^{D²/2}Φ(D))/(2πεA). */
static void density(acb_t out, const acb_t theta, const angular *of, slong k, slong precision)
{
    acb_t sine, cosine, a, d, x;
    arb_t y;
    acb_init(sine);
    acb_init(cosine);
    acb_init(a);
    acb_init(d);
    acb_init(x);
    arb_init(y);
    acb_sin_cos(sine, cosine, theta, precision);
    acb_mul(a, sine, sine, precision);
    acb_mul_arb(a, a, of->square, precision);
    acb_addmul(a, cosine, cosine, precision);
    acb_sqrt_analytic(d, a, 1, precision);
    acb_div(d, cosine, d, precision);
    acb_mul_arb(d, d, of->l->a + k, precision);
    gaussian_tail(x, d, y, precision); /* e^{D²/2}Φ(D) */
    acb_mul(x, x, d, precision);
    arb_const_pi(y, precision);
    arb_mul_2exp_si(y, y, 1);
    arb_sqrt(y, y, precision);
    acb_mul_arb(x, x, y, precision);
    acb_add_ui(x, x, 1, precision);
    acb_div(x, x, a, precision);
    arb_mul(y, of->l->a + k, of->l->a + k, precision);
    arb_mul_2exp_si(y, y, -1);
    arb_neg(y, y);
    arb_exp(y, y, precision);
    acb_mul_arb(x, x, y, precision);
    arb_sqrt(y, of->square, precision); /* 1/ε */
    acb_mul_arb(x, x, y, precision);
    arb_const_pi(y, precision);
    arb_mul_2exp_si(y, y, 1);
    acb_div_arb(out, x, y, precision);
    acb_clear(sine);
    acb_clear(cosine);
    acb_clear(a);
    acb_clear(d);
    acb_clear(x);
    arb_clear(y);
}

static void mixed_density(acb_t out, const acb_t theta, const angular *of, slong precision)
{
    acb_t x;
    acb_init(x);
    acb_zero(out);
    for (slong k = 0; k < of->l->K; k++) {
        density(x, theta, of, k, precision);
        acb_addmul_arb(out, x, of->l->weights + k, precision);
    }
    acb_clear(x);
}

static void mean_cosine(acb_t out, acb_srcptr t, void *context, slong precision)
{
    const angular *of = context;
    acb_t x;
    acb_init(x);
    density(out, t, of, of->component, precision);
    acb_cos(x, t, precision);
    acb_mul(out, out, x, precision);
    acb_mul_2exp_si(out, out, 1);
    acb_clear(x);
}

/* kept_density is mixed_density, which where it was asked before is remembered: the inner integrals, at all θ, ask at much the same places. */
static void kept_density(acb_t out, const acb_t phi, angular *of, slong precision)
{
    memory *kept = of->kept;
    size_t at = (size_t)(1e7 * (8 + arf_get_d(arb_midref(acb_realref(phi)), ARF_RND_NEAR)) + 3e9 * (8 + arf_get_d(arb_midref(acb_imagref(phi)), ARF_RND_NEAR)));
    at = at * 2654435761u % KEPT;
    while (kept[at].used && !acb_equal(kept[at].angle, phi))
        at = (at + 1) % KEPT;
    if (!kept[at].used) {
        mixed_density(out, phi, of, precision);
        if (of->count++ > KEPT / 2)
            return;
        kept[at].used = true;
        acb_init(kept[at].angle);
        acb_init(kept[at].density);
        acb_set(kept[at].angle, phi);
        acb_set(kept[at].density, out);
    }
    acb_set(out, kept[at].density);
}

/* neighbour: p(φ)(e^{κ cos(θ − φ)} + e^{κ cos(θ + φ)}), of which ∫_0^π dφ is Z(θ), as p is even. */
static void neighbour(acb_t out, acb_srcptr phi, void *context, slong precision)
{
    angular *of = context;
    acb_t x;
    acb_init(x);
    acb_zero(out);
    for (int i = 0; i < 2; i++) {
        (i ? acb_add : acb_sub)(x, of->theta, phi, precision);
        acb_cos(x, x, precision);
        acb_mul_arb(x, x, of->kappa, precision);
        acb_exp(x, x, precision);
        acb_add(out, out, x, precision);
    }
    kept_density(x, phi, of, precision);
    acb_mul(out, out, x, precision);
    acb_clear(x);
}

/* logarithm_bound: for |Im θ| ≤ b with κ sinh b ≤ 1 all e^{κ cos(θ − φ)} have arguments within ±1, so that Z, their mean, is analytic, of such an argument and between
 * cos(1)e^{−κ cosh b} and e^{κ cosh b} in size: |log Z| ≤ κ cosh b − log cos 1 + 1 < κ cosh b + 1.7. */
static void logarithm_bound(acb_t out, const acb_t theta, const arb_t kappa, slong precision)
{
    arb_t b, x;
    arb_init(b);
    arb_init(x);
    arb_abs(b, acb_imagref(theta));
    arb_get_ubound_arf(arb_midref(b), b, precision);
    mag_zero(arb_radref(b));
    arb_sinh_cosh(x, b, b, precision);
    arb_mul(x, x, kappa, precision);
    arb_sub_ui(x, x, 1, precision);
    if (!arb_is_negative(x))
        acb_indeterminate(out);
    else {
        arb_mul(b, b, kappa, precision);
        arb_add_ui(b, b, 2, precision);
        acb_zero(out);
        arb_add_error(acb_realref(out), b);
        arb_add_error(acb_imagref(out), b);
    }
    arb_clear(b);
    arb_clear(x);
}

/* entropy: 2p(θ) log Z(θ). */
static void entropy(acb_t out, acb_srcptr theta, void *context, slong precision)
{
    angular *of = context;
    acb_t x;
    acb_init(x);
    if (acb_is_real(theta) && !wide(theta)) {
        arb_t low, high;
        arb_init(low);
        arb_init(high);
        arb_const_pi(high, PRECISION);
        acb_set(of->theta, theta);
        box_integral(acb_realref(x), neighbour, of, 1, low, high, of->tolerance, precision);
        acb_log_analytic(out, x, 1, precision);
        arb_clear(low);
        arb_clear(high);
    } else
        logarithm_bound(out, theta, of->kappa, precision);
    mixed_density(x, theta, of, precision);
    acb_mul(out, out, x, precision);
    acb_mul_2exp_si(out, out, 1);
    acb_clear(x);
}

static void outside_value(arb_t out, angular *of, double tolerance)
{
    arb_ptr c = _arb_vec_init(of->l->K), low = _arb_vec_init(1), high = _arb_vec_init(1);
    arb_t x;
    slong precision = 40 - ilogb(tolerance);
    arb_init(x);
    arb_const_pi(high, PRECISION);
    of->tolerance = tolerance;
    of->kept = calloc(KEPT, sizeof *of->kept);
    of->count = 0;
    for (of->component = 0; of->component < of->l->K; of->component++)
        box_integral(c + of->component, mean_cosine, of, 1, low, high, tolerance, precision);
    pairs_product(x, of->l, c);
    arb_mul(x, x, of->kappa, PRECISION);
    box_integral(out, entropy, of, 1, low, high, tolerance, precision);
    arb_sub(out, out, x, PRECISION);
}

/* inside_value: P(u | k) = Φ(a_k); −κ E ff̂ + Σ_f P(f) log(P(f)e^κ + P(−f)e^{−κ}). */
static void inside_value(arb_t out, const line *l, const arb_t kappa)
{
    arb_ptr c = _arb_vec_init(l->K), p = _arb_vec_init(2);
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    for (slong k = 0; k < l->K; k++) {
        probability(x, l->a + k);
        arb_addmul(p, l->weights + k, x, PRECISION);
        arb_mul_2exp_si(x, x, 1);
        arb_sub_ui(c + k, x, 1, PRECISION);
        arb_neg(y, l->a + k);
        probability(x, y);
        arb_addmul(p + 1, l->weights + k, x, PRECISION);
    }
    pairs_product(out, l, c);
    arb_mul(out, out, kappa, PRECISION);
    arb_neg(out, out);
    for (int i = 0; i < 2; i++) {
        arb_exp(x, kappa, PRECISION);
        arb_mul(y, p + i, x, PRECISION);
        arb_inv(x, x, PRECISION);
        arb_addmul(y, p + !i, x, PRECISION);
        arb_log(y, y, PRECISION);
        arb_addmul(out, y, p + i, PRECISION);
    }
}

void check_cosine(const certificate *c)
{
    line l;
    angular of = {.l = &l};
    arb_t outside, inside, noise;
    only(c->object, "claim property statement verdict score temperature noise nodes strip squeeze loss_at_most inside_at_least sha256");
    line_of(&l, c);
    positive(of.kappa, c->object, "temperature");
    arb_inv(of.kappa, of.kappa, PRECISION);
    positive(noise, c->object, "noise");
    arb_init(of.square);
    arb_mul(of.square, noise, noise, PRECISION);
    arb_inv(of.square, of.square, PRECISION);
    arb_init(outside);
    arb_init(inside);
    inside_value(inside, &l, of.kappa);
    acb_init(of.theta);
    fmpq_t most;
    fmpq_init(most);
    number(most, json_object_get(c->object, "loss_at_most"), "loss_at_most");
    for (double tolerance = 1e-7; tolerance > 1e-25; tolerance *= 1e-5) { /* until it is on one side of what is stated */
        arb_t stated;
        arb_init(stated);
        ball(stated, most);
        outside_value(outside, &of, tolerance);
        if (!arb_overlaps(outside, stated))
            break;
    }
    between(c, outside, inside, false);
}
