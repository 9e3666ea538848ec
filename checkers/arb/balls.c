#include "check.h"

#include <stdio.h>

void ball(arb_t out, const fmpq_t in) { arb_set_fmpq(out, in, PRECISION); }

void balls(arb_mat_t out, const fmpq_mat_t in)
{
    arb_mat_init(out, fmpq_mat_nrows(in), fmpq_mat_ncols(in));
    arb_mat_set_fmpq_mat(out, in, PRECISION);
}

/* surely_definite: Cholesky's factorisation succeeds on balls only if every symmetric matrix in them is positive definite. */
bool surely_definite(const arb_mat_t m)
{
    if (arb_mat_nrows(m) == 0)
        return true;
    arb_mat_t factor;
    arb_mat_init(factor, arb_mat_nrows(m), arb_mat_ncols(m));
    bool definite = arb_mat_cho(factor, m, PRECISION);
    arb_mat_clear(factor);
    return definite;
}

/* scatter: Σ w_k (x_k − about)(x_k − about)ᵀ, x_k the rows of points. */
void scatter(arb_mat_t c, arb_srcptr weights, const arb_mat_t points, arb_srcptr about)
{
    slong K = arb_mat_nrows(points), s = arb_mat_ncols(points);
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    arb_mat_zero(c);
    for (slong k = 0; k < K; k++)
        for (slong i = 0; i < s; i++)
            for (slong j = 0; j < s; j++) {
                arb_sub(x, arb_mat_entry(points, k, i), about + i, PRECISION);
                arb_sub(y, arb_mat_entry(points, k, j), about + j, PRECISION);
                arb_mul(x, x, weights + k, PRECISION);
                arb_addmul(arb_mat_entry(c, i, j), x, y, PRECISION);
            }
    arb_clear(x);
    arb_clear(y);
}

void symmetrise(arb_mat_t m)
{
    for (slong i = 0; i < arb_mat_nrows(m); i++)
        for (slong j = 0; j < i; j++) {
            arb_ptr x = arb_mat_entry(m, i, j), y = arb_mat_entry(m, j, i);
            arb_add(x, x, y, PRECISION);
            arb_mul_2exp_si(x, x, -1);
            arb_set(y, x);
        }
}

/* form: uᵀmv. */
void form(arb_t value, const arb_mat_t m, arb_srcptr u, arb_srcptr v)
{
    arb_t x;
    arb_init(x);
    arb_zero(value);
    for (slong i = 0; i < arb_mat_nrows(m); i++)
        for (slong j = 0; j < arb_mat_ncols(m); j++) {
            arb_mul(x, u + i, arb_mat_entry(m, i, j), PRECISION);
            arb_addmul(value, x, v + j, PRECISION);
        }
    arb_clear(x);
}

void upper(arb_t x)
{
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, x, PRECISION);
    arb_set_arf(x, end);
    arf_clear(end);
}

void lower(arb_t x)
{
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, x, PRECISION);
    arb_set_arf(x, end);
    arf_clear(end);
}

/* norm: an upper bound of the Frobenius norm. */
void norm(arb_t out, const arb_mat_t m)
{
    arb_mat_frobenius_norm(out, m, PRECISION);
    upper(out);
}

/* least: a λ > 0 with m − λ·unit ≻ 0 for all matrices in the balls, about the largest; 0 where none is found. */
void least(arb_t lambda, const arb_mat_t m, const arb_mat_t unit)
{
    arb_mat_t rest;
    arb_t high, middle;
    arb_init(high);
    arb_init(middle);
    arb_mat_init(rest, arb_mat_nrows(m), arb_mat_ncols(m));
    arb_zero(lambda);
    norm(high, m);
    for (int i = 0; i < 120; i++) {
        if (arb_is_zero(lambda)) /* not yet found: down by factors of 16; then halves, of logarithms */
            arb_mul_2exp_si(middle, high, -4);
        else {
            arb_mul(middle, lambda, high, PRECISION);
            arb_sqrt(middle, middle, PRECISION);
            lower(middle);
        }
        arb_mat_scalar_mul_arb(rest, unit, middle, PRECISION);
        arb_mat_sub(rest, m, rest, PRECISION);
        bool definite = surely_definite(rest);
        arb_set(definite ? lambda : high, middle);
        arb_mul_2exp_si(middle, lambda, -9);
        arb_add(middle, middle, lambda, PRECISION);
        if (!arb_is_zero(lambda) && arb_lt(high, middle))
            break;
    }
    arb_mat_clear(rest);
    arb_clear(high);
    arb_clear(middle);
}

/* say_norm prints the ends of an enclosure of a Frobenius norm, outward. */
void say_norm(const char *what, const arb_mat_t m)
{
    arb_t x, low;
    arb_init(x);
    arb_init(low);
    arb_mat_frobenius_norm(x, m, PRECISION);
    if (arb_is_finite(x)) {
        arb_set(low, x);
        lower(low);
        upper(x);
        double least = arf_get_d(arb_midref(low), ARF_RND_DOWN);
        printf("%s: from %.10g to %.10g\n", what, (least > 0 ? least : 0) * (1 - 1e-9), arf_get_d(arb_midref(x), ARF_RND_UP) * (1 + 1e-9));
    }
    arb_clear(x);
    arb_clear(low);
}
