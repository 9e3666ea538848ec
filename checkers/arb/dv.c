#include "check.h"

/* Donsker and Varadhan's loss, −E[xᵀMx̂] + log E exp(xᵀMy): the gradient is −T and the mean of sym xyᵀ under the pairs of independent points, weighed by exp(xᵀMy). */
void check_dv(const certificate *c)
{
    plane p;
    fmpq_mat_t n;
    arb_mat_t m, g, one, room;
    arb_t radius;
    tilt t;
    acb_t theta, total, value, x;
    only(c->object, "statement verdict loss basis minimiser witness precision accuracy sha256");
    plane_of(&p, &c->law);
    check_basis(&p, c->object);
    if (decided_exactly(&p, c, (symmetries){.swap = true}))
        return;
    square(n, json_object_get(c->object, "minimiser"), p.s, "minimiser");
    whitened(m, &p, n);
    arb_mat_init(one, p.s, p.s);
    arb_mat_one(one);
    arb_mat_init(room, p.s, p.s);
    for (int sign = 0; sign < 2; sign++) {
        (sign ? arb_mat_add : arb_mat_sub)(room, one, m, PRECISION);
        if (!surely_definite(room))
            refuse("the loss is infinite at the minimiser, which is not between −1 and 1");
    }
    tilt_init(&t, p.s);
    acb_init(theta);
    acb_init(total);
    acb_init(value);
    acb_init(x);
    arb_mat_init(g, p.s, p.s);
    arb_init(radius);
    acb_one(theta);
    tilt_at(&t, m, theta, 1, PRECISION);
    for (slong a = 0; a < p.s; a++)
        for (slong b = 0; b <= a; b++) {
            acb_zero(total);
            acb_zero(value);
            for (slong j = 0; j < p.K; j++)
                for (slong k = 0; k < p.K; k++) {
                    tilt_from(&t, p.means->rows[j], p.means->rows[k], 1, PRECISION);
                    acb_mul_arb(t.weight, t.weight, p.weights + j, PRECISION);
                    acb_mul_arb(t.weight, t.weight, p.weights + k, PRECISION);
                    acb_add(total, total, t.weight, PRECISION);
                    tilt_product(x, &t, a, b, PRECISION);
                    acb_addmul(value, x, t.weight, PRECISION);
                }
            acb_div(value, value, total, PRECISION);
            arb_sub(arb_mat_entry(g, a, b), acb_realref(value), arb_mat_entry(p.T, a, b), PRECISION);
            arb_set(arb_mat_entry(g, b, a), arb_mat_entry(g, a, b));
        }
    norm(radius, g);
    decide(&p, c, m, one, radius);
    say_norm("gradient", g);
}
