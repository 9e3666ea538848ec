#include "check.h"

/* Sign networks. Inside every one is a function of Y = sign x₁, whose loss is at least −I(Y; Ŷ). The net takes four values √s(±1 ± ρ), of the signs of two independent
 * Gaussian numbers given the component. */

/* entropy: x log x. */
static void entropy(arb_t out, const arb_t x)
{
    arb_log(out, x, PRECISION);
    arb_mul(out, out, x, PRECISION);
}

/* information: I(Y; Ŷ) = Σ p log p − 2 Σ p_y log p_y. */
static void information(arb_t out, const line *l)
{
    arb_t cell, side, x;
    arb_ptr f = _arb_vec_init(l->K), up = _arb_vec_init(l->K);
    arb_init(cell);
    arb_init(side);
    arb_init(x);
    arb_zero(out);
    for (slong k = 0; k < l->K; k++)
        probability(up + k, l->a + k);
    for (int y = 0; y < 2; y++) {
        arb_zero(side);
        for (slong k = 0; k < l->K; k++) {
            arb_set(x, l->a + k);
            if (y)
                arb_neg(x, x);
            probability(f + k, x);
            arb_addmul(side, l->weights + k, f + k, PRECISION);
        }
        pairs_product(cell, l, f); /* P(Y = Ŷ = y) */
        entropy(x, cell);
        arb_add(out, out, x, PRECISION);
        arb_sub(cell, side, cell, PRECISION); /* P(Y = y ≠ Ŷ) */
        entropy(x, cell);
        arb_add(out, out, x, PRECISION);
        entropy(x, side);
        arb_submul_ui(out, x, 2, PRECISION);
    }
}

/* value: −E f f̂ + Σ_f P(f) log Σ_g P(g) e^{fg}. */
static void value(arb_t out, const line *l, const arb_t noise, const arb_t scale, const arb_t second)
{
    arb_t root, x, y, inner;
    arb_ptr mean = _arb_vec_init(l->K), one = _arb_vec_init(l->K), two = _arb_vec_init(l->K), level = _arb_vec_init(4), chance = _arb_vec_init(4);
    arb_init(root);
    arb_init(x);
    arb_init(y);
    arb_init(inner);
    arb_mul(root, noise, noise, PRECISION);
    arb_add_ui(root, root, 1, PRECISION);
    arb_rsqrt(root, root, PRECISION);
    for (slong k = 0; k < l->K; k++) { /* the two probabilities of +1 */
        arb_mul(x, l->a + k, root, PRECISION);
        probability(one + k, x);
        arb_mul(x, x, noise, PRECISION);
        probability(two + k, x);
    }
    arb_sqrt(root, scale, PRECISION);
    for (int i = 0; i < 4; i++) {
        arb_set_si(x, i & 1 ? -1 : 1);
        (i & 2 ? arb_sub : arb_add)(x, x, second, PRECISION);
        arb_mul(level + i, x, root, PRECISION);
        for (slong k = 0; k < l->K; k++) {
            arb_set(x, one + k);
            if (i & 1) {
                arb_sub_ui(x, x, 1, PRECISION);
                arb_neg(x, x);
            }
            arb_set(y, two + k);
            if (i & 2) {
                arb_sub_ui(y, y, 1, PRECISION);
                arb_neg(y, y);
            }
            arb_mul(x, x, y, PRECISION);
            arb_addmul(mean + k, x, level + i, PRECISION);
            arb_addmul(chance + i, x, l->weights + k, PRECISION);
        }
    }
    pairs_product(out, l, mean);
    arb_neg(out, out);
    for (int i = 0; i < 4; i++) {
        arb_zero(inner);
        for (int j = 0; j < 4; j++) {
            arb_mul(x, level + i, level + j, PRECISION);
            arb_exp(x, x, PRECISION);
            arb_addmul(inner, x, chance + j, PRECISION);
        }
        arb_log(inner, inner, PRECISION);
        arb_addmul(out, chance + i, inner, PRECISION);
    }
}

void check_sign(const certificate *c)
{
    line l;
    fmpq_t x;
    arb_t noise, scale, second, outside, inside;
    const json_t *net = json_object_get(c->object, "net");
    only(c->object, "claim property statement verdict map activation biases net loss_at_most inside_at_least sha256");
    only(net, "noise scale second");
    line_of(&l, c);
    positive(scale, net, "scale");
    fmpq_init(x);
    arb_init(noise);
    arb_init(second);
    arb_init(outside);
    arb_init(inside);
    number(x, json_object_get(net, "noise"), "noise");
    ball(noise, x);
    number(x, json_object_get(net, "second"), "second");
    ball(second, x);
    value(outside, &l, noise, scale, second);
    information(inside, &l);
    arb_neg(inside, inside);
    between(c, outside, inside, true);
}
